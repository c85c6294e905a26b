"""What somebody answered in the career assessment, and what is wrong with it."""

from collections.abc import Collection, Iterator
from datetime import date

from pydantic import Field

from publisher.planning.reader import impossible_dates
from publisher.planning.situation import monday_after
from publisher.records.catalogue import Catalogue
from publisher.records.hints import nearest
from publisher.records.models.assessment import UNSURE, Assessment
from publisher.records.tree import Key
from publisher.records.types import Level, Record, Slug, WeeklyHours

Problem = tuple[Key, str, str, str]
"""Where in the answers, code, what is wrong, and a hint."""


class Answers(Record):
    """Answers to the assessment. Every one may be missing; none says who gave them."""

    background: Slug | None = None
    scales: dict[Slug, Level] = Field(default={}, description="Question to the example chosen")
    tasks: dict[Slug, Slug] = Field(default={}, description="Task to the option, or unsure")
    groups: dict[Slug, Level] = Field(default={}, description="Group of skills to its rating")
    skills: dict[Slug, Level] = Field(default={}, description="Single skills, over the groups")
    hours_per_week: WeeklyHours | None = None
    start: date | None = None
    deadline: date | None = None
    goal: Slug | None = None

    def given(self, assessment: Assessment) -> int:
        """How many of the questions have an answer; dates are one question, and so are skills."""
        single = (self.background, self.hours_per_week, self.goal, self.start or self.deadline)
        rated = bool(self.groups or self.skills)
        scales, tasks = self.scales.keys() & assessment.scales, self.tasks.keys() & assessment.tasks
        return sum(each is not None for each in single) + rated + len(scales) + len(tasks)


def answer_problems(answers: Answers, catalogue: Catalogue) -> Iterator[Problem]:
    """What keeps answers from a result: words that the records do not know, impossible days."""
    assessment = assessment_of(catalogue)
    if answers.background is not None:
        known = catalogue.backgrounds
        yield from _unknown("A203", "background", answers.background, known, ("background",))
    if answers.goal is not None:
        yield from _unknown("A204", "goal", answers.goal, assessment.goal.options, ("goal",))
    for slug in answers.scales:
        yield from _unknown("A201", "question", slug, assessment.scales, ("scales", slug))
    for slug, option in answers.tasks.items():
        yield from _unknown("A201", "task", slug, assessment.tasks, ("tasks", slug))
        if slug in assessment.tasks:
            options = (*assessment.tasks[slug].options, UNSURE)
            yield from _unknown("A202", "option", option, options, ("tasks", slug))
    for slug in answers.groups:
        known_groups = assessment.skills.groups
        yield from _unknown("A205", "group of skills", slug, known_groups, ("groups", slug))
    for slug in answers.skills:
        yield from _unknown("A206", "skill", slug, catalogue.skills, ("skills", slug))
    start = answers.start or monday_after(catalogue.publication.date)
    for field, problem, hint in impossible_dates(start, answers.deadline):
        yield (field,), "A301", problem, hint


def assessment_of(catalogue: Catalogue) -> Assessment:
    """The assessment of the records. Raises `LookupError` if they have none."""
    if catalogue.assessment is None:
        raise LookupError("these records have no assessment.yaml")
    return catalogue.assessment


def _unknown(
    code: str, what: str, slug: str, known: Collection[str], key: Key
) -> Iterator[Problem]:
    if slug not in known:
        yield key, code, f"unknown {what} {slug!r}", nearest(slug, known)
