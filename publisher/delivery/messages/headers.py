"""Header fields as they go over the wire, folded, each by one function for its kind.

The standard library encodes what must stay plain (List-Unsubscribe, when its address is long) and
writes encoded-words that are too long, so nothing here is left to its folding.
"""

import re
from collections.abc import Iterable
from email.header import Header

EOL = "\r\n"
LONGEST_LINE = 998
"""Octets of a line without its end (RFC 5322, section 2.1.1)."""

FOLDED = 78
"""Octets that a line that can be folded has at most (RFC 5322, section 2.1.1)."""

LONGEST_WORD = 60
"""Characters of a word that may stand plain; a longer one could not be folded."""

ENCODED_LINE = 75
"""Octets of a line of encoded-words; RFC 2047, section 2, allows 76, and 75 for each word."""

ATOMS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~ -]*")
"""A phrase that needs no quotes (RFC 5322, section 3.2.3)."""

VISIBLE = re.compile(r"[\x21-\x7e]+(?: [\x21-\x7e]+)*")


def plain(name: str, value: str) -> str:
    """A field that is never encoded or folded, such as Message-ID. Raises `ValueError`."""
    line = f"{name}: {value}"
    if not VISIBLE.fullmatch(value) or len(line) > LONGEST_LINE:
        raise ValueError(f"{name} is to be one short line of ASCII")
    return line + EOL


def uris(name: str, *addresses: str) -> str:
    """A field of addresses in angle brackets (RFC 2369, section 2). Raises `ValueError`.

    They stand as they are, byte for byte: no mail program decodes this field.
    """
    lines = f",{EOL} ".join(f"<{address}>" for address in addresses)
    field = f"{name}: {lines}"
    for address in addresses:
        if not re.fullmatch(r"[\x21-\x7e]+", address) or set(address) & set("<>,"):
            raise ValueError(f"{name} takes addresses of plain ASCII, without spaces")
    if any(len(line) > LONGEST_LINE for line in field.split(EOL)):
        raise ValueError(f"{name} has an address that is longer than a line")
    return field + EOL


def text(name: str, value: str) -> str:
    """A field of free words, as Subject; encoded where it must be (RFC 2047)."""
    if not value:
        raise ValueError(f"{name} is empty")
    if must_be_encoded(value):
        return f"{name}: {_encoded(name, value)}{EOL}"
    return _folded(name, value.split(" "))


def mailbox(name: str, phrase: str | None, address: str) -> str:
    """A field of one mailbox, as From (RFC 5322, section 3.4).

    The address is ASCII, or the message is one that needs SMTPUTF8 (RFC 6532, section 3.2).
    """
    if not phrase:
        return _folded(name, [address])
    if must_be_encoded(phrase):
        start = f"{name}: {_encoded(name, phrase)}"
        room = len(start.rpartition(EOL)[2]) + len(address) + 3 <= FOLDED
        return f"{start}{' ' if room else f'{EOL} '}<{address}>{EOL}"
    if not ATOMS.fullmatch(phrase):
        phrase = '"{}"'.format(re.sub(r'(["\\])', r"\\\1", phrase))
    return _folded(name, [*phrase.split(" "), f"<{address}>"])


def must_be_encoded(value: str) -> bool:
    """Whether a value cannot stand as it is.

    One with `=?` in it could: but a reader of mail would take it for an encoded-word.
    """
    too_long = any(len(word) > LONGEST_WORD for word in value.split(" "))
    return not value.isascii() or "=?" in value or too_long


def _encoded(name: str, value: str) -> str:
    header = Header(value, "utf-8", maxlinelen=ENCODED_LINE, header_name=name)
    return header.encode(linesep=EOL)


def _folded(name: str, words: Iterable[str]) -> str:
    lines = [f"{name}:"]
    for word in words:
        # Nothing is folded right behind the name: some programs take that for an empty field.
        fits = len(lines[-1]) + 1 + len(word) <= FOLDED or lines[-1] == f"{name}:"
        if fits:
            lines[-1] += f" {word}"
        else:
            lines.append(f" {word}")
    return EOL.join(lines) + EOL
