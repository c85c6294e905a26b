"""Looks at the finished bytes of a message, and not at how they were made."""

import re
from collections.abc import Iterator
from email.utils import getaddresses, parsedate_to_datetime

from publisher.delivery.letter import Message
from publisher.delivery.messages.lint_parts import parts_agree
from publisher.delivery.messages.lists import is_secure
from publisher.records.diagnostics import Diagnostic

ONCE = ("from", "to", "subject", "date", "message-id", "mime-version", "content-type")
AT_MOST_ONCE = (
    "reply-to", "list-id", "list-unsubscribe", "list-unsubscribe-post", "feedback-id",
    "auto-submitted", "sender", "cc", "bcc",
)  # fmt: skip
WORDS = ("from", "to", "reply-to", "subject", "content-type", "content-disposition")
"""Fields that may hold words outside ASCII; in all others an encoded-word stays what it is."""

ENCODED_WORD = re.compile(r"=\?[^?\s]+\?[bBqQ]\?[^?\s]*\?=")
LONGEST_ENCODED_WORD = 75
LONGEST_LINE, FOLDED = 998, 78
MESSAGE_ID = re.compile(r"<[A-Za-z0-9._-]+@[a-z0-9.-]+>")
ONE_URI = re.compile(r"<([^<>, ]+)>(, <mailto:[^<>, ]+>)?")

Problem = tuple[str, str]
Fields = list[tuple[str, str]]
"""Names in lower case, and values as they stand, folded."""


def lint(message: Message) -> list[Diagnostic]:
    """What is wrong with a message; it names no address and quotes no field."""
    head, _, body = message.wire.partition(b"\r\n\r\n")
    fields = _fields(head)
    found = [
        *_lines(message.wire, head, body, needs_utf8=message.needs_utf8),
        *_counts(fields),
        *_encoded_words(fields),
        *_tokens(fields),
        *_list_fields(dict(fields)),
        *parts_agree(message.wire),
    ]
    return [Diagnostic("message", 0, 0, code, text) for code, text in found]


def _fields(head: bytes) -> Fields:
    unfolded = re.split(r"\r\n(?![ \t])", head.decode("utf-8", "replace"))
    return [
        (name.lower(), value.removeprefix(" "))
        for name, _, value in (each.partition(":") for each in unfolded)
    ]


def _lines(wire: bytes, head: bytes, body: bytes, *, needs_utf8: bool) -> Iterator[Problem]:
    """RFC 5322, 2.1.1 and 2.3; RFC 2045, 2.7."""
    ends = wire.count(b"\r\n")
    if not wire.endswith(b"\r\n") or not ends == wire.count(b"\r") == wire.count(b"\n"):
        yield "M101", "a line does not end in CR LF"
    if max(map(len, wire.split(b"\r\n"))) > LONGEST_LINE:
        yield "M102", f"a line has more than {LONGEST_LINE} octets"
    for line in head.split(b"\r\n"):
        # A line can be folded at a space that has words on both of its sides.
        if len(line) > FOLDED and re.search(rb"[^: \t][ \t]+\S", line.lstrip()):
            yield "M102", "a field is not folded"
    if not body.isascii() or not (needs_utf8 or head.isascii()):
        yield "M103", "an octet is above 127"


def _counts(fields: Fields) -> Iterator[Problem]:
    """RFC 5322, 3.6."""
    names = [name for name, _ in fields]
    for name in ONCE:
        if names.count(name) != 1:
            yield "M201", f"{name} stands {names.count(name)} times"
    for name in AT_MOST_ONCE:
        if names.count(name) > 1:
            yield "M201", f"{name} stands {names.count(name)} times"


def _encoded_words(fields: Fields) -> Iterator[Problem]:
    """RFC 2047, sections 2 and 5."""
    for name, value in fields:
        words = ENCODED_WORD.findall(value)
        if any(len(word) > LONGEST_ENCODED_WORD for word in words):
            yield "M202", f"{name} has an encoded-word that is too long"
        if name not in WORDS and "=?" in value:
            yield "M202", f"{name} takes no encoded-word"
        if "=?" in re.sub(rf"(?<!\S){ENCODED_WORD.pattern}(?!\S)", "", value):
            yield "M202", f"{name} has an encoded-word that does not stand alone"


def _tokens(fields: Fields) -> Iterator[Problem]:
    values = dict(fields)
    if not MESSAGE_ID.fullmatch(values.get("message-id", "")):
        yield "M203", "message-id is malformed"
    try:
        parsedate_to_datetime(values.get("date", ""))
    except ValueError:
        yield "M203", "date is malformed"
    if len(getaddresses([values.get("from", "").replace("\r\n", "")])) != 1:
        yield "M203", "from is not one address"


def _list_fields(values: dict[str, str]) -> Iterator[Problem]:
    """RFC 8058, section 3.1."""
    if "list-unsubscribe" not in values:
        if "list-id" in values or "list-unsubscribe-post" in values:
            yield "M204", "a list is named, and no way to leave it"
        return
    address = ONE_URI.fullmatch(values["list-unsubscribe"].replace("\r\n", ""))
    if not address or not is_secure(address[1]):
        yield "M204", "list-unsubscribe is not one https address"
    elif "@" in address[1] or "%40" in address[1]:
        yield "M204", "list-unsubscribe tells an address"
    if values.get("list-unsubscribe-post") != "List-Unsubscribe=One-Click":
        yield "M204", "list-unsubscribe-post is missing or malformed"
    if not values.get("list-id", "").endswith(">"):
        yield "M204", "list-id is missing or malformed"
