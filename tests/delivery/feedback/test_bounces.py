"""What a bounce changes: the study's statements B28 to B30 and B32 to B34, its table of causes."""

from datetime import timedelta

import pytest

from publisher.delivery.store.states import DeliveryState
from tests.delivery.feedback.ledger import BOUNCES, Ledger
from tests.delivery.feedback.mails import (
    NOBODY,
    QMAIL,
    VACATION,
    address_of,
    bounce,
    dsn,
    fields,
)

ALTERED = "0123456789abcdef0123456789abcdef"

BY_CAUSE = [
    ("5.1.1", "dead-address", "dead-address"),
    ("5.1.10", "dead-address", "dead-address"),
    ("5.2.1", "dead-address", "dead-address"),
    ("5.2.2", "soft", None),
    ("4.2.2", "soft", None),
    ("4.4.7", "soft", None),
    ("5.3.4", "message-fault", None),
    ("5.7.1", "sender-fault", None),
    ("5.7.515", "sender-fault", None),
]


@pytest.mark.parametrize(("status", "verdict", "suppressed"), BY_CAUSE)
def test_a_failure_is_judged_by_whose_fault_it_is(
    ledger: Ledger, status: str, verdict: str, suppressed: str | None
) -> None:
    delivery = ledger.sent()
    assert [verdict] == ledger.verdicts(bounce(delivery, status))
    row = ledger.row(delivery)
    assert (row.state, row.cause, row.enhanced) == (DeliveryState.BOUNCED, verdict, status)
    assert suppressed == ledger.suppressed(delivery)
    assert (verdict == "soft") == bool(ledger.soft_days(delivery))
    (kept,) = ledger.inbound()
    assert (kept.kind, kept.delivery_id, kept.verdict) == ("dsn", delivery.id, verdict)
    assert kept.enhanced == status


def test_what_the_other_server_says_wins_over_a_status_that_says_nothing(ledger: Ledger) -> None:
    delivery = ledger.sent()
    mail = bounce(delivery, "5.0.0", "smtp; 550-5.7.515 Access denied, see DMARC")
    assert ["sender-fault"] == ledger.verdicts(mail)
    row = ledger.row(delivery)
    assert (row.code, row.enhanced) == (550, "5.7.515")
    assert ledger.suppressed(delivery) is None


@pytest.mark.parametrize("action", ["delayed", "relayed", "delivered", "expanded", "Delayed"])
def test_b28_what_has_not_failed_is_no_failure(ledger: Ledger, action: str) -> None:
    delivery = ledger.sent()
    before = ledger.everything()
    mail = dsn(fields(status="4.4.1", action=action), to=address_of(delivery.token))
    assert ["no-failure"] == ledger.verdicts(mail)
    assert before == ledger.everything()


def test_b28_comments_and_odd_case_are_tolerated(ledger: Ledger) -> None:
    delivery = ledger.sent()
    odd = """\
FINAL-recipient : RFC822 ;  (Ada) <ADA@There.Example> (at home)
ACTION: (as we are sorry (truly) to say) Failed
status:  5.1.1  (no such (or no more) user; not 5.7.1)
DIAGNOSTIC-CODE: smtp ; 550 5.1.1
\tUser unknown"""
    mail = dsn(odd, to=address_of(delivery.token).upper(), status_type="Message/Delivery-STATUS")
    assert ["dead-address"] == ledger.verdicts(mail)
    assert "User unknown" in ledger.row(delivery).text


def test_b28_of_several_recipients_each_is_judged_alone(ledger: Ledger) -> None:
    campaign = ledger.campaign()
    names = ("gone", "full", "late", "fine", "cited")
    gone, full, late, fine, cited = (
        ledger.delivery(campaign, f"{name}@there.example") for name in names
    )
    mail = dsn(
        fields(gone.address), fields(full.address, "5.2.2"),
        fields(late.address, "4.4.1", "delayed"), fields(fine.address, "2.0.0", "delivered"),
    )  # fmt: skip
    assert ["dead-address", "soft", "no-failure", "no-failure"] == ledger.verdicts(mail)
    counted = [len(ledger.soft_days(each)) for each in (gone, full, late, fine, cited)]
    assert counted == [1, 1, 0, 0, 0]
    (kept,) = ledger.inbound()
    assert (kept.verdict, kept.delivery_id) == ("several", None)


