"""What a complaint changes: the study's statement B31, and B32 for complaints."""

import pytest

from publisher.delivery.store.states import DeliveryState
from tests.delivery.feedback.ledger import Ledger
from tests.delivery.feedback.mails import address_of, bounce, complaint

REDACTED = "Original-Rcpt-To: <redacted@there.example>"


def test_b31_who_complains_is_not_written_to_on_any_list(ledger: Ledger) -> None:
    delivery = ledger.sent()
    mail = complaint(REDACTED, message_id=delivery.message_id)
    assert ["complaint"] == ledger.verdicts(mail)
    assert ledger.state(delivery) == "complained"
    assert ledger.suppressed(delivery) == "complaint"
    (kept,) = ledger.inbound()
    assert (kept.kind, kept.verdict, kept.delivery_id) == ("complaint", "complaint", delivery.id)


def test_b31_who_complains_is_believed_if_only_the_address_is_told(ledger: Ledger) -> None:
    delivery = ledger.sent()
    assert ["complaint"] == ledger.verdicts(complaint(f"Original-Rcpt-To: <{delivery.address}>"))
    assert ledger.suppressed(delivery) == "complaint"
    assert ledger.state(delivery) == "sent", "but not what became of a message"


def test_b31_a_recipient_who_is_withheld_is_known_by_the_token(ledger: Ledger) -> None:
    by_field, by_mailbox, by_id = (ledger.sent(f"{each}@there.example") for each in "abc")
    mails = [
        complaint(REDACTED, f"Original-Mail-From: <{address_of(by_field.token)}>"),
        complaint(REDACTED, to=address_of(by_mailbox.token)),
        complaint(REDACTED, message_id=by_id.message_id),
    ]
    assert [["complaint"]] * 3 == [ledger.verdicts(each) for each in mails]
    assert all(map(ledger.suppressed, (by_field, by_mailbox, by_id)))


@pytest.mark.parametrize("kind", ["not-spam", "fraud", "virus", "other", "auth-failure", ""])
def test_b31_other_kinds_are_only_kept(ledger: Ledger, kind: str) -> None:
    delivery = ledger.sent()
    before = ledger.everything()
    mail = complaint(kind=kind, to=address_of(delivery.token))
    assert ["other-complaint"] == ledger.verdicts(mail)
    assert before == ledger.everything()
    assert len(ledger.inbound()) == 1


def test_b31_the_type_in_odd_case(ledger: Ledger) -> None:
    delivery = ledger.sent()
    assert ["complaint"] == ledger.verdicts(complaint(kind="Abuse", to=address_of(delivery.token)))


def test_b32_a_forged_complaint_changes_nothing(ledger: Ledger) -> None:
    delivery = ledger.sent()
    before = ledger.everything()
    named = f"Original-Rcpt-To: <{delivery.address}>"
    assert ["forged"] == ledger.verdicts(complaint(named, to=address_of("f" * 32)))
    nobody = complaint("Original-Rcpt-To: <nobody@else.example>", message_id="x@else.example")
    assert ["unmatched"] == ledger.verdicts(nobody)
    assert before == ledger.everything()


def test_a_complaint_shows_that_a_message_was_sent(ledger: Ledger) -> None:
    delivery = ledger.delivery(ledger.campaign(), state=DeliveryState.UNKNOWN)
    ledger.judge(complaint(to=address_of(delivery.token)))
    assert ledger.events(delivery) == ["delivery-sent", "delivery-complained"]
    kept = ledger.delivery(ledger.campaign("next"), "b@there.example", DeliveryState.UNKNOWN)
    ledger.judge(complaint(kind="not-spam", to=address_of(kept.token), number=2))
    assert ledger.state(kept) == "sent"


def test_a_complaint_weighs_more_than_a_bounce(ledger: Ledger) -> None:
    delivery = ledger.sent()
    ledger.judge(bounce(delivery, "5.2.2"))
    ledger.judge(complaint(to=address_of(delivery.token)))
    assert ledger.events(delivery) == ["delivery-bounced", "delivery-complained"]
    ledger.judge(bounce(delivery, "5.2.2", number=2))
    assert ledger.state(delivery) == "complained"
