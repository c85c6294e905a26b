"""A chapter of the handbook: one background, all tracks, at the levels that are typical of it."""

from collections.abc import Iterator
from dataclasses import dataclass

from publisher.editions.edition import Section
from publisher.editions.shared import (
    advice_section,
    change_section,
    hurdles_section,
    strengths_section,
)
from publisher.planning.plan import Plan, plan
from publisher.planning.reader import Reader
from publisher.records.catalogue import CareerRecords, Catalogue


@dataclass(frozen=True, slots=True)
class RoadmapRow:
    """A module of the way: hours by track, None where a track does not need it."""

    slug: str
    number: int
    title: str
    hours: tuple[float | None, ...]
    weeks: tuple[int, int] | None
    """First and last week on the first track, or None if that track does not need the module."""


@dataclass(frozen=True, slots=True)
class RoadmapPhase:
    """A phase of the curriculum with the modules that some track needs."""

    number: int
    name: str
    rows: tuple[RoadmapRow, ...]


def path_chapter(
    catalogue: Catalogue,
    records: CareerRecords,
    background: str,
    place: tuple[int, int],
    part: str,
) -> Iterator[Section]:
    """The sections of the chapter on a background. `place` is its number and their count."""
    plans = _plans(catalogue, records, background)
    name = f"From {catalogue.backgrounds[background].name}"
    context = {
        "number": place[0],
        "of": place[1],
        "slug": background,
        "background": catalogue.backgrounds[background],
        "career": records.career,
        "path": records.paths[background],
        "plans": plans,
        "phases": tuple(_phases(catalogue, records, plans)),
        "skills": catalogue.skills,
    }
    yield Section(f"path-{background}", "chapter", context, name, part)
    yield change_section(catalogue, records, background, part, 2)
    yield strengths_section(catalogue, records, background, part, 2)
    gap = {
        "tracks": [records.career.tracks[track] for track in plans],
        "gaps": [each.gap for each in plans.values()],
        "gap": next(iter(plans.values())).gap,
        "skills": catalogue.skills,
        "groups": catalogue.groups,
    }
    yield Section(f"gap-{background}", "path-gap", gap, "The skill gap", part, 2, name)
    yield hurdles_section(catalogue, records, background, part, 2)
    yield advice_section(catalogue, records, background, part, 2)


def _plans(catalogue: Catalogue, records: CareerRecords, background: str) -> dict[str, Plan]:
    """Track to the plan of a typical reader, at the hours of the path's headline."""
    return {
        track: plan(Reader(background=background, career=records.slug, track=track), catalogue)
        for track in records.paths[background].headline.months
    }


def _phases(
    catalogue: Catalogue, records: CareerRecords, plans: dict[str, Plan]
) -> Iterator[RoadmapPhase]:
    by_track = [{module.slug: module for module in each.modules} for each in plans.values()]
    for number, phase in enumerate(records.career.phases, start=1):
        rows = []
        for slug in phase.modules:
            planned = [modules.get(slug) for modules in by_track]
            if not any(planned):
                continue
            first = planned[0]
            rows.append(
                RoadmapRow(
                    slug=slug,
                    number=records.numbers[slug],
                    title=catalogue.modules[slug].title,
                    hours=tuple(module.hours if module else None for module in planned),
                    weeks=(first.first_week, first.last_week) if first else None,
                )
            )
        if rows:
            yield RoadmapPhase(number, phase.name, tuple(rows))
