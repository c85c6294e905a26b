"""The plan: what to learn, in which order, when, and whether it fits."""

from dataclasses import dataclass
from datetime import date

from publisher.planning.calendar import Week, calendar
from publisher.planning.deadline import DeadlineAnswer, answer_deadline
from publisher.planning.effort import Months, months_for
from publisher.planning.gap import Gap, gap
from publisher.planning.reader import Reader
from publisher.planning.selection import Need, select
from publisher.planning.situation import Situation, situation
from publisher.records.catalogue import Catalogue
from publisher.records.models.career import Phase

RULE = "2026.1"
"""Version of the planning rule; it is printed in the guide so that a plan can be repeated."""


@dataclass(frozen=True, slots=True)
class PlannedModule:
    """A module of the plan. Weeks are numbers into `Plan.weeks`, from 1."""

    need: Need
    number: int
    first_week: int
    last_week: int

    @property
    def slug(self) -> str:
        """The module's slug."""
        return self.need.module

    @property
    def hours(self) -> float:
        """The hours of the part that this reader needs."""
        return self.need.hours


@dataclass(frozen=True, slots=True)
class PlannedPhase:
    """A phase of the curriculum with the modules of it that this reader needs (never none)."""

    number: int
    phase: Phase
    modules: tuple[PlannedModule, ...]

    @property
    def hours(self) -> float:
        """Hours of study in the phase."""
        return sum(module.hours for module in self.modules)

    @property
    def first_week(self) -> int:
        """The week in which the phase begins."""
        return self.modules[0].first_week

    @property
    def last_week(self) -> int:
        """The week in which the phase ends."""
        return self.modules[-1].last_week


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything that was computed for one reader. Hours are hours of study without buffer."""

    here: Situation
    gap: Gap
    phases: tuple[PlannedPhase, ...]
    weeks: tuple[Week, ...]
    hours: float
    months: Months
    finish: date
    unreachable: tuple[str, ...]
    deadline: DeadlineAnswer | None

    @property
    def modules(self) -> tuple[PlannedModule, ...]:
        """All modules in the order of study."""
        return tuple(module for phase in self.phases for module in phase.modules)


def plan(reader: Reader, catalogue: Catalogue) -> Plan:
    """Plan for a reader who has no `reader_problems`. The same input gives the same plan."""
    return plan_for(situation(reader, catalogue))


def plan_for(here: Situation) -> Plan:
    """Plan for a situation."""
    needs = select(here)
    weeks = _weeks(here, needs)
    hours = sum(need.hours for need in needs)
    deadline = here.reader.deadline
    return Plan(
        here=here,
        gap=gap(here),
        phases=_phases(here, needs, weeks),
        weeks=weeks,
        hours=hours,
        months=months_for(hours, here.hours_per_week),
        finish=weeks[-1].ends if weeks else here.start,
        unreachable=_unreachable(here, needs),
        deadline=answer_deadline(here, deadline) if deadline else None,
    )


def _weeks(here: Situation, needs: tuple[Need, ...]) -> tuple[Week, ...]:
    breaks = here.catalogue.publication.breaks
    return calendar(needs, here.hours_per_week, here.start, breaks, here.reader.pauses)


def _phases(
    here: Situation, needs: tuple[Need, ...], weeks: tuple[Week, ...]
) -> tuple[PlannedPhase, ...]:
    spans: dict[str, tuple[int, int]] = {}
    for week in weeks:
        for share in week.shares:
            first, _ = spans.get(share.module, (week.number, 0))
            spans[share.module] = (first, week.number)
    by_slug = {need.module: need for need in needs}
    phases = []
    for number, phase in enumerate(here.records.career.phases, start=1):
        modules = tuple(
            PlannedModule(by_slug[slug], here.records.numbers[slug], *spans[slug])
            for slug in phase.modules
            if slug in by_slug
        )
        if modules:
            phases.append(PlannedPhase(number, phase, modules))
    return tuple(phases)


def _unreachable(here: Situation, needs: tuple[Need, ...]) -> tuple[str, ...]:
    levels = dict(here.levels)
    for need in needs:
        for gain in need.gains:
            if levels.get(gain.skill, 0) >= gain.start:
                levels[gain.skill] = max(levels.get(gain.skill, 0), gain.to)
    return tuple(s for s, target in here.targets.items() if levels.get(s, 0) < target)
