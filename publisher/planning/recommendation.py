"""What somebody could do next: a path, its first modules, and what would shorten it."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from publisher.planning.answers import Answers, assessment_of
from publisher.planning.effort import months_for
from publisher.planning.plan import Plan, PlannedModule, plan
from publisher.planning.reader import Reader
from publisher.planning.selection import select
from publisher.planning.self_rating import Standing, nearest_background
from publisher.planning.situation import Situation
from publisher.records.catalogue import CareerRecords, Catalogue

FIRST = 3
"""So many modules are named to begin with."""

CANDIDATES = 12
"""Of so many of the widest gaps it is computed what one level more would save."""

BEST = 3
"""So many of those are shown."""

MOST_HOURS = 80.0
"""Hours a week, the most that a reader may state."""


@dataclass(frozen=True, slots=True)
class Shortcut:
    """One change, and the plan that it would give: months, and hours of study without buffer."""

    kind: str
    text: str
    months: int
    hours: float


@dataclass(frozen=True, slots=True)
class Recommendation:
    """A path with its plan. `reader` is what `publisher guide --reader` takes.

    `notes` say what was assumed where something was left open.
    """

    reader: Reader
    plan: Plan
    notes: tuple[str, ...]
    shortcuts: tuple[Shortcut, ...]

    @property
    def first(self) -> tuple[PlannedModule, ...]:
        """The modules to begin with, at most three."""
        return self.plan.modules[:FIRST]


def recommend(
    answers: Answers, standing: Standing, catalogue: Catalogue, career: str, track: str
) -> Recommendation | None:
    """The path to a track; None if nothing is known from which to begin, or no path is written."""
    records = catalogue.careers[career]
    stated = standing.background
    has_path = stated in records.paths
    background = stated if has_path else nearest_background(standing, catalogue, records)
    if background is None:
        return None
    reader = Reader(
        background=background,
        career=career,
        track=track,
        hours_per_week=answers.hours_per_week,
        start=answers.start,
        deadline=answers.deadline,
        skills=_skills(standing, catalogue, records, rated_only=has_path),
    )
    made = plan(reader, catalogue)
    notes = tuple(_notes(answers, standing, made))
    return Recommendation(reader, made, notes, tuple(_shortcuts(made)))


def _skills(
    standing: Standing, catalogue: Catalogue, records: CareerRecords, *, rated_only: bool
) -> dict[str, int]:
    """The levels to state: of the rated skills, or of all if the background is not the own one.

    Only those that a plan can depend on, in the order of the career's needs.
    """
    needed = dict.fromkeys(records.career.needs)
    for slug in records.career.curriculum:
        needed |= dict.fromkeys(catalogue.modules[slug].requires_skills)
    return {s: standing.levels[s] for s in needed if s in standing.rated or not rated_only}


def _notes(answers: Answers, standing: Standing, made: Plan) -> Iterator[str]:
    here = made.here
    name = here.catalogue.backgrounds[here.reader.background].name
    career = here.records.career.title
    if standing.background is None:
        yield (
            f"You named no background; of those with a path, {name} is nearest to your ratings. "
            "What you did not rate counts as 0."
        )
    elif standing.background != here.reader.background:
        own = here.catalogue.backgrounds[standing.background].name
        yield (
            f"No path from {own} to {career} is written yet. The path from {name} is nearest; "
            "the plan counts with your own levels."
        )
    if answers.hours_per_week is None:
        yield f"You named no hours; the plan counts with {here.hours_per_week:g} a week."
    if answers.start is None:
        yield f"You named no start; the plan begins on {here.start}."


def _shortcuts(made: Plan) -> Iterator[Shortcut]:
    yield from _more_hours(made)
    yield from _other_tracks(made)
    yield from _checked_skills(made)


def _more_hours(made: Plan) -> Iterator[Shortcut]:
    here = made.here
    more = assessment_of(here.catalogue).thresholds.more_hours
    hours = min(MOST_HOURS, here.hours_per_week + more)
    months = months_for(made.hours, hours).likely
    if months < made.months.likely:
        text = f"{hours:g} hours a week instead of {here.hours_per_week:g}"
        yield Shortcut("hours", text, months, made.hours)


def _other_tracks(made: Plan) -> Iterator[Shortcut]:
    for track, record in made.here.records.career.tracks.items():
        if track != made.here.track:
            hours, months = _effort(replace(made.here, track=track))
            if months < made.months.likely:
                yield Shortcut("track", f"The {record.name} first", months, hours)


def _checked_skills(made: Plan) -> Iterator[Shortcut]:
    """Skills in which one level more saves most: worth a second look before months are spent."""
    here = made.here
    found: list[Shortcut] = []
    for row in made.gap.open[:CANDIDATES]:
        level = row.have + 1
        hours, months = _effort(replace(here, levels={**here.levels, row.skill: level}))
        if hours < made.hours:
            skill = here.catalogue.skills[row.skill]
            text = f"{skill.name} at level {level}: {skill.levels.at(level)}"
            found.append(Shortcut("skill", text, months, hours))
    yield from sorted(found, key=lambda shortcut: shortcut.hours)[:BEST]


def _effort(here: Situation) -> tuple[float, int]:
    """Hours of study, and the likely months that they take."""
    hours = sum(need.hours for need in select(here))
    return hours, months_for(hours, here.hours_per_week).likely
