"""Whatever stands in a figure's file is read or reported; nothing in it is followed."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publisher.records.drawing import read_drawing

HILL = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 460 80">
<title>A
  hill</title>
<desc>A hill with <tspan>a tower</tspan> on it.</desc>
<defs><pattern id="wood" width="6" height="6"><path d="M0 6L6 0" class="hatch"/></pattern></defs>
<!-- the hill -->
<path d="M10 70L230 10L450 70" fill="url(#wood)" class="flow"/>
</svg>
"""


def codes(text: str) -> list[str]:
    return [mistake.code for mistake in read_drawing(text).mistakes]


def test_the_words_of_a_sound_drawing_are_its_data() -> None:
    tree = read_drawing(HILL)
    assert [] == tree.mistakes
    assert {"title": "A hill", "description": "A hill with a tower on it.", "drawing": HILL} == (
        tree.data
    )


def test_a_drawing_without_words_has_no_data() -> None:
    """Else the model would miss the same words a second time."""
    tree = read_drawing(HILL.replace("A\n  hill", ""))
    assert ["R406"] == [mistake.code for mistake in tree.mistakes]
    assert tree.data is None


@pytest.mark.parametrize(
    "text",
    [
        '<!DOCTYPE svg [<!ENTITY a SYSTEM "file:///etc/hostname">]>' + HILL,
        '<!DOCTYPE svg [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>' + HILL,
    ],
)
def test_an_entity_is_never_read(text: str) -> None:
    tree = read_drawing(text.replace("A\n  hill", "&a;"))
    assert ["R407"] == [mistake.code for mistake in tree.mistakes]
    assert tree.data is None


@pytest.mark.parametrize("text", ["", " ", "words", "<svg/>", "<a><b></a>", "<" * 10_000])
def test_what_is_no_drawing_is_reported(text: str) -> None:
    assert codes(text)


def test_the_place_is_where_an_element_begins() -> None:
    """The parser knows the line in which its first tag ends."""
    text = HILL.replace("<!-- the hill -->", '<circle\n  cx="1" cy="1"\n  r="1"\n  style="a"/>')
    (mistake,) = read_drawing(text).mistakes
    assert ("R408", (6, 1)) == (mistake.code, mistake.place)


@given(st.integers(0, len(HILL)), st.integers(0, 8), st.text(max_size=12))
def test_no_slip_of_the_hand_is_a_crash(at: int, length: int, typed: str) -> None:
    text = HILL[:at] + typed + HILL[at + length :]
    tree = read_drawing(text)
    lines = text.split("\n")
    for mistake in tree.mistakes:
        line, column = mistake.place
        assert 1 <= line <= len(lines)
        assert 1 <= column <= len(lines[line - 1]) + 1
    assert tree.mistakes or set(tree.data) == {"title", "description", "drawing"}


def test_figures_are_optional(good: Path) -> None:
    """The good records have none."""
    assert not (good / "figures").exists()
