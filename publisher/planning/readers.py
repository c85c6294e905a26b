"""A file of readers, CSV or JSON Lines: those who can have a guide, and what is wrong with others.

`reader_csv` and `reader_json` say what stands in each line, `reader_check` whether it is a reader.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import PurePath

from publisher.planning.out_names import default_out_name, same_file_key
from publisher.planning.reader import Reader
from publisher.planning.reader_check import checked
from publisher.planning.reader_csv import csv_rows
from publisher.planning.reader_json import json_rows
from publisher.planning.reader_rows import Row, diagnostic, place_after, useless
from publisher.records.catalogue import Catalogue
from publisher.records.diagnostics import DiagnosedError, Diagnostic

STDIN = "<stdin>"
"""The name of standard input in diagnostics; as a path it is -."""

FORMS: dict[str, Callable[[str, str], Iterator[Row]]] = {
    ".csv": csv_rows, ".tsv": csv_rows, ".jsonl": json_rows, ".ndjson": json_rows,
}  # fmt: skip
"""Suffix to what reads such a file."""

BLANK = re.compile(r"\s*+")


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
    name = _shown_name(file)
    lines: list[Line] = []
    found: list[Diagnostic] = []
    content = _decoded(text, name)
    for row in _rows(content, file, name):
        reader = checked(row, catalogue)
        found += row.diagnostics(name)
        if reader:
            out_name = row.values.get("out_name") or default_out_name(reader, catalogue)
            lines.append(Line(row.place[0], reader, out_name, name))
    if not lines and not found:
        empty = _after_blanks(content) == len(content)
        wrong = "the file is empty" if empty else "the file has a header and no reader"
        raise useless(name, "L003", wrong)
    return Readers(tuple(lines), tuple(found))


def unreadable(file: str, error: OSError) -> DiagnosedError:
    """What to raise when `file` cannot be read (L001)."""
    text = f"the file cannot be read: {error.strerror or error}"
    return useless(_shown_name(file), "L001", text, (0, 0))


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


def _shown_name(file: str) -> str:
    # A name that is not UTF-8 must not keep the diagnostic from being printed.
    return STDIN if file == "-" else file.encode(errors="replace").decode()


def _decoded(content: bytes, name: str) -> str:
    try:
        # A spreadsheet may put a byte order mark first; it is no part of the text.
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        place = place_after(error.object[: error.start].decode())
        raise useless(name, "L002", "the file is not UTF-8", place) from None


def _rows(text: str, file: str, name: str) -> Iterator[Row]:
    by_suffix = FORMS.get(PurePath(file).suffix.lower())
    if by_suffix:
        return by_suffix(text, name)
    is_json = text.startswith(("{", "["), _after_blanks(text))
    return (json_rows if is_json else csv_rows)(text, name)


def _after_blanks(text: str) -> int:
    first = BLANK.match(text)
    return first.end() if first else 0
