"""A file of readers, CSV or JSON Lines: those who can have a guide, and what is wrong with others.

`reader_csv` and `reader_json` say what stands in each line, `reader_check` whether it is a reader.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import PurePath

from publisher.planning.out_names import default_out_name, same_file_key
from publisher.planning.reader import Reader
from publisher.planning.reader_check import checked
from publisher.planning.reader_csv import csv_rows
from publisher.planning.reader_json import json_rows
from publisher.planning.reader_rows import READER_COLUMNS, Columns, Row, diagnostic, useless
from publisher.planning.source import STDIN, Source
from publisher.records.catalogue import Catalogue
from publisher.records.diagnostics import DiagnosedError, Diagnostic

FORMS: dict[str, Callable[[Source, Columns], Iterator[Row]]] = {
    ".csv": csv_rows, ".tsv": csv_rows, ".jsonl": json_rows, ".ndjson": json_rows,
}  # fmt: skip
"""Suffix to what reads such a file."""


@dataclass(frozen=True, slots=True)
class Line:
    """A reader as their line in the file says.

    `number` is the line of `file` where the record begins, from 1; `out_name` the name of the
    copy's files without suffix.
    """

    number: int
    reader: Reader
    out_name: str
    file: str = STDIN


@dataclass(frozen=True, slots=True)
class Readers:
    """The good lines, and the mistakes of all others; both in the order of the file."""

    lines: tuple[Line, ...]
    diagnostics: tuple[Diagnostic, ...]


def read_readers(text: bytes, file: str, catalogue: Catalogue) -> Readers:
    """Read the content of `file` (- for standard input). A bad line does not stop the rest.

    The suffix of `file` tells CSV from JSON Lines, or else its first character does. Raises
    `DiagnosedError` when the file as a whole is of no use: it is not UTF-8 (L002), it has no
    reader (L003), or its header is missing or wrong (L004 and others, at the header).
    """
    source = Source(BytesIO(text), file)
    lines: list[Line] = []
    found: list[Diagnostic] = []
    for row in rows_of(source, READER_COLUMNS):
        reader = checked(row, catalogue)
        found += row.diagnostics(source.name)
        if reader:
            out_name = row.values.get("out_name") or default_out_name(reader, catalogue)
            lines.append(Line(row.place[0], reader, out_name, source.name))
    return Readers(tuple(lines), tuple(found))


def rows_of(source: Source, columns: Columns) -> Iterator[Row]:
    """The lines of a file that say something of a reader, one at a time.

    Raises `DiagnosedError` when the file as a whole is of no use, before it gives a line; which
    findings these are, `read_readers` says.
    """
    source.check()
    first = source.first_character()
    form = FORMS.get(PurePath(source.file).suffix.lower())
    form = form or (json_rows if first in ("{", "[") else csv_rows)
    row = None
    for row in form(source, columns):
        yield row
    if not row:
        wrong = "the file has a header and no reader" if first else "the file is empty"
        raise useless(source.name, "L003", wrong)


def unreadable(file: str, error: OSError) -> DiagnosedError:
    """What to raise when `file` cannot be read (L001)."""
    text = f"the file cannot be read: {error.strerror or error}"
    return useless(Source(BytesIO(), file).name, "L001", text, (0, 0))


def clashes(lines: Iterable[Line]) -> tuple[Diagnostic, ...]:
    """A mistake (L402) for each line whose files are called like those of an earlier one.

    Names are the same that differ only in capitals or in how accents are composed, since some
    file systems hold them for one.
    """
    first: dict[str, Line] = {}
    found = []
    for line in lines:
        earlier = first.setdefault(same_file_key(line.out_name), line)
        if earlier is not line:
            text = f"the files would be called {line.out_name!r}, as those of line {earlier.number}"
            found.append(diagnostic(line.file, "L402", text, (line.number, 1)))
    return tuple(found)