def test_b28_a_member_of_an_alias_that_is_gone_does_not_take_the_others_along(
    ledger: Ledger,
) -> None:
    delivery = ledger.sent("team@there.example")
    members = fields("one@there.example"), fields("two@there.example", "2.0.0", "delivered")
    mail = dsn(*members, to=address_of(delivery.token))
    assert ["no-failure"] == ledger.verdicts(mail)
    members = fields("one@there.example"), fields("two@there.example", "5.2.2")
    mail = dsn(*members, to=address_of(delivery.token), number=2)
    assert ["soft"] == ledger.verdicts(mail)


def test_b28_of_several_recipients_the_one_we_wrote_to_counts(ledger: Ledger) -> None:
    delivery = ledger.sent()
    entries = fields("other@there.example", "5.2.2"), fields(delivery.address)
    assert ["dead-address"] == ledger.verdicts(dsn(*entries, to=address_of(delivery.token)))


def test_b28_a_report_without_action_is_a_failure_by_its_status(ledger: Ledger) -> None:
    delivery = ledger.sent()
    entry = "Final-Recipient: rfc822; ada@there.example\nStatus: 5.1.1"
    assert ["dead-address"] == ledger.verdicts(dsn(entry, to=address_of(delivery.token)))
    other = ledger.sent("bob@there.example")
    entry = "Final-Recipient: rfc822; bob@there.example\nAction: lost\nStatus: 5.1.1"
    assert ["no-failure"] == ledger.verdicts(dsn(entry, to=address_of(other.token)))


@pytest.mark.parametrize("encoding", ["8bit", "base64"])
def test_b29_a_report_in_utf_8_is_read(ledger: Ledger, encoding: str) -> None:
    delivery = ledger.sent("jörg@there.example")
    entry = f"Final-Recipient: utf-8; {delivery.address}\nAction: failed\nStatus: 5.1.1"
    mail = dsn(entry, status_type="message/global-delivery-status", encoding=encoding)
    assert ["dead-address"] == ledger.verdicts(mail)
    assert ledger.soft_days(delivery)


def test_b29_an_escaped_address_is_read(ledger: Ledger) -> None:
    delivery = ledger.sent("jörg@there.example")
    entry = "Original-Recipient: utf-8; j\\x{F6}rg@there.example\nAction: failed\nStatus: 5.1.1"
    assert ["dead-address"] == ledger.verdicts(dsn(entry))
    assert ledger.soft_days(delivery)


def test_b30_the_token_comes_before_the_message_id_before_the_address(ledger: Ledger) -> None:
    first, second, third = (ledger.sent(f"{each}@there.example") for each in "abc")
    entry = fields(third.address)
    ledger.judge(dsn(entry, to=address_of(first.token), message_id=second.message_id))
    assert [ledger.state(each) for each in (first, second, third)] == ["bounced", "sent", "sent"]
    ledger.judge(dsn(entry, message_id=second.message_id))
    assert [ledger.state(each) for each in (second, third)] == ["bounced", "sent"]
    ledger.judge(dsn(entry, message_id="somebody@else.example"))
    assert [len(ledger.soft_days(each)) for each in (first, second, third)] == [0, 0, 1]


@pytest.mark.parametrize("header", ["Delivered-To", "X-Original-To", "To", "Return-Path"])
def test_b30_the_token_is_found_wherever_a_mailbox_keeps_it(ledger: Ledger, header: str) -> None:
    delivery = ledger.sent()
    mail = dsn(fields("who@else.example"), extra=f"{header}: <{address_of(delivery.token)}>\n")
    assert ["dead-address"] == ledger.verdicts(mail)


def test_b30_the_original_recipient_comes_before_the_final_one(ledger: Ledger) -> None:
    original, final = ledger.sent("old@there.example"), ledger.sent("new@there.example")
    entry = f"Original-Recipient: rfc822;{original.address}\n{fields(final.address)}"
    ledger.judge(dsn(entry))
    assert [len(ledger.soft_days(each)) for each in (original, final)] == [1, 0]


def test_b30_an_address_alone_speaks_only_for_a_delivery_of_late(ledger: Ledger) -> None:
    campaign = ledger.campaign()
    old = ledger.delivery(campaign, "old@there.example", age=timedelta(days=40))
    planned = ledger.delivery(campaign, "new@there.example", DeliveryState.READY)
    for delivery in (old, planned):
        assert ["unmatched"] == ledger.verdicts(dsn(fields(delivery.address)))
        assert ledger.suppressed(delivery) is None


def test_b32_an_address_alone_gives_nobody_up_at_once(ledger: Ledger) -> None:
    delivery = ledger.sent()
    for number in range(5):  # whoever knows an address can write these
        ledger.judge(dsn(fields(delivery.address), number=number))
    assert ledger.suppressed(delivery) is None
    ledger.soft_days(delivery, 1, 2)
    ledger.judge(dsn(fields(delivery.address), number=9))
    assert ledger.suppressed(delivery) == "soft-bounces"


