"""A reader from a form, and a form from a reader."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any

from pydantic import ValidationError

from publisher.delivery.web.personal.entered import Entered
from publisher.planning.reader import Reader, reader_problems
from publisher.records.catalogue import Catalogue
from publisher.records.shape import fault_of

SKILL = "skill."
"""Begins the name of a field with the level of a skill."""

PAUSE = "pause"
"""A day of a week off; the field may stand several times."""

TEXTS = ("name", "career", "background", "track", "paper")
DAYS = ("start", "deadline")
LEVELS = {str(level): level for level in range(5)}

FIELD_OF = {"skill": "skills", "pauses": PAUSE}
"""Fields of a reader that are called otherwise in the form."""

Missing = Callable[[str], str]
"""Gives the characters of a text that no font has."""


class ReaderError(ValueError):
    """What is wrong with a form: field to a text, at least one."""

    def __init__(self, errors: Mapping[str, str]) -> None:
        super().__init__("; ".join(errors.values()))
        self.errors = errors


def reader_from(form: Entered, catalogue: Catalogue, missing: Missing) -> Reader:
    """The reader of a form; what is blank takes the default. Raises `ReaderError` with all."""
    errors: dict[str, str] = {}
    data: dict[str, Any] = {name: form.text(name) for name in TEXTS if form.text(name)}
    data |= dict(_parsed(form, errors))
    try:
        reader = Reader.model_validate(data)
    except ValidationError as error:
        raise ReaderError(dict(_refused(error)) | errors) from error
    for field, problem, hint in reader_problems(reader, catalogue):
        errors.setdefault(FIELD_OF.get(field, field), f"{problem}; {hint}" if hint else problem)
    if odd := missing(reader.name or ""):
        shown = ", ".join(f"{c} (U+{ord(c):04X})" for c in odd[:5])
        errors["name"] = f"our fonts do not have {shown}; write the name otherwise"
    if errors:
        raise ReaderError(errors)
    return reader


def fields_of(reader: Reader) -> Iterator[tuple[str, str]]:
    """The fields of a form that says the same as a reader."""
    for name in (*TEXTS, *DAYS):
        value = getattr(reader, name)
        if value:
            yield name, str(value)
    if reader.hours_per_week:
        yield "hours_per_week", f"{reader.hours_per_week:g}"
    for day in reader.pauses:
        yield PAUSE, day.isoformat()
    for skill, level in reader.skills.items():
        yield f"{SKILL}{skill}", str(level)


def _parsed(form: Entered, errors: dict[str, str]) -> Iterator[tuple[str, Any]]:
    """The fields that are not texts; what cannot be read goes to `errors`."""
    if hours := form.text("hours_per_week"):
        try:
            yield "hours_per_week", float(hours)
        except ValueError:
            errors["hours_per_week"] = "give a number, such as 8 or 7.5"
    for name in DAYS:
        if text := form.text(name):
            try:
                yield name, date.fromisoformat(text)
            except ValueError:
                errors[name] = "give a day, such as 2027-01-04"
    try:
        yield "pauses", tuple(dict.fromkeys(map(date.fromisoformat, form.all(PAUSE))))
    except ValueError:
        errors[PAUSE] = "give days, such as 2027-01-04"
    yield "skills", dict(_skills(form, errors))


def _skills(form: Entered, errors: dict[str, str]) -> Iterator[tuple[str, int]]:
    for name, text in form.texts.items():
        if name.startswith(SKILL) and text:
            if text in LEVELS:
                yield name.removeprefix(SKILL), LEVELS[text]
            else:
                errors["skills"] = "choose levels from 0 to 4"


def _refused(error: ValidationError) -> Iterator[tuple[str, str]]:
    for detail in error.errors(include_url=False):
        way = detail["loc"]
        of_key = way[-1] == "[key]"
        key = way[:-1] if of_key else way
        _, text, _ = fault_of(Reader, detail["type"], key, dict(detail), of_key=of_key)
        field = str(way[0])
        # The page names the field beside it, in its own words.
        yield FIELD_OF.get(field, field), text.removeprefix(field).lstrip(": ")
