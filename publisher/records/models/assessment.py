"""The career assessment: its questions, and how much each answer weighs for which track.

Weights and thresholds are judgements of the editors. `basis` says so beside each set of them, so
that nobody takes one for a measurement.
"""

from typing import Annotated, Literal

from pydantic import Field

from publisher.records.types import Level, Record, Slug, Text

Per100 = Annotated[int, Field(ge=0, le=100)]
"""A share or a score, in per cent."""

Weight = Annotated[int, Field(ge=0, le=10)]
"""How often an answer counts in the mean of its dimension; 0 leaves it out."""

Basis = Literal["editorial", "measured"]
"""Where a weight or threshold comes from."""

FiveLevels = Annotated[tuple[Text, ...], Field(min_length=5, max_length=5)]
"""What a person at each level 0 to 4 does, by a concrete example."""

TaskOptions = Annotated[dict[Slug, Text], Field(min_length=2, max_length=5)]


UNSURE = "unsure"
"""The option that every task offers beside its own."""

OTHERS = 5
"""Questions beside scales and tasks: background, skills, hours, dates and goal."""


class Topic(Record):
    """A dimension of the score, and in one sentence what it stands for."""

    name: Text
    summary: Text


class Dimensions(Record):
    """The four parts of the score, in the order in which they are shown."""

    interest: Topic
    style: Topic
    aptitude: Topic
    skills: Topic


class Scale(Record):
    """A question that is answered by the nearest of five examples."""

    dimension: Literal["interest", "style"]
    topic: Text = Field(description='What it is about: "finding out why something is slow"')
    question: Text
    levels: FiveLevels


class Task(Record):
    """A small problem with one right answer; `unsure` is always offered beside the options."""

    topic: Text
    question: Text
    options: TaskOptions
    right: Slug
    explanation: Text = Field(description="Why the right answer is right; shown with the result")
    skill: Slug = Field(description="The skill that a wrong answer casts doubt on")


class Plain(Record):
    """A question that only sets up the plan."""

    question: Text
    why: Text = Field(description="What the answer is used for")


class Hours(Plain):
    """The question for the hours a week."""

    choices: tuple[Annotated[int, Field(ge=1, le=80)], ...] = Field(min_length=2)


class Goal(Record):
    """A kind of work to choose, and the track that consists of it."""

    text: Text
    career: Slug
    track: Slug


class Goals(Plain):
    """The question for the goal."""

    options: dict[Slug, Goal] = Field(min_length=1)


class SkillLevels(Plain):
    """The question for the skills: one rating for each group of them."""

    groups: dict[Slug, FiveLevels] = Field(min_length=1)


class Shares(Record):
    """How much each dimension weighs, in per cent; together 100."""

    interest: Per100
    style: Per100
    aptitude: Per100
    skills: Per100


class Target(Record):
    """How answers weigh for one track of a career."""

    basis: Basis
    dimensions: Shares
    questions: dict[Slug, Weight] = Field(description="Each scale and task to its weight")
    try_first: Slug = Field(description="The project by which to find out cheaply")


class Band(Record):
    """What is said of a score from `least` up to the next band."""

    least: Per100
    name: Text
    text: Text
    name_lowest: bool = Field(default=False, description="Name the two lowest answers")
    try_first: bool = Field(default=False, description="Propose the project of the track")


class Thresholds(Record):
    """Where one word ends and the next begins."""

    basis: Basis
    low: Level = Field(description="An answer up to this speaks against the work")
    high: Level = Field(description="An answer from this on speaks for it")
    unsure: Level = Field(description="What `unsure` counts in a task; right is 4 and wrong is 0")
    claim: Level = Field(description="From this level on, a wrong task casts doubt on a skill")
    typical_spread: Level = Field(description="Levels by which a typical level may be wrong")
    least_share: Per100 = Field(
        description="Dimensions that weigh less together, if only they have answers, give no score"
    )
    better_by: Per100 = Field(description="Points that make a neighbour fit better")
    firm_within: Per100 = Field(description="Points between lowest and highest for `firm`")
    fair_within: Per100
    more_hours: Annotated[int, Field(ge=1, le=20)] = Field(description="Hours a week to add")
    bands: tuple[Band, ...] = Field(min_length=2, description="The highest first, the last from 0")


class NeighbourCondition(Record):
    """Answers that point elsewhere; all that is given must hold."""

    low: tuple[Slug, ...] = ()
    high: tuple[Slug, ...] = ()
    readiness_under: Per100 | None = None


class NeighbourRule(Record):
    """A related career without records of its own, and the answers that point to it."""

    basis: Basis
    career: Slug = Field(description="Whose `related` it stands in")
    title: Text = Field(description="Its title there")
    when: NeighbourCondition
    because: Text


class Assessment(Record):
    """The file assessment.yaml."""

    introduction: Text
    measures: tuple[Text, ...] = Field(min_length=1)
    does_not_measure: tuple[Text, ...] = Field(min_length=1)
    estimate: Text = Field(description="Says that weights and thresholds are editorial")
    dimensions: Dimensions
    background: Plain
    scales: dict[Slug, Scale] = Field(min_length=4)
    tasks: dict[Slug, Task] = Field(min_length=1)
    skills: SkillLevels
    hours: Hours
    dates: Plain
    goal: Goals
    targets: dict[Slug, dict[Slug, Target]] = Field(description="Career and track to weights")
    thresholds: Thresholds
    neighbours: tuple[NeighbourRule, ...] = ()

    @property
    def count(self) -> int:
        """How many questions there are; dates are one, and so are skills."""
        return len(self.scales) + len(self.tasks) + OTHERS

    @property
    def dimension_of(self) -> dict[str, str]:
        """Each scale and task to the dimension that it counts in."""
        scales = {slug: scale.dimension for slug, scale in self.scales.items()}
        return {**scales, **dict.fromkeys(self.tasks, "aptitude")}