@pytest.mark.parametrize("position", [0, 7, 31])
def test_b32_an_altered_token_changes_nothing(ledger: Ledger, position: int) -> None:
    delivery = ledger.sent()
    token = delivery.token
    other = "0" if token[position] != "0" else "1"
    altered = token[:position] + other + token[position + 1 :]
    before = ledger.everything()
    mail = dsn(fields(delivery.address), to=address_of(altered), message_id=delivery.message_id)
    assert ["forged"] == ledger.verdicts(mail)
    assert before == ledger.everything()


@pytest.mark.parametrize("token", ["", ALTERED, "%00", "x" * 500, "ä", "a b", "' OR 1=1 --"])
def test_b32_a_forged_token_changes_nothing(ledger: Ledger, token: str) -> None:
    delivery = ledger.sent()
    before = ledger.everything()
    assert ["forged"] == ledger.verdicts(dsn(fields(delivery.address), to=address_of(token)))
    assert before == ledger.everything()


def test_b32_a_forged_bounce_about_nothing_of_ours_changes_nothing(ledger: Ledger) -> None:
    ledger.sent()
    before = ledger.everything()
    forged = dsn(fields("nobody@else.example"), message_id="forged@else.example")
    assert ["unmatched"] == ledger.verdicts(forged)
    assert before == ledger.everything()


def test_b32_a_report_that_somebody_forwards_is_none(ledger: Ledger) -> None:
    delivery = ledger.sent()
    before = ledger.everything()
    inner = bounce(delivery).decode()
    mail = f"""\
From: ada@there.example
To: {address_of(delivery.token)}
Content-Type: multipart/mixed; boundary="=_9"

--=_9
Content-Type: message/rfc822

{inner}
--=_9--
"""
    assert ["other"] == ledger.verdicts(mail.encode())
    assert before == ledger.everything()


def test_b34_the_same_bounce_counts_once_by_whatever_way_it_comes(ledger: Ledger) -> None:
    delivery = ledger.sent()
    mail = bounce(delivery, "5.2.2")
    assert ["soft"] == ledger.verdicts(mail)
    before = ledger.everything()
    again = mail.replace(b"Return-Path: <>\n", b"Return-Path: <>\nX-UID: 7\nStatus: RO\n")
    again = again.replace(b"06:05:11 +0000", b"06:07:19\n +0000")
    for each in (mail, mail.replace(b"\n", b"\r\n"), again, mail + b"\n"):
        assert ["known"] == ledger.verdicts(each)
    assert before == ledger.everything()
    assert ["soft"] == ledger.verdicts(bounce(delivery, "5.2.2", number=2))


def test_three_days_in_thirty_on_which_a_mailbox_is_full_are_enough(ledger: Ledger) -> None:
    delivery = ledger.sent()
    ledger.soft_days(delivery, 31, 29)
    for number in (1, 2):  # of today, which is one day
        assert ["soft"] == ledger.verdicts(bounce(delivery, "5.2.2", number=number))
        assert ledger.suppressed(delivery) is None
    assert len(ledger.soft_days(delivery)) == 2, "a day is forgotten after thirty days"
    ledger.soft_days(delivery, 1)
    ledger.judge(bounce(delivery, "4.4.7", number=3))
    assert ledger.suppressed(delivery) == "soft-bounces"


def test_a_delivery_that_bounces_was_sent_after_all(ledger: Ledger) -> None:
    campaign = ledger.campaign(state="done-with-unknown")
    first = ledger.delivery(campaign, "ada@there.example", DeliveryState.UNKNOWN)
    second = ledger.delivery(campaign, "bob@there.example", DeliveryState.UNKNOWN)
    ledger.judge(bounce(first))
    assert ledger.state(first) == "bounced"
    assert ledger.suppressed(first)
    assert ledger.events(first) == ["delivery-sent", "delivery-bounced"]
    assert ledger.campaign_row(campaign).state == "done-with-unknown"
    late = dsn(fields(second.address, "4.4.1", "delayed"), to=address_of(second.token))
    assert ["no-failure"] == ledger.verdicts(late)
    row = ledger.row(second)
    assert (row.state, row.cause) == ("sent", "report"), "a relay that tries has accepted it"
    assert ledger.campaign_row(campaign).state == "done"


