"""Parts come out of another parser as they went in, in short lines of seven bits."""

from email import message_from_bytes

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from publisher.delivery.letter import Attachment
from publisher.delivery.messages import parts

LINES = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\r"), max_size=300)


def sound(part: bytes) -> bool:
    lines = part.split(b"\r\n")
    return part.isascii() and max(map(len, lines)) <= 78 and b"\n" not in b"".join(lines)


@given(LINES)
@settings(deadline=None)
def test_any_text_comes_through(content: str) -> None:
    part = parts.text("plain", content)
    assert sound(part)
    read = message_from_bytes(part).get_payload(decode=True)
    assert isinstance(read, bytes)
    assert content.rstrip("\n") == read.decode("utf-8").replace("\r\n", "\n").rstrip("\n")


@pytest.mark.parametrize(
    "content", ["x" * 500, "ü" * 500, " " * 200, ".\n.\n", "From here\n", "a \nb\t"]
)
def test_long_lines_and_spaces_at_their_ends(content: str) -> None:
    """A single line is broken by CR LF, too; no space stands at an end, where relays cut it."""
    part = parts.text("html", content)
    assert sound(part)
    assert not any(line.endswith((b" ", b"\t")) for line in part.split(b"\r\n"))


@given(st.binary(max_size=400))
@settings(deadline=None)
def test_any_file_comes_through(content: bytes) -> None:
    part = parts.file(Attachment("a.pdf", "application/pdf", content))
    assert sound(part)
    read = message_from_bytes(part)
    assert (content, "a.pdf") == (read.get_payload(decode=True), read.get_filename())


def test_parts_together() -> None:
    whole = parts.multipart("mixed", "=_x", [parts.text("plain", "a"), parts.text("html", "b")])
    read = message_from_bytes(whole)
    assert not read.defects
    assert ["text/plain", "text/html"] == [each.get_content_type() for each in read.get_payload()]
