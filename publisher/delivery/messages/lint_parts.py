"""Looks at the parts of a finished message with a parser that did not make them."""

import re
from collections.abc import Iterator
from email import message_from_bytes
from email.message import Message
from typing import Any

from lxml import html

WEB = re.compile(r"https?://[^\s<>\"“”]+[^\s<>\"“”.,;:]")

LONGEST_LINE = 76
"""Characters of a line in quoted-printable and base64 (RFC 2045, 6.7 and 6.8)."""

Problem = tuple[str, str]


def parts_agree(wire: bytes) -> Iterator[Problem]:
    """Order, encodings and contents of the parts, and names of files (RFC 2045, 2046, 2183)."""
    parts = [part for part in message_from_bytes(wire).walk() if not part.is_multipart()]
    if [part.get_content_type() for part in parts[:2]] != ["text/plain", "text/html"]:
        yield "M301", "the message does not begin with text and HTML"
        return
    for part in parts:
        yield from _encoding(part)
    yield from _addresses(*(_content(part) for part in parts[:2]))
    for part in parts[2:]:
        name = part.get_filename()
        if not name or "/" in name or "\\" in name:
            yield "M304", "a file has no name that can be used"


def _encoding(part: Message) -> Iterator[Problem]:
    kind = part.get_content_type()
    encoding = str(part.get("Content-Transfer-Encoding"))
    if encoding not in ("quoted-printable", "base64"):
        yield "M302", f"{kind} is not encoded"
    if part.get_content_maintype() == "text" and part.get_content_charset() != "utf-8":
        yield "M302", f"{kind} does not name its character set"
    if max(map(len, str(part.get_payload()).splitlines()), default=0) > LONGEST_LINE:
        yield "M302", f"{kind} has a line that is too long for its encoding"


def _addresses(text: str, markup: str) -> Iterator[Problem]:
    """Both say the same addresses of the web: in text as words, in HTML as words and links."""
    tree: Any = html.fromstring(markup) if markup.strip() else None
    if not text.strip() or tree is None or not tree.text_content().strip():
        yield "M301", "a part is empty"
        return
    shown = set(WEB.findall(" ".join(tree.xpath("//body//text()"))))
    linked = {str(address) for address in tree.xpath("//a/@href")}
    if linked | shown != set(WEB.findall(text)):
        yield "M303", "the addresses of text and HTML differ"
    if tree.xpath("//img | //link[@href] | //script | //*[@src or @background]"):
        yield "M303", "the HTML loads something"


def _content(part: Message) -> str:
    octets = part.get_payload(decode=True)
    return octets.decode("utf-8", "replace") if isinstance(octets, bytes) else ""
