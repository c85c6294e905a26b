"""The person whom a guide is for, and what they said of themselves."""

import unicodedata
from collections.abc import Iterator
from datetime import date
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, StringConstraints

from publisher.records.catalogue import Catalogue
from publisher.records.hints import nearest
from publisher.records.types import Level, Record, Slug, WeeklyHours

LONGEST_NAME = 120


def _printable(name: str) -> str:
    """The name in Unicode's composed form and with single spaces.

    Raises `ValueError` when it has characters that cannot be printed.
    """
    bad = next((c for c in name if unicodedata.category(c) in ("Cc", "Cs", "Co", "Cn")), None)
    if bad is not None:
        raise ValueError(f"the character U+{ord(bad):04X} cannot be printed")
    name = " ".join(unicodedata.normalize("NFC", name).split())
    if not name:
        raise ValueError("the name is empty; leave it out for a guide without a name")
    return name


Name = Annotated[
    str, StringConstraints(min_length=1, max_length=LONGEST_NAME), AfterValidator(_printable)
]


class Reader(Record):
    """What a guide is made from. Fields that are None take the career's or the path's default."""

    name: Name | None = None
    email: Annotated[str, StringConstraints(max_length=254)] | None = None
    background: Slug
    career: Slug | None = None
    track: Slug | None = None
    hours_per_week: WeeklyHours | None = None
    start: date | None = None
    deadline: date | None = None
    skills: dict[Slug, Level] = Field(default={}, description="Stated levels, 0 to 4")
    done: tuple[Slug, ...] = Field(default=(), description="Modules that are finished")
    pauses: tuple[date, ...] = Field(default=(), description="A day of each week off")
    paper: Literal["a4", "letter"] = "a4"


def reader_problems(reader: Reader, catalogue: Catalogue) -> Iterator[tuple[str, str, str]]:
    """What keeps `reader` from having a plan: field, problem, and a hint."""
    careers = catalogue.careers
    career_slug = reader.career or next(iter(careers))
    if career_slug not in careers:
        yield "career", f"unknown career {career_slug!r}", nearest(career_slug, list(careers))
        return
    records = careers[career_slug]
    if reader.background not in records.paths:
        known = list(records.paths)
        problem = f"unknown background {reader.background!r}"
        if reader.background in catalogue.backgrounds:
            problem = f"no path from {reader.background!r} to {career_slug!r}"
        yield "background", problem, nearest(reader.background, known)
    if reader.track is not None and reader.track not in records.career.tracks:
        known = list(records.career.tracks)
        yield "track", f"unknown track {reader.track!r}", nearest(reader.track, known)
    for skill in reader.skills:
        if skill not in catalogue.skills:
            yield "skill", f"unknown skill {skill!r}", nearest(skill, list(catalogue.skills))
    for module in reader.done:
        if module not in catalogue.modules:
            yield "done", f"unknown module {module!r}", nearest(module, list(catalogue.modules))
    yield from impossible_dates(reader.start, reader.deadline)


def impossible_dates(start: date | None, deadline: date | None) -> Iterator[tuple[str, str, str]]:
    """Days that no plan can have: field, problem, and a hint."""
    for field, day in (("start", start), ("deadline", deadline)):
        # A plan of one hour a week takes some fifteen years; beyond this, dates overflow.
        if day and not 1970 <= day.year <= 2200:  # noqa: PLR2004
            yield field, f"{day} is out of reach", "give a day between 1970 and 2200"
    if start and deadline and deadline <= start:
        hint = "give a deadline after the start"
        yield "deadline", f"{deadline} is not after the start {start}", hint
