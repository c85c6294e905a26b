"""From a letter to its message: bytes that are the same whenever they are made again."""

import hashlib
import re
from collections.abc import Iterator
from datetime import UTC
from email.utils import format_datetime

from publisher.delivery.addresses import Address
from publisher.delivery.letter import Attachment, Letter, Message
from publisher.delivery.messages import headers, parts
from publisher.delivery.messages.identity import Identity
from publisher.delivery.messages.lint import lint
from publisher.delivery.messages.lists import feedback_id, list_headers
from publisher.delivery.messages.templates import Rendered
from publisher.delivery.messages.words import one_line
from publisher.records.diagnostics import DiagnosedError

LARGEST = 10_000_000
"""Octets of a message; many mail servers take no more."""

LINK = re.compile(r"https?://[\x21-\x7e]+")


class TooLargeError(ValueError):
    """The files are too large to be attached; the link alone is to be sent."""


def build(letter: Letter, identity: Identity) -> Message:
    """The message of a letter from `identity`, signed if it has a key.

    Raises `TooLargeError` when the attachments are to be left out, `ValueError` for a letter that
    cannot be written, and `DiagnosedError` should the finished bytes break a rule.
    """
    if letter.date.tzinfo is None:
        raise ValueError("the date of a letter needs a time zone")
    if not LINK.fullmatch(letter.link):
        raise ValueError("the link of a letter is to be an address of the web, in plain ASCII")
    if encoded_size(letter.attachments) > LARGEST:
        raise TooLargeError("the attachments are larger than 10 MB; send the link alone")
    said = identity.templates.render(letter, identity.name, identity.imprint)
    recipient = Address.of(letter.recipient)
    fields = "".join(_fields(letter, identity, said, recipient))
    wire = fields.encode("utf-8" if recipient.needs_utf8 else "ascii") + _body(letter, said)
    if identity.signers:
        wire = identity.signers[0].sign(wire, letter.date)
    message = Message(
        wire, identity.envelope_sender(letter.token), recipient.written, recipient.needs_utf8
    )
    found = lint(message)
    if found:
        raise DiagnosedError(found)
    return message


def encoded_size(attachments: tuple[Attachment, ...]) -> int:
    """About how many octets attachments take in base64, with its ends of lines."""
    return sum(len(each.content) * 78 // 57 for each in attachments)


def _fields(
    letter: Letter, identity: Identity, said: Rendered, recipient: Address
) -> Iterator[str]:
    # A stranger may have given the name that asks for confirmation, so it is not repeated.
    known = letter.name and letter.kind not in ("confirm", "request")
    name = one_line(letter.name) if letter.name and known else None
    yield headers.mailbox("From", identity.name, identity.address)
    yield headers.mailbox("To", name, recipient.written)
    if identity.reply_to:
        yield headers.mailbox("Reply-To", None, identity.reply_to)
    yield headers.text("Subject", said.subject)
    yield headers.plain("Date", format_datetime(letter.date.astimezone(UTC)))
    yield headers.plain("Message-ID", f"<{letter.message_id}>")
    yield from list_headers(letter, identity.domain)
    yield headers.plain("Feedback-ID", feedback_id(letter, identity.domain))
    yield headers.plain("MIME-Version", "1.0")


def _body(letter: Letter, said: Rendered) -> bytes:
    """Text, then HTML (RFC 2046, 5.1.4: the best comes last), then the files."""
    # Neither base64 nor quoted-printable can hold "=_" (RFC 2045, 6.7), so no boundary occurs
    # in a part; made of the letter, it is the same when the letter is sent again.
    boundary = f"=_{hashlib.sha256(letter.message_id.encode()).hexdigest()[:32]}"
    words = [parts.text("plain", said.text), parts.text("html", said.html)]
    body = parts.multipart("alternative", f"{boundary}_a", words)
    if not letter.attachments:
        return body
    return parts.multipart("mixed", boundary, [body, *map(parts.file, letter.attachments)])
