"""What the page of a plan shows: the form of what a reader said, and the plan that follows."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from publisher.delivery.web.personal.entered import Entered
from publisher.delivery.web.personal.reader_form import PAUSE, SKILL
from publisher.delivery.web.personal.timeline import Timeline, shown, timeline
from publisher.planning import assessment_words as words
from publisher.planning.gap import GapRow, gap
from publisher.planning.plan import Plan, PlannedModule
from publisher.planning.reader import Reader
from publisher.planning.situation import situation
from publisher.records.catalogue import CareerRecords, Catalogue

MOST_PAUSES = 12
"""So many weeks off the form has room for."""

LEVEL_NAMES = ("none", "aware", "working", "independent", "expert")


@dataclass(frozen=True, slots=True)
class SkillField:
    """A skill that counts for the track, and the level that stands in the form ("" is typical)."""

    field: str
    name: str
    typical: int
    chosen: str


@dataclass(frozen=True, slots=True)
class PlanForm:
    """The form: what can be chosen, and what stands in it."""

    records: CareerRecords
    background: str
    from_name: str
    said: Entered
    groups: Mapping[str, tuple[SkillField, ...]]
    errors: Mapping[str, str] = field(default_factory=dict)

    @property
    def track(self) -> str:
        """The track that is chosen."""
        return self.said.text("track") or self.records.paths[self.background].headline.track

    @property
    def pauses(self) -> tuple[str, ...]:
        """The weeks off, with room for more."""
        given = self.said.all(PAUSE)
        return (*given, *[""] * min(2, MOST_PAUSES - len(given)))

    @property
    def own_levels(self) -> int:
        """How many levels the reader has chosen."""
        return sum(bool(each.chosen) for fields in self.groups.values() for each in fields)


def form_of(
    said: Entered, catalogue: Catalogue, errors: Mapping[str, str] | None = None
) -> PlanForm:
    """The form of what was said on a path. Raises `LookupError` if there is no such path."""
    records = catalogue.careers[said.text("career") or next(iter(catalogue.careers))]
    background = said.text("background")
    if background not in records.paths:
        raise LookupError(background)
    known = errors or {}
    track = said.text("track") if said.text("track") in records.career.tracks else None
    here = situation(Reader(career=records.slug, background=background, track=track), catalogue)
    groups: dict[str, list[SkillField]] = {}
    for row in gap(here).rows:
        if row.need:
            groups.setdefault(catalogue.groups[row.group].name, []).append(
                _skill(row, said, catalogue)
            )
    name = catalogue.backgrounds[background].name
    frozen = {group: tuple(fields) for group, fields in groups.items()}
    return PlanForm(records, background, name, said, frozen, known)


def _skill(row: GapRow, said: Entered, catalogue: Catalogue) -> SkillField:
    name = f"{SKILL}{row.skill}"
    return SkillField(name, catalogue.skills[row.skill].name, row.have, said.text(name))


@dataclass(frozen=True, slots=True)
class ModuleRow:
    """A module of the plan, and the days from which to which it is studied."""

    slug: str
    title: str
    hours: float
    first: str
    last: str


@dataclass(frozen=True, slots=True)
class PhaseRow:
    """A phase with its modules."""

    name: str
    aim: str
    hours: float
    milestone: str
    modules: tuple[ModuleRow, ...]


@dataclass(frozen=True, slots=True)
class PlanView:
    """A plan in words. `deadline` is empty if there is none."""

    title: str
    plan: Plan
    start: str
    finish: str
    status: str
    deadline: str
    ways_out: tuple[str, ...]
    unreachable: tuple[str, ...]
    phases: tuple[PhaseRow, ...]
    picture: Timeline | None


def view_of(plan: Plan) -> PlanView:
    """A plan as a page shows it."""
    here = plan.here
    career = here.records.career
    months = plan.months.likely
    finish = shown(plan.finish)
    status = "Nothing is left to learn on this track."
    if plan.weeks:
        status = f"{months} month{'s' * (months != 1)}, until {finish}."
    if plan.deadline and not plan.deadline.fits:
        status = f"{status} That is after your deadline."
    return PlanView(
        title=f"From {here.catalogue.backgrounds[here.reader.background].name} to {career.title}",
        plan=plan,
        start=shown(here.start),
        finish=finish,
        status=status,
        deadline=words.deadline(plan.deadline) if plan.deadline else "",
        ways_out=tuple(words.ways_out(plan)),
        unreachable=tuple(here.catalogue.skills[skill].name for skill in plan.unreachable),
        phases=tuple(_phases(plan)),
        picture=timeline(plan),
    )


def _phases(plan: Plan) -> Iterator[PhaseRow]:
    for each in plan.phases:
        modules = tuple(_module(module, plan) for module in each.modules)
        yield PhaseRow(each.phase.name, each.phase.aim, each.hours, each.phase.milestone, modules)


def _module(module: PlannedModule, plan: Plan) -> ModuleRow:
    first, last = plan.weeks[module.first_week - 1], plan.weeks[module.last_week - 1]
    title = plan.here.catalogue.modules[module.slug].title
    return ModuleRow(module.slug, title, module.hours, shown(first.starts), shown(last.ends))
