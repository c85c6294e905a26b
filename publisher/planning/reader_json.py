"""A file of readers as JSON Lines: an object for each reader."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from publisher.planning.cells import LONGEST, numbered_lines
from publisher.planning.reader_rows import Columns, Row, day, number, shown
from publisher.planning.source import Source

BLANK = re.compile(r"[ \t]*+")

DEEPEST = 1
"""No field holds more than a list or an object; what is nested in it is refused unseen."""

NO_KEY = "Expecting property name"
NO_COLON = "Expecting ':'"
NO_COMMA = "Expecting ','"
TOO_DEEP = "Nested too deep"
TEXT_AFTER = "Extra data"

COMPLAINTS = {
    NO_KEY: "a key in double quotes is missing",
    NO_COLON: "a ':' is missing",
    NO_COMMA: "a ',' or a closing bracket is missing",
    TOO_DEEP: "the value is nested too deep",
    TEXT_AFTER: "something follows the object",
    "Expecting value": "a value is missing; texts stand in double quotes",
    "Illegal trailing comma": "a ',' with nothing behind it",
    "Unterminated string": "a text is not closed",
    "Invalid control character": "a control character; write it as an escape",
    "Invalid \\": "a \\ that begins no escape; write \\\\",
}
"""How the parser's complaints, and ours, begin; and the same in an editor's words."""


@dataclass(frozen=True, slots=True)
class Member:
    """A key and its value, where each begins (0 is the first character of the line).

    `repeated` are the keys that stand twice inside the value.
    """

    key: str
    key_at: int
    value: Any
    value_at: int
    repeated: tuple[str, ...]


def json_rows(source: Source, columns: Columns) -> Iterator[Row]:
    """A row for each line; blank lines have none."""
    for line_number, line in numbered_lines(source.pieces()):
        indent = _after_blanks(line, 0)
        if indent < len(line) or len(line) > LONGEST:
            yield _row(line_number, line, indent, columns)


def _row(line_number: int, line: str, indent: int, columns: Columns) -> Row:
    row = Row((line_number, indent + 1), discreet=columns.discreet)
    if len(line) > LONGEST:
        row.refuse(row.place, "L010", f"the line has more than {LONGEST:,} characters")
    elif line[indent] != "{":
        quote = "the line" if row.discreet else shown(line[indent:])
        row.refuse(row.place, "L009", f"{quote} is no object")
    else:
        try:
            for member in ObjectReader(line, indent).members():
                _put(row, member, columns)
        except json.JSONDecodeError as error:
            row.refuse((line_number, error.pos + 1), "L009", _explained(error))
    return row


def _explained(error: json.JSONDecodeError) -> str:
    words = (ours for theirs, ours in COMPLAINTS.items() if error.msg.startswith(theirs))
    return next(words, f"no JSON: {error.msg}")


def _put(row: Row, member: Member, columns: Columns) -> None:
    """Note the value of a member in the type of its field."""
    line, name = row.place[0], member.key
    key_place = line, member.key_at + 1
    if name not in columns.names:
        row.report_at(key_place, "L101", *columns.unknown("key", name))
    elif name in row.places:
        row.spoilt.add(name)
        row.report_at(key_place, "L005", f"key {shown(name)} stands twice")
    else:
        row.places[name] = (line, member.value_at + 1)
        for key in member.repeated:
            row.report("L005", f"{name}: key {shown(key)} stands twice", name)
        if member.value is not None:  # as an empty cell: left out
            row.put(name, _in_type(name, member.value))


def _in_type(name: str, value: Any) -> Any:
    """The value with days, which JSON lacks, where the field wants them."""
    match value:
        case str() if name in ("start", "deadline", "pauses"):
            return day(value)
        case tuple() if name == "pauses":
            return tuple(day(each) if isinstance(each, str) else each for each in value)
        case _:
            return value


class ObjectReader:
    """Reads the JSON object that begins at `at` in a line.

    It walks over the members itself, to know where each begins, and leaves keys and values to
    the JSON decoder.
    """

    def __init__(self, line: str, at: int) -> None:
        self.line, self.at = line, at
        self.repeated: list[str] = []
        self.decoder = json.JSONDecoder(
            object_pairs_hook=self._object, parse_int=number, parse_float=number
        )

    def members(self) -> Iterator[Member]:
        """The members in their order. Raises `json.JSONDecodeError` where it is no JSON."""
        self.at += 1  # the brace
        more = not self._passes("}")
        while more:
            yield self._member()
            more = self._passes(",")
            if not more and not self._passes("}"):
                raise self._refusal(NO_COMMA)
        if self.at < len(self.line):
            raise self._refusal(TEXT_AFTER)

    def _member(self) -> Member:
        if not self.line.startswith('"', self.at):
            raise self._refusal(NO_KEY)
        key_at, key = self.at, self._value()
        if not self._passes(":"):
            raise self._refusal(NO_COLON)
        value_at, value = self.at, self._value()
        repeated, self.repeated = tuple(self.repeated), []
        return Member(key, key_at, value, value_at, repeated)

    def _value(self) -> Any:
        try:
            value, end = self.decoder.raw_decode(self.line, self.at)
        except RecursionError:
            raise self._refusal(TOO_DEEP) from None
        self.at = _after_blanks(self.line, end)
        return _frozen(value, DEEPEST)

    def _object(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key, value in pairs:
            if key in found:
                self.repeated.append(key)
            found[key] = value
        return found

    def _passes(self, sign: str) -> bool:
        """Go over `sign` and the blanks around it, and tell whether it was there."""
        self.at = _after_blanks(self.line, self.at)
        found = self.line.startswith(sign, self.at)
        self.at = _after_blanks(self.line, self.at + len(sign)) if found else self.at
        return found

    def _refusal(self, complaint: str) -> json.JSONDecodeError:
        return json.JSONDecodeError(complaint, self.line, self.at)


def _frozen(value: Any, depth: int) -> Any:
    """Plain data with tuples for lists, as strict fields want them, down to a depth."""
    match value:
        case list():
            return tuple(_frozen(each, depth - 1) for each in value) if depth else ()
        case dict():
            return {key: _frozen(each, depth - 1) for key, each in value.items()} if depth else {}
        case _:
            return value


def _after_blanks(line: str, at: int) -> int:
    found = BLANK.match(line, at)
    return found.end() if found else at
