"""Mail as parts. Nothing inside a returned message is looked at but its headers."""

import re
from collections.abc import Iterator
from email.message import Message
from email.parser import BytesHeaderParser, BytesParser
from hashlib import sha256

LONGEST_READ = 262_144
"""Bytes of a mail that are read: a report stands in front of the message that it returns."""

HASHED = LONGEST_READ // 4

TRACE = frozenset({
    b"return-path", b"delivered-to", b"x-original-to", b"envelope-to", b"received", b"x-received",
    b"status", b"x-status", b"x-keywords", b"x-uid", b"content-length", b"lines",
})  # fmt: skip
"""Headers that differ between two copies of one mail, as mail servers and mailboxes add them."""

FIELD = re.compile(rb"^([!-9;-~]+):[^\n]*\n(?:[ \t][^\n]*\n)*", re.MULTILINE)

LONGEST = 2_000
"""Characters of a header or field that are read."""


class Part(Message):
    """A part of a mail, which holds what is of type message/… as it came.

    The standard parser would go on inside it: it reads the standard's delivery-status, but neither
    its form in UTF-8 (RFC 6533) nor one in base64, and it would take a report that somebody has
    forwarded for one that came to us.
    """

    @property
    def kind(self) -> str:
        """The media type in lower case."""
        return super().get_content_type()

    def get_content_type(self) -> str:
        """What the parser goes by."""
        return re.sub(r"^message/", "unopened/", self.kind)

    def text(self) -> str:
        """The decoded content of a part that holds no others."""
        content = self.get_payload(decode=True)
        return content.decode("utf-8", "replace") if isinstance(content, bytes) else ""

    def headers(self, *names: str) -> Iterator[str]:
        """The values of all headers of these names (in lower case): by name, then as they come."""
        for name in names:
            for found, value in self.raw_items():
                if found.lower() == name:
                    raw = str(value).encode("utf-8", "surrogateescape")
                    yield " ".join(raw.decode("utf-8", "replace")[:LONGEST].split())


def parts_of(content: bytes) -> list[Part]:
    """The mail itself and the parts in it, outer ones first. Raises `ValueError` if too deep."""
    try:
        return list(BytesParser(Part).parsebytes(content[:LONGEST_READ]).walk())
    except RecursionError:
        raise ValueError("its parts lie too deep in each other") from None


def headers_of(part: Part) -> Part:
    """The headers of the message that a part returns."""
    content = part.get_payload(decode=True)
    found = content if isinstance(content, bytes) else b""
    return BytesHeaderParser(Part).parsebytes(found.lstrip())


def digest_of(content: bytes) -> str:
    """SHA-256 in hexadecimal, the same for a mail however often and by whatever way it came."""
    text = content[:LONGEST_READ].replace(b"\r\n", b"\n")
    head, gap, body = text.partition(b"\n\n")
    kept = FIELD.sub(lambda field: b"" if field[1].lower() in TRACE else field[0], head + b"\n")
    return sha256((kept + gap + body.rstrip(b"\n"))[:HASHED]).hexdigest()
