"""A letter to one person: what it says, before it is a message. Neither disk nor database."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

Kind = Literal["guide", "handbook", "confirm", "fresh-link", "request"]
"""`guide` and `handbook` belong to a campaign; the others answer what a reader asked for."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that is sent along."""

    filename: str
    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Letter:
    """Everything that one message is made from; the same letter gives the same bytes.

    `message_id` is without angle brackets. `token` makes the envelope sender of this delivery, and
    so brings a bounce back to it. `link` is what the letter is about; `unsubscribe` (https) is
    None for mail that a reader asked for just now. `facts` are further words for the template.
    """

    kind: Kind
    recipient: str
    name: str | None
    message_id: str
    date: datetime
    token: str
    link: str
    unsubscribe: str | None = None
    list_slug: str | None = None
    list_title: str | None = None
    campaign: str | None = None
    facts: Mapping[str, object] = field(default_factory=dict)
    attachments: tuple[Attachment, ...] = ()


@dataclass(frozen=True, slots=True)
class Message:
    """A message as it goes to the relay: `wire` with CRLF, and its envelope."""

    wire: bytes
    sender: str
    recipient: str
    needs_utf8: bool
