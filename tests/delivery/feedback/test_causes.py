"""Whose fault a failure is: RFC 3463, and the words of servers that name no status."""

import pytest

from publisher.delivery.causes import Cause, cause_of, mildest, statuses_in

BY_STATUS = {
    Cause.DEAD_ADDRESS: ["5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.1"],
    Cause.SOFT: [
        "5.2.2", "4.2.2", "4.4.1", "4.4.7", "5.4.4", "5.4.6", "4.1.1", "5.0.0", "4.0.0", "5.1.0",
        "5.2.0", "5.3.0", "5.1.4", "4.2.1",
    ],
    Cause.MESSAGE_FAULT: ["5.3.4", "5.6.1", "5.6.7", "4.6.5", "5.2.3", "5.5.2"],
    Cause.SENDER_FAULT: [
        "5.7.1", "5.7.0", "5.7.26", "5.7.515", "4.7.0", "4.7.28", "5.1.8", "4.1.7",
    ],
}  # fmt: skip

BY_WORDS = [
    ("550 No such user here", Cause.DEAD_ADDRESS),
    ("550 Requested action not taken: mailbox unavailable", Cause.DEAD_ADDRESS),
    ("Recipient address rejected: User unknown in virtual mailbox table", Cause.DEAD_ADDRESS),
    ("550 Mailbox full", Cause.SOFT),
    ("552 user over quota", Cause.SOFT),
    ("550 Message refused as spam", Cause.SENDER_FAULT),
    ("550 user unknown; your host is listed in a blocklist", Cause.SENDER_FAULT),
    ("550 rejected because of DMARC policy", Cause.SENDER_FAULT),
    ("550 no", Cause.SOFT),
    ("", Cause.SOFT),
]


@pytest.mark.parametrize(
    ("cause", "status"), [(cause, each) for cause, those in BY_STATUS.items() for each in those]
)
def test_a_status_tells_whose_fault_it_is(cause: Cause, status: str) -> None:
    assert cause_of(statuses_in(status)) is cause


@pytest.mark.parametrize(("text", "cause"), BY_WORDS)
def test_words_decide_where_no_status_does(text: str, cause: Cause) -> None:
    assert cause_of((), text) is cause
    assert cause_of(statuses_in("5.0.0"), text) is cause
    assert cause_of((), text, 450) is Cause.SOFT


def test_statuses_that_contradict_each_other_spare_the_recipient() -> None:
    assert cause_of(statuses_in("5.1.1 5.7.1")) is Cause.SENDER_FAULT
    assert cause_of(statuses_in("5.1.1 5.2.2")) is Cause.SOFT
    assert cause_of(statuses_in("5.0.0 5.1.1")) is Cause.DEAD_ADDRESS


def test_a_status_is_no_part_of_another_number() -> None:
    found = statuses_in("[5.1.1.7] said 550-5.1.1 gone; see Exim 4.96.2, 15.1.1, 2.0.0, 5.1.1111")
    assert list(map(str, found)) == ["5.1.1", "2.0.0"]


def test_the_mildest_cause_harms_the_recipient_least() -> None:
    assert mildest([Cause.DEAD_ADDRESS, Cause.SOFT]) is Cause.SOFT
    assert mildest(reversed(Cause)) is Cause.SENDER_FAULT
