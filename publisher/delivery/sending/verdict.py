"""What a reply of the relay means for a message (RFC 5321, section 4.2; RFC 3463)."""

import re
from dataclasses import dataclass
from typing import Literal

from publisher.delivery.causes import cause_of, statuses_in
from publisher.delivery.store.states import DeliveryState

Phase = Literal["connect", "mail", "rcpt", "data"]

QUEUED = re.compile(r"queued as (\S+)", re.IGNORECASE)
ADDRESS = re.compile(r"\S+@\S+")
LONGEST = 500
"""Characters that are kept of a reply."""

CLOSING = 421
"""The server closes the connection (RFC 5321, section 3.8)."""

SECURITY = 7
"""Subject of "security or policy" (RFC 3463, section 3.8), which is also said for "too fast"."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of one attempt; `text` holds no address."""

    state: DeliveryState
    phase: Phase
    code: int | None = None
    enhanced: str | None = None
    text: str = ""
    cause: str = ""
    queue_id: str | None = None

    @property
    def relay_wants_rest(self) -> bool:
        """Whether the relay itself is too busy: it says so before it knows the recipient."""
        later = self.state == DeliveryState.DEFERRED and self.code is not None
        return later and (self.code == CLOSING or self.phase == "mail")

    @property
    def domain_wants_rest(self) -> bool:
        """Whether the recipient's domain finds that we are too fast (4.7.x)."""
        later = self.state == DeliveryState.DEFERRED and not self.relay_wants_rest
        return later and any(
            status.subject == SECURITY for status in statuses_in(self.enhanced or "")
        )


def of_reply(code: int, text: str, phase: Phase, recipient: str) -> Verdict:
    """What a reply to MAIL, RCPT, DATA or to the message's end means.

    A reply that is none leaves a message, before its text is sent, for later.
    """
    said = without_address(text, recipient)
    statuses = [status for status in statuses_in(text) if status.group == code // 100]
    enhanced = str(statuses[0]) if statuses else None
    match code // 100:
        case 2:
            queued = QUEUED.search(text)
            queue_id = queued[1].rstrip(".,;)") if queued else None
            return Verdict(
                DeliveryState.SENT, phase, code, enhanced, said, queue_id=queue_id and queue_id[:80]
            )
        case 5:
            cause = cause_of(statuses, text, code)
            return Verdict(DeliveryState.FAILED, phase, code, enhanced, said, cause)
        case 4:
            return Verdict(DeliveryState.DEFERRED, phase, code, enhanced, said, "asked-to-wait")
    return Verdict(DeliveryState.DEFERRED, phase, text=said, cause="no-answer")


def no_answer(phase: Phase, text: str) -> Verdict:
    """The connection was lost, or the reply was none, before the message's text was sent."""
    return Verdict(DeliveryState.DEFERRED, phase, text=text, cause="no-answer")


def unknown(text: str) -> Verdict:
    """The connection was lost while the text was on its way: only evidence tells what became."""
    return Verdict(DeliveryState.UNKNOWN, "data", text=text, cause="cut-in-data")


def without_address(text: str, recipient: str) -> str:
    """A reply that names nobody, in one line."""
    local = recipient.rpartition("@")[0]
    named = re.compile(rf"(?<!\w){re.escape(local)}(?!\w)", re.IGNORECASE)
    sayable = text.encode("utf-8", "replace").decode()
    printable = "".join(each if each.isprintable() else " " for each in sayable)
    blinded = ADDRESS.sub("<address>", " ".join(printable.split()))
    if local:
        blinded = named.sub("<address>", blinded)
    return blinded[:LONGEST]
