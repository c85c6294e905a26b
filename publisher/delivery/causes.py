"""Whose fault it is that a message was not delivered, by RFC 3463 and what servers say."""

import re
from collections.abc import Iterable
from enum import StrEnum
from typing import NamedTuple


class Cause(StrEnum):
    """Why a message was not delivered; from what harms its recipient least to what does most."""

    SENDER_FAULT = "sender-fault"  # they refuse us: never the recipient's fault
    MESSAGE_FAULT = "message-fault"  # too large, or malformed: another message may arrive
    SOFT = "soft"  # not now: a full mailbox, a server that does not answer
    DEAD_ADDRESS = "dead-address"  # nobody is there


class Status(NamedTuple):
    """An enhanced status code (RFC 3463, section 2): class, subject and detail."""

    group: int
    subject: int
    detail: int

    def __str__(self) -> str:
        return f"{self.group}.{self.subject}.{self.detail}"

    @property
    def says_nothing(self) -> bool:
        """Whether it is an "other or undefined" status (RFC 3463, section 3.1), or a success."""
        return self.group == 2 or (self.subject, self.detail) == (0, 0)  # noqa: PLR2004  # RFC 3463


STATUS = re.compile(r"(?<![\d.])([245])\.([0-7])\.(\d{1,3})(?!\d|\.\d)")
"""An enhanced status code in a text, but no part of an IPv4 address or a version."""

DEAD = frozenset({(1, 1), (1, 2), (1, 3), (1, 6), (1, 10), (2, 1)})
"""Subject and detail of a permanent status which says that nobody is there (RFC 7505: 1.10)."""

SENDERS_ADDRESS = frozenset({(1, 7), (1, 8)})
TOO_LARGE = frozenset({(2, 3), (3, 4)})
SECURITY, MESSAGE, PROTOCOL = 7, 6, 5
"""Subjects (RFC 3463, section 3)."""

PERMANENT = 5

REFUSED = re.compile(
    r"\b(spam|block(ed|list)|black ?list|listed|reputation|polic(y|ies)|spf|dkim|dmarc|"
    r"authenticat\w+|not permitted|access denied|rate.?limit|too many)\b",
    re.IGNORECASE,
)
NOT_NOW = re.compile(
    r"\b(quota|mailbox (is )?full|full mailbox|storage|try (again )?later|temporar\w+|timed out|"
    r"greylist\w*)\b",
    re.IGNORECASE,
)
NOBODY = re.compile(
    r"\b(user|mailbox|recipient|address|account) (is )?(unknown|not found|does not exist|"
    r"doesn't exist|unavailable|disabled|invalid)\b|"
    r"\b(unknown|no such|invalid) (local )?(user|mailbox|recipient|address|account)\b|"
    r"\bno mailbox here\b|\bdoes not exist\b|\bdoesn't have an? \S+ account\b",
    re.IGNORECASE,
)
WORDS = (
    (REFUSED, Cause.SENDER_FAULT),
    (NOT_NOW, Cause.SOFT),
    (NOBODY, Cause.DEAD_ADDRESS),
)
"""What replies without a telling status say. The first that fits decides: rather spare one too
many than give one up who is there."""


def statuses_in(text: str) -> tuple[Status, ...]:
    """The enhanced status codes that a text names."""
    return tuple(Status(*map(int, found.groups())) for found in STATUS.finditer(text))


def cause_of(statuses: Iterable[Status], text: str = "", code: int | None = None) -> Cause:
    """Whose fault a failure is.

    `statuses` may contradict each other, as the Status and the Diagnostic-Code of one report do;
    the mildest then counts. Only if none tells anything, `text` and the reply's `code` do.
    """
    telling = [status for status in statuses if not status.says_nothing]
    known = [cause for status in telling if (cause := _cause_of_status(status)) is not None]
    if known:
        return mildest(known)
    if code is not None and code < 500:  # noqa: PLR2004  # RFC 5321, section 4.2.1: transient
        return Cause.SOFT
    return next((cause for words, cause in WORDS if words.search(text)), Cause.SOFT)


def mildest(causes: Iterable[Cause]) -> Cause:
    """The one of several causes (at least one) that harms the recipient least."""
    order = list(Cause)
    return min(causes, key=order.index)


def _cause_of_status(status: Status) -> Cause | None:
    """None for a permanent status that only its text explains, as 5.1.0 and 5.2.0."""
    place = (status.subject, status.detail)
    if status.subject == SECURITY or place in SENDERS_ADDRESS:
        return Cause.SENDER_FAULT
    if status.subject in (MESSAGE, PROTOCOL) or place in TOO_LARGE:
        return Cause.MESSAGE_FAULT
    if status.group != PERMANENT:
        return Cause.SOFT
    if place in DEAD:
        return Cause.DEAD_ADDRESS
    return None if status.detail == 0 and status.subject in (1, 2) else Cause.SOFT
