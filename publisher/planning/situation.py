"""A reader seen in the light of the catalogue: every default filled in."""

from dataclasses import dataclass
from datetime import date, timedelta

from publisher.planning.reader import Reader
from publisher.records.catalogue import CareerRecords, Catalogue
from publisher.records.models.career_path import CareerPath


@dataclass(frozen=True, slots=True)
class Situation:
    """Where a reader stands and where they want to go.

    `levels` holds what they know now, modules done included; `stated` the skills whose level
    they gave themselves, `proven` those that a finished module raised.
    """

    reader: Reader
    catalogue: Catalogue
    records: CareerRecords
    track: str
    hours_per_week: float
    start: date
    levels: dict[str, int]
    stated: frozenset[str]
    proven: frozenset[str]

    @property
    def path(self) -> CareerPath:
        """The hand-written path from the reader's background."""
        return self.records.paths[self.reader.background]

    @property
    def targets(self) -> dict[str, int]:
        """Skill to the level that the track needs."""
        needs = self.records.career.needs
        return {skill: need.levels.get(self.track, 0) for skill, need in needs.items()}


def situation(reader: Reader, catalogue: Catalogue) -> Situation:
    """Fill in the defaults of a reader who has no `reader_problems`.

    Track and hours come from the path's headline, the career is the first one, and without a
    start the plan begins on the first Monday after the edition's date: never on today's date,
    so that the same command gives the same guide tomorrow.
    """
    records = catalogue.careers[reader.career or next(iter(catalogue.careers))]
    headline = records.paths[reader.background].headline
    levels = {**catalogue.backgrounds[reader.background].levels, **reader.skills}
    proven = set()
    for slug in reader.done:
        for skill, step in catalogue.modules[slug].teaches.items():
            if step.to > levels.get(skill, 0):
                levels[skill] = step.to
                proven.add(skill)
    return Situation(
        reader=reader,
        catalogue=catalogue,
        records=records,
        track=reader.track or headline.track,
        hours_per_week=reader.hours_per_week or headline.hours_per_week,
        start=reader.start or monday_after(catalogue.publication.date),
        levels=levels,
        stated=frozenset(reader.skills),
        proven=frozenset(proven),
    )


def monday_after(day: date) -> date:
    """The first Monday after `day`."""
    return day + timedelta(days=7 - day.weekday())
