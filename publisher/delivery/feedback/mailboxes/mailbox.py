"""What every mailbox can do. None of them ever removes a mail."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail that nobody has read. `place` is where a person finds it.

    `trouble` says why it has no `content`.
    """

    place: str
    key: str
    content: bytes = b""
    trouble: str = ""


class MailboxError(Exception):
    """A mailbox cannot be used; the text says which one and what to do."""


class Mailbox(Protocol):
    """A place that bounces come to. Its methods raise `MailboxError`."""

    def unread(self) -> Iterator[Mail]:
        """The mails that are not marked as read, one after the other."""

    def mark(self, mail: Mail) -> None:
        """Mark a mail as read; nothing if somebody has taken it away meanwhile."""
