"""The texts of front matter and of YAML records."""

import re
from collections.abc import Iterator
from typing import Any

from publisher.records.checks.passage import Passage, line_starts, passage_of
from publisher.records.entries import Entry
from publisher.records.models.library import Resources, Sources
from publisher.records.tree import Key
from publisher.records.types import Record

NAMES = frozenset({
    "aliases", "author", "code", "country", "currency", "family", "licence", "name", "occupation",
    "part", "plural", "publisher", "term", "written_in",
})  # fmt: skip
"""Keys whose texts are names, or say what a work calls its parts."""

WORKS = frozenset({Resources, Sources})
"""Their titles are names, too."""

DOUBLE = re.compile(r'"((?:[^"\\]|\\.)*+)"', re.DOTALL)
SINGLE = re.compile(r"'((?:[^']|'')*+)'")
MARKS = re.compile(r"(?:&\S+\s+)?(?:[|>][-+0-9]*\s+)?")
"""What may stand before a text that is not quoted."""


def values(entry: Entry[Record]) -> Iterator[Passage]:
    """Each text of the data in which a sentence may stand."""
    document = entry.document
    starts = line_starts(document.text)
    for key, value in _texts(document.data, ()):
        if _is_name(entry, key, value):
            continue
        line, column = document.place(key)
        span = _span(document.text, starts[line - 1] + column - 1, value)
        if span:
            # An escaped quotation mark is one sign for the reader, and stays two for the columns.
            written = document.text[slice(*span)].replace('\\"', '""')
            yield passage_of("question" if key[-1] == "question" else "value", span[0], written)


def _texts(data: Any, key: Key) -> Iterator[tuple[Key, str]]:
    if isinstance(data, str):
        yield key, data
    elif isinstance(data, dict):
        for name, value in data.items():
            yield from _texts(value, (*key, name))
    elif isinstance(data, tuple):
        for number, value in enumerate(data):
            yield from _texts(value, (*key, number))


def _is_name(entry: Entry[Record], key: Key, value: str) -> bool:
    words = [part for part in key if isinstance(part, str)]
    if not words or words[-1] in NAMES or " " not in value.strip():
        return True
    return words[-1] == "title" and entry.model in WORKS


def _span(text: str, begin: int, value: str) -> tuple[int, int] | None:
    """Where a value is written, without its quotes; None for one that stands elsewhere (*alias)."""
    if text.startswith(value, begin):
        return begin, begin + len(value)
    marks = MARKS.match(text, begin)
    begin = marks.end() if marks else begin
    for quoted in (DOUBLE, SINGLE):
        if match := quoted.match(text, begin):
            return match.span(1)
    lines = re.compile(r"\s+".join(map(re.escape, value.split()))).match(text, begin)
    return lines.span() if lines else None
