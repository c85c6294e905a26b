"""What a mail that came back says, before it is known whom it is about."""

from dataclasses import dataclass
from enum import StrEnum

from publisher.delivery.causes import Cause, Status, cause_of


class Kind(StrEnum):
    """What sort of mail it is."""

    DSN = "dsn"  # RFC 3464, RFC 6533, or a bounce in a form of its own
    COMPLAINT = "complaint"  # RFC 5965
    AUTO_REPLY = "auto-reply"  # RFC 3834
    OTHER = "other"


class Action(StrEnum):
    """What a server has done with a message (RFC 3464, section 2.3.3)."""

    FAILED = "failed"
    DELAYED = "delayed"
    DELIVERED = "delivered"
    RELAYED = "relayed"
    EXPANDED = "expanded"


@dataclass(frozen=True, slots=True)
class Entry:
    """What became of a message for one recipient.

    `recipients` are the original address and what it was rewritten to, where they are told.
    `code` is the SMTP reply's, `text` what the other server said.
    """

    action: Action | None
    recipients: tuple[str, ...]
    statuses: tuple[Status, ...] = ()
    code: int | None = None
    text: str = ""

    @property
    def failed(self) -> bool:
        """Whether it will not arrive."""
        return self.action is Action.FAILED

    @property
    def cause(self) -> Cause:
        """Whose fault it is, if it failed."""
        return cause_of(self.statuses, self.text, self.code)

    @property
    def enhanced(self) -> str | None:
        """The status that decided, or else the first."""
        deciding = (each for each in self.statuses if cause_of((each,), self.text) is self.cause)
        chosen = next((each for each in deciding if not each.says_nothing), None)
        chosen = chosen or next(iter(self.statuses), None)
        return None if chosen is None else str(chosen)


@dataclass(frozen=True, slots=True)
class Report:
    """A mail that came back.

    `senders` are the addresses it came to, and those that the message it is about came from, the
    surest first: a token of ours is in one. `message_ids` are of the message it is about.
    """

    kind: Kind
    senders: tuple[str, ...] = ()
    message_ids: tuple[str, ...] = ()
    entries: tuple[Entry, ...] = ()
    feedback_type: str = ""
    """Of a complaint (RFC 5965, section 7.3), in lower case."""
    recipients: tuple[str, ...] = ()
    """Of a complaint: who complains, unless that is withheld."""