@pytest.mark.parametrize("state", ["unknown", "sent", "handoff"])
@pytest.mark.parametrize("status", ["5.1.1", "5.7.26", "2.0.0"])
def test_b32_an_address_alone_does_not_say_what_became_of_a_message(
    ledger: Ledger, state: str, status: str
) -> None:
    delivery = ledger.delivery(ledger.campaign(), state=state)
    action = "delivered" if status == "2.0.0" else "failed"
    ledger.judge(dsn(fields(delivery.address, status, action)))
    assert (state, []) == (ledger.state(delivery), ledger.events(delivery))


def test_a_bounce_waits_until_its_worker_has_written_down_that_it_was_sent(ledger: Ledger) -> None:
    delivery = ledger.delivery(ledger.campaign(), state=DeliveryState.HANDOFF)
    before = ledger.everything()
    assert ["waiting"] == ledger.verdicts(bounce(delivery))
    assert (before, []) == (ledger.everything(), ledger.inbound())


def test_a_bounce_does_not_wait_for_a_worker_that_is_gone(ledger: Ledger) -> None:
    lease = ledger.sent("x@there.example").changed_at - timedelta(minutes=16)
    delivery = ledger.delivery(
        ledger.campaign(), state=DeliveryState.HANDOFF, lease_until=lease, owner="gone"
    )
    assert ["dead-address"] == ledger.verdicts(bounce(delivery))
    assert ledger.row(delivery).owner is None


@pytest.mark.parametrize("state", ["ready", "claimed", "deferred"])
def test_what_bounces_is_not_sent_again(ledger: Ledger, state: str) -> None:
    delivery = ledger.delivery(ledger.campaign(), state=state, owner="worker")
    ledger.judge(bounce(delivery, "4.4.7"))
    row = ledger.row(delivery)
    assert (row.state, row.owner) == ("bounced", None), "so that its worker does not begin"
    assert ledger.campaign_row(delivery.campaign_id).state == "done"


@pytest.mark.parametrize("state", ["failed", "cancelled", "expired", "suppressed", "planned"])
def test_a_bounce_leaves_alone_what_is_decided(ledger: Ledger, state: str) -> None:
    delivery = ledger.delivery(ledger.campaign(), state=state)
    ledger.judge(bounce(delivery, "4.4.7"))
    assert state == ledger.state(delivery)
    assert ledger.soft_days(delivery)


def test_nothing_that_is_kept_tells_the_address(ledger: Ledger) -> None:
    delivery = ledger.sent("ada.lovelace@there.example")
    said = "smtp; 550 5.1.1 <Ada.Lovelace@there.example> gone; no ada.lovelace here; =x@y.example"
    ledger.judge(bounce(delivery, said=said))
    text = ledger.row(delivery).text
    assert text == "550 5.1.1 <<address>> gone; no <name> here; =<address>"
    kept = [*ledger.everything()[2:], [tuple(each) for each in ledger.inbound()]]
    assert "lovelace" not in str(kept)


def test_a_bounce_in_a_form_of_its_own_is_read(ledger: Ledger) -> None:
    by_token, by_id, by_address = (ledger.sent(f"{each}@there.example") for each in "abc")
    forms = [
        {"to": address_of(by_token.token), "recipient": "x@else.example", "message_id": "x@y"},
        {"to": f"x@{BOUNCES}", "recipient": "x@else.example", "message_id": by_id.message_id},
        {"to": f"x@{BOUNCES}", "recipient": by_address.address, "message_id": "x@y"},
    ]
    for form in forms:
        assert ["dead-address"] == ledger.verdicts(QMAIL.format(**form).encode())
    assert all(map(ledger.suppressed, (by_token, by_id)))
    assert ledger.soft_days(by_address)


def test_b33_an_automatic_reply_changes_nothing(ledger: Ledger) -> None:
    delivery = ledger.delivery(ledger.campaign(), state=DeliveryState.UNKNOWN)
    before = ledger.everything()
    mail = VACATION.format(to=address_of(delivery.token)).encode()
    assert ["auto-reply"] == ledger.verdicts(mail)
    assert before == ledger.everything()


def test_b33_a_reply_that_was_not_automatic_is_for_a_person(ledger: Ledger) -> None:
    delivery = ledger.sent()
    mail = VACATION.format(to=address_of(delivery.token)).replace("auto-replied", "No (me)")
    assert ["other"] == ledger.verdicts(mail.encode())
    assert ["other"] == ledger.verdicts(mail.encode()), "also when it is there next time"


def test_the_text_of_a_bounce_decides_where_its_status_is_bare(ledger: Ledger) -> None:
    delivery = ledger.sent()
    assert ["dead-address"] == ledger.verdicts(bounce(delivery, "", NOBODY.replace("5.1.1 ", "")))
    assert ledger.row(delivery).code == 550
