"""Whether what a line says is a reader who can have a plan."""

from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from publisher.planning.codes import READER_REMEDIES
from publisher.planning.out_names import OUT_NAME
from publisher.planning.reader import Reader, reader_problems
from publisher.planning.reader_rows import Row, shown
from publisher.records.catalogue import Catalogue
from publisher.records.shape import LENGTHS, fault_of
from publisher.records.tree import Key

PROBLEMS = {
    "career": "L206", "background": "L203", "track": "L211", "skill": "L201", "done": "L202",
    "start": "L301", "deadline": "L301",
}  # fmt: skip
"""What `reader_problems` names, and the code of it."""

FOLLOWS = {
    "background": frozenset({"background", "career"}), "track": frozenset({"career"}),
}  # fmt: skip
"""A problem at a field may only follow from mistakes at these fields."""

EXAMPLES = {
    "skills": '{"python": 4}', "done": '["embeddings-basics"]', "pauses": '["2026-11-23"]',
}  # fmt: skip
"""How JSON writes the fields that hold several values."""

ANYWHERE = "anywhere"
"""Stands for the background of a reader who gives none, while their other answers are checked."""


def checked(row: Row, catalogue: Catalogue) -> Reader | None:
    """The reader of a row, or None with every mistake reported in the row."""
    if not row.readable:
        return None
    _check_out_name(row)
    data = {name: value for name, value in row.values.items() if name != "out_name"}
    reader, errors = _validated(data)
    if errors:
        for error in errors:
            _report_error(row, error)
        # What is left of the answers is checked nevertheless, so that all is told at once.
        rest = _without(data, {error["loc"] for error in errors})
        reader, _ = _validated({"background": ANYWHERE, **rest})
    if reader:
        _report_problems(row, reader, catalogue)
    return None if row.mistakes else reader


def _check_out_name(row: Row) -> None:
    name = row.values.get("out_name")
    if name is not None and not (isinstance(name, str) and OUT_NAME.fullmatch(name)):
        row.report("L401", f"out_name cannot be {shown(name)}", "out_name")


def _validated(data: dict[str, Any]) -> tuple[Reader | None, list[ErrorDetails]]:
    try:
        return Reader.model_validate(data), []
    except ValidationError as error:
        return None, error.errors(include_url=False)


def _without(data: dict[str, Any], ways: set[Key]) -> dict[str, Any]:
    """The data without the values, or entries of values, to which `ways` lead."""
    entries = {way[:2] for way in ways}
    rest = {name: value for name, value in data.items() if (name,) not in ways}
    for name, value in rest.items():
        if isinstance(value, dict):
            rest[name] = {k: v for k, v in value.items() if (name, k) not in entries}
        elif isinstance(value, tuple):
            rest[name] = tuple(v for i, v in enumerate(value) if (name, i) not in entries)
    return rest


def _report_error(row: Row, error: ErrorDetails) -> None:
    """Report what the model refuses, in the words that `publisher check` has for it."""
    kind, way, name = error["type"], error["loc"], str(error["loc"][0])
    if kind == "missing":
        if name not in row.spoilt:
            row.report("L102", f"{name} is missing", name)
        return
    of_key = way[-1] == "[key]"
    key = tuple(map(_printable, way[:-1] if of_key else way))
    code, text, hint = fault_of(Reader, kind, key, dict(error), of_key=of_key)
    if not text.startswith(name):
        text = f"{name}: {text}"
    if kind in LENGTHS or kind == "value_error":
        text = f"{text}{row.quoted(error['input'])}"
    if kind in ("tuple_type", "dict_type"):
        hint = f"write it as in {EXAMPLES[name]}"
    same = code.replace("R", "L")
    row.report(same if same in READER_REMEDIES else "L105", text, name, hint or "")


def _printable(part: str | int) -> str | int:
    """A part of a way, as a message can name it."""
    return part if isinstance(part, int) else shown(part)[1:-1]


def _report_problems(row: Row, reader: Reader, catalogue: Catalogue) -> None:
    """Report what the records do not know, and days that no plan can have."""
    for field, problem, hint in reader_problems(reader, catalogue):
        name = "skills" if field == "skill" else field
        if not FOLLOWS.get(name, frozenset()) & row.spoilt:
            row.report(PROBLEMS[field], f"{name}: {problem}", name, hint)
        if name == "career":  # nothing else was looked at; most can be, with another career
            _report_problems(row, reader.model_copy(update={"career": None}), catalogue)
