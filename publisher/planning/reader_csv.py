"""A file of readers as CSV: a header, then a line for each reader."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

from publisher.planning.cells import LONGEST, Cell, CellLine, CellReader
from publisher.planning.reader_rows import (
    LONGEST_SHOWN,
    Columns,
    Row,
    day,
    number,
    shown,
)
from publisher.planning.source import Source
from publisher.records.diagnostics import DiagnosedError
from publisher.records.hints import did_you_mean
from publisher.records.tree import DECIMAL, WHOLE

DELIMITERS = (",", ";", "\t")

SKILLS = "give each skill a level from 0 to 4, as in python=4;sql=3"


def csv_rows(source: Source, columns: Columns) -> Iterator[Row]:
    """A row for each line below the header; blank lines have none.

    Raises `DiagnosedError` when the header is of no use.
    """
    lines = CellReader(source.pieces(), _delimiter(source, columns)).lines()
    written = (line for line in lines if not line.blank)
    header = next(written, None)
    if header:
        names = _names(header, source.name, columns)
        for line in written:
            yield _row(line, names, columns)


def _delimiter(source: Source, columns: Columns) -> str:
    """The one that makes most fields, or else most cells, of the header."""

    def fitness(delimiter: str) -> tuple[int, int]:
        lines = CellReader(source.pieces(), delimiter).lines()
        header = next((line for line in lines if not line.blank), None)
        names = [cell.text.strip() for cell in header.cells] if header else []
        return len({*names} & {*columns.names}), len(names)

    return max(DELIMITERS, key=fitness)


def _names(header: CellLine, file: str, columns: Columns) -> list[str]:
    """The field of each column."""
    row = _begun(header, columns)
    names = [cell.text.strip() for cell in header.cells]
    if row.readable and not any(_like_a_field(cell, columns) for cell in header.cells):
        quote = "" if columns.discreet else f", {shown(names[0])} …,"
        row.refuse(header.place, "L004", f"the first line{quote} names no field of a reader")
    if row.readable:
        _check_names(row, header.cells, columns)
    if not row.mistakes and columns.required not in names:
        text = f"there is no column {columns.required!r}"
        row.refuse(header.place, "L102", text, "add the column")
    if row.mistakes:
        raise DiagnosedError(list(row.diagnostics(file)))
    return names


def _like_a_field(cell: Cell, columns: Columns) -> bool:
    """True if a header may well have the cell."""
    name = cell.text.strip()[:LONGEST_SHOWN]
    is_json = name.startswith(("{", "["))
    return name in columns.names or (did_you_mean(name, columns.names) != "" and not is_json)


def _check_names(row: Row, cells: tuple[Cell, ...], columns: Columns) -> None:
    seen: dict[str, int] = {}
    for column, cell in enumerate(cells, start=1):
        name = cell.text.strip()
        first = seen.setdefault(name, column)
        if cell.fault:
            row.report_at(cell.place, "L006", f"{cell.fault}{row.quoted(name)}")
        elif not name:
            row.report_at(
                cell.place, "L101", f"column {column} has no name", "name it or remove it"
            )
        elif first < column:
            text = f"column {shown(name)} stands twice, first as column {first}"
            row.report_at(cell.place, "L005", text)
        elif name not in columns.names:
            row.report_at(cell.place, "L101", *columns.unknown("column", name))


def _row(line: CellLine, names: list[str], columns: Columns) -> Row:
    row = _begun(line, columns)
    extra = (f"cell {place}" for place in range(len(names) + 1, len(line.cells) + 1))
    for name, cell in zip((*names, *extra), line.cells, strict=False):
        row.places[name] = cell.place
        if cell.fault:
            row.report("L006", f"{name}: {cell.fault}{row.quoted(cell.text)}", name)
    if row.readable and len(line.cells) != len(names):
        row.readable = False
        if not row.mistakes:  # or else it is wrong quotes that make cells too many or too few
            _report_count(row, line.cells, names)
    if row.readable:
        for name, cell in zip(names, line.cells, strict=True):
            if cell.text.strip() and not cell.fault:
                _put(row, name, cell.text.strip())
    return row


def _begun(line: CellLine, columns: Columns) -> Row:
    row = Row(line.place, discreet=columns.discreet)
    if line.too_long:
        row.refuse(line.place, "L010", f"the line has more than {LONGEST:,} characters")
    return row


def _report_count(row: Row, cells: tuple[Cell, ...], names: list[str]) -> None:
    count = f"the line has {len(cells)} cells, the header {len(names)}"
    if len(cells) > len(names):
        extra = cells[len(names)]
        quote = "this" if row.discreet else shown(extra.text)
        row.refuse(extra.place, "L007", f"{count}; {quote} is one too many")
    else:
        row.refuse(cells[-1].place, "L007", f"{count}; there is none for {names[len(cells)]}")


def _put(row: Row, name: str, text: str) -> None:
    """Note what a cell says in the type of its field."""
    if name == "skills":
        _put_skills(row, _parts(text))
    else:
        parse = PARSERS.get(name)
        row.put(name, parse(text) if parse else text)


def _put_skills(row: Row, parts: tuple[str, ...]) -> None:
    levels: dict[str, int | float | str] = {}
    for part in parts:
        skill, equals, level = (word.strip() for word in part.partition("="))
        if not equals:
            row.report("L103", f"skills: {shown(part)} is not like python=3", "skills", SKILLS)
        elif skill in levels:
            row.report("L005", f"skills: {shown(skill)} stands twice", "skills")
        else:
            levels[skill] = _number(level)
    row.put("skills", levels)


def _number(text: str) -> int | float | str:
    """The number, or the text, which the field refuses, if it is none."""
    return number(text) if WHOLE.fullmatch(text) or DECIMAL.fullmatch(text) else text


def _parts(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(";") if part.strip())


def _days(text: str) -> tuple[date | str, ...]:
    return tuple(map(day, _parts(text)))


PARSERS: dict[str, Callable[[str], Any]] = {
    "hours_per_week": _number, "start": day, "deadline": day, "done": _parts, "pauses": _days,
}  # fmt: skip
"""How to read the cell of a field that is no mere text."""
