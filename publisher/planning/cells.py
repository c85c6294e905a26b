"""Cells of CSV (RFC 4180) with the place where each begins."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from publisher.records.diagnostics import Place

LONGEST = 100_000
"""So many characters a reader's line may have, and a quoted cell from the line's beginning."""

LINE = re.compile(r"[^\r\n]*+")
BREAK = re.compile(r"\r\n|\r|\n")
QUOTED = re.compile(r'"((?:[^"]++|"")*+)"')

NOT_CLOSED = "a quote is not closed"
TEXT_AFTER = "text follows the closing quote"
BARE_QUOTE = "a quote stands inside a cell that does not begin with one"


@dataclass(frozen=True, slots=True)
class Cell:
    """What a cell says; if its quotes have a `fault`, `text` is all that stands there."""

    text: str
    place: Place
    fault: str = ""


@dataclass(frozen=True, slots=True)
class CellLine:
    """The cells of one line, which goes on in the next while a quote is open."""

    place: Place
    cells: tuple[Cell, ...]
    too_long: bool = False

    @property
    def blank(self) -> bool:
        """True if it says nothing, like the rows of mere delimiters that spreadsheets leave."""
        return not self.too_long and not any(c.fault or c.text.strip() for c in self.cells)


def numbered_lines(pieces: Iterable[str], longest: int = LONGEST) -> Iterator[tuple[int, str]]:
    r"""The lines of a text with their numbers from 1, whatever ends them, one at a time.

    Of a line that has more than `longest` characters only one more is given. No piece of the text
    ends inside a \r\n.
    """
    number, line = 1, ""
    for piece in pieces:
        *ended, rest = BREAK.split(piece)
        for end in ended:
            yield number, (line + end)[: longest + 1]
            number, line = number + 1, ""
        line = (line + rest)[: longest + 1]
    if line:
        yield number, line


class CellReader:
    r"""Reads CSV once from its beginning to its end, and holds little more than one line of it.

    No piece of the text ends inside a \r\n, and no line has more than `longest` characters.
    After a quote that is not closed, or that is closed in a later line with text behind it, the
    mistake is most likely the opening quote; reading goes on in the line after it. No part of
    the text is read more than twice for that: between such an opening quote and the place where
    it was found wrong all quotes stand in pairs, and a cell that begins with a pair ends in the
    line where it began.
    """

    def __init__(self, pieces: Iterable[str], delimiter: str, longest: int = LONGEST) -> None:
        self.pieces, self.delimiter, self.longest = iter(pieces), delimiter, longest
        self.unquoted = re.compile(rf"[^{re.escape(delimiter)}\r\n]*+")
        self.text, self.at, self.line = "", 0, 0
        self._begin_line(0)

    def lines(self) -> Iterator[CellLine]:
        """Every line, blank ones too."""
        while self._read_on():
            yield self._line()
            self._go_to(_end(BREAK, self.text, self.at))

    def _read_on(self) -> bool:
        """At the beginning of a line, read all that can belong to it; False if there is nothing."""
        needed = self.longest + len("\r\n")
        if len(self.text) - self.at < needed:
            ahead = [self.text[self.at :]]
            needed -= len(ahead[0])
            while needed > 0 and (piece := next(self.pieces, None)) is not None:
                ahead.append(piece)
                needed -= len(piece)
            self.text, self.at, self.line_start = "".join(ahead), 0, 0
            self.line_end = _end(LINE, self.text, 0)
        return self.at < len(self.text)

    def _line(self) -> CellLine:
        place, limit, cells = self._place(), self.at + self.longest, list[Cell]()
        while self.line_end <= limit:
            cells.append(self._cell(limit))
            if not self.text.startswith(self.delimiter, self.at):
                return CellLine(place, tuple(cells))
            self.at += 1
        self._pass_line()
        return CellLine(place, (), too_long=True)

    def _pass_line(self) -> None:
        """Go to the end of the line, however far it is."""
        self.at = self.line_end
        while self.at == len(self.text) and self._read_on():
            self.at = self.line_end

    def _cell(self, limit: int) -> Cell:
        if self.text.startswith('"', self.at):
            return self._quoted(limit)
        place, start = self._place(), self.at
        self.at = _end(self.unquoted, self.text, start)
        text = self.text[start : self.at]
        return Cell(text, place, BARE_QUOTE if '"' in text else "")

    def _quoted(self, limit: int) -> Cell:
        place, start = self._place(), self.at
        found = QUOTED.match(self.text, start, limit)
        after = _end(self.unquoted, self.text, found.end()) if found else self.line_end
        if found and after == found.end():
            self._go_to(after)
            return Cell(found[1].replace('""', '"'), place)
        fault = self._text_after(found.end()) if found else NOT_CLOSED
        self.at = min(after, self.line_end)
        return Cell(self.text[start : self.at], place, fault)

    def _text_after(self, end: int) -> str:
        lines = sum(1 for _ in BREAK.finditer(self.text, self.at, end))
        return f"{TEXT_AFTER} in line {self.line + lines}" if lines else TEXT_AFTER

    def _place(self) -> Place:
        return self.line, self.at - self.line_start + 1

    def _go_to(self, at: int) -> None:
        for ending in BREAK.finditer(self.text, self.at, at):
            self._begin_line(ending.end())
        self.at = at

    def _begin_line(self, at: int) -> None:
        self.line, self.line_start = self.line + 1, at
        self.line_end = _end(LINE, self.text, at)


def _end(pattern: re.Pattern[str], text: str, start: int) -> int:
    """Where a match that begins at `start` ends; `start` itself if nothing matches there."""
    found = pattern.match(text, start)
    return found.end() if found else start
