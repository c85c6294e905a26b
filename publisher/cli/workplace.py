"""What most commands need: settings, the catalogue, and the reader from options."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from functools import reduce
from pathlib import Path
from typing import Any, TypeVar

import click
from pydantic import ValidationError
from pydantic_settings import SettingsError

from publisher.planning.reader import Reader, reader_problems
from publisher.records.catalogue import Catalogue
from publisher.records.diagnostics import DiagnosedError
from publisher.records.document import read_document
from publisher.records.validation import validate
from publisher.settings import Settings

F = TypeVar("F", bound=Callable[..., Any])

OPTION_OF = {
    "hours_per_week": "--hours", "skills": "--skill", "pauses": "--pause",
}  # fmt: skip
"""Fields of a reader whose option has another name."""


def settings() -> Settings:
    """The settings. Raises `click.UsageError` when the environment is wrong."""
    try:
        return Settings()
    except ValidationError as error:
        detail = error.errors(include_url=False)[0]
        raise click.UsageError(f"settings: {detail['loc']}: {detail['msg']}") from error
    except SettingsError as error:  # what should be JSON and is none
        raise click.UsageError(f"settings: {error}; write it as JSON") from error


class Assignment(click.ParamType[tuple[str, int]]):
    """`NAME=LEVEL`."""

    name = "NAME=LEVEL"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, int]:
        """The name and the level."""
        name, equals, level = str(value).partition("=")
        if not equals or level not in {"0", "1", "2", "3", "4"}:
            self.fail(f"{value!r} is not like python=3, with a level from 0 to 4", param, ctx)
        return name, int(level)


class Day(click.ParamType[date]):
    """A day as 2027-01-04."""

    name = "DATE"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """The day."""
        try:
            return datetime.strptime(str(value), "%Y-%m-%d").date()  # noqa: DTZ007  # a day only
        except ValueError:
            self.fail(f"{value!r} is no day; write one as 2027-01-04", param, ctx)


READER_OPTIONS = (
    click.option("--name", help="Whom the guide is for."),
    click.option("--career", help="Slug of the career; the first one if left out."),
    click.option("--track", help="Slug of the track; `publisher list paths` shows them. "
                 "The path's own if left out."),
    click.option("--hours", "hours_per_week", type=float, help="Hours of study a week."),
    click.option("--start", type=Day(), help="First day of the plan."),
    click.option("--deadline", type=Day(), help="Day by which it should be done."),
    click.option("--skill", "skills", type=Assignment(), multiple=True,
                 help="Your level in a skill, 0 to 4, for example python=3. Repeat it."),
    click.option("--done", multiple=True, help="A module that you have finished. Repeat it."),
    click.option("--pause", "pauses", type=Day(), multiple=True,
                 help="A day of a week in which you cannot study. Repeat it."),
    click.option("--paper", type=click.Choice(["a4", "letter"]), help="Paper size; a4."),
    click.option("--reader", "reader_file", type=click.Path(path_type=Path, dir_okay=False),
                 help="A YAML file with these answers; options win over it."),
)  # fmt: skip


def reader_options(command: F) -> F:
    """Give a command the options that describe a reader."""
    return reduce(lambda decorated, option: option(decorated), reversed(READER_OPTIONS), command)


def reader_from(
    answers: Mapping[str, Any], records: Catalogue, base: Reader | None = None
) -> Reader:
    """The reader of the command line, over the reader file, over `base`.

    Raises `click.UsageError` (exit status 2) that names the option and what to do.
    """
    given = {key: value for key, value in answers.items() if value not in (None, (), {})}
    file = given.pop("reader_file", None)
    if "skills" in given:
        given["skills"] = dict(given["skills"])
    data = base.model_dump(exclude_defaults=True) if base else {}
    data |= _from_file(file) if file else {}
    given["skills"] = {**data.get("skills", {}), **given.get("skills", {})}
    given["done"] = tuple(dict.fromkeys((*data.get("done", ()), *given.get("done", ()))))
    data |= {key: value for key, value in given.items() if value not in ((), {})}
    if "background" not in data:
        raise click.UsageError("a BACKGROUND is missing; `publisher list backgrounds` lists them")
    reader = _validated(data)
    for field, problem, hint in reader_problems(reader, records):
        raise click.UsageError(f"{_option(field)}: {problem}{f'; {hint}' if hint else ''}")
    return reader


def _from_file(path: Path) -> dict[str, Any]:
    document = read_document(path, str(path))
    if document.data is not None and not document.diagnostics:
        reader = validate(Reader, document)
        if reader is not None:
            return reader.model_dump(exclude_defaults=True)
    raise DiagnosedError(sorted(document.diagnostics))


def _validated(data: dict[str, Any]) -> Reader:
    try:
        return Reader.model_validate(data)
    except ValidationError as error:
        detail = error.errors(include_url=False)[0]
        field = str(detail["loc"][0])
        message = detail["msg"].removeprefix("Value error, ")
        shown = _shortened(str(detail["input"]))
        raise click.UsageError(f"{_option(field)}: {message}, not {shown}") from error


def _shortened(value: str, longest: int = 40) -> str:
    """A value as a message shows it: quoted, escaped, and never a whole page of it."""
    if len(value) <= longest:
        return repr(value)
    return f"{value[:longest]!r} … ({len(value)} characters)"


def _option(field: str) -> str:
    return "BACKGROUND" if field == "background" else OPTION_OF.get(field, f"--{field}")
