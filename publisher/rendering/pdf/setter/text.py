"""Inline text to lines: words of several styles and links, broken where they no longer fit."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from publisher.rendering.pdf.setter.sheet import Style

PIECES = re.compile(r"(\s*)(\S*?\w-(?=\w)|\S+)")
"""A word, or the part of one up to a hyphen, after which a line may end."""


@dataclass(frozen=True, slots=True)
class Word:
    """Text without a space in it. `spaced` says that a space stands before it."""

    text: str
    style: str
    link: str = ""
    spaced: bool = True


@dataclass(frozen=True, slots=True)
class Segment:
    """Words of one style and link that stand together on a line, `x` points from its left."""

    text: str
    style: str
    link: str
    x: float
    width: float


Line = list[Segment]


def words_of(element: Any, style: str, linked: str) -> list[Word]:
    """The words inside an element; those of links have the style `linked`."""
    words: list[Word] = []
    spaced = False
    for text, link in _texts(element):
        for match in PIECES.finditer(text):
            before = spaced or bool(match[1])
            words.append(Word(match[2], linked if link else style, link, before))
            spaced = False
        spaced = spaced or text[-1:].isspace()
    return words


def _texts(element: Any) -> Iterator[tuple[str, str]]:
    """Each piece of text with the link that it stands in."""
    yield element.text or "", ""
    for child in element:
        link = child.get("href", "") if child.tag == "a" else ""
        if link:
            yield "".join(child.itertext()), link
        else:
            yield from _texts(child)
        yield child.tail or "", ""


def lines_of(
    words: Iterable[Word], width: float, styles: Mapping[str, Style], indent: float = 0.0
) -> list[Line]:
    """The words on lines of `width` points; all but the first line are indented."""
    lines: list[Line] = [[]]
    x = 0.0
    for unit in _units(words):
        length = sum(styles[word.style].width(word.text) for word in unit)
        gap = styles[unit[0].style].width(" ") if lines[-1] and unit[0].spaced else 0.0
        if lines[-1] and x + gap + length > width:
            lines.append([])
            x, gap = indent, 0.0
        for word in unit:
            x = _add(lines[-1], word, x + gap, styles, spaced=gap > 0)
            gap = 0.0
    return lines


def _units(words: Iterable[Word]) -> Iterator[list[Word]]:
    """Words that no line break may part, because no space is between them."""
    unit: list[Word] = []
    for word in words:
        if unit and (word.spaced or unit[-1].text.endswith("-")):
            yield unit
            unit = []
        unit.append(word)
    if unit:
        yield unit


def _add(line: Line, word: Word, x: float, styles: Mapping[str, Style], *, spaced: bool) -> float:
    """Put a word at `x`; returns where it ends."""
    end = x + styles[word.style].width(word.text)
    last = line[-1] if line else None
    if last and (last.style, last.link) == (word.style, word.link):
        text = f"{last.text} {word.text}" if spaced else last.text + word.text
        line[-1] = replace(last, text=text, width=end - last.x)
    else:
        line.append(Segment(word.text, word.style, word.link, x, end - x))
    return end
