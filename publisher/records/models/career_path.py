"""A path: one background to one career."""

from typing import Annotated

from pydantic import Field

from publisher.records.types import Record, Slug, Text, WeeklyHours

Months = Annotated[int, Field(ge=1, le=120)]


class Headline(Record):
    """The months of a path by track. `publisher check` computes them and refuses others."""

    hours_per_week: WeeklyHours
    months: dict[Slug, Months] = Field(
        min_length=1, description="Track to months; the first track is the default of the path"
    )

    @property
    def track(self) -> str:
        """The track of a reader who names none."""
        return next(iter(self.months))


class Strength(Record):
    """Something the reader already has, and why it carries over."""

    title: Text
    skills: tuple[Slug, ...] = ()
    why: Text


class Gap(Record):
    """Something the reader lacks, and why it is hard from here."""

    title: Text
    skills: tuple[Slug, ...] = Field(min_length=1)
    why: Text


class Advice(Record):
    """What to do and what to avoid, from this background."""

    do: tuple[Text, ...] = Field(min_length=3)
    avoid: tuple[Text, ...] = Field(min_length=3)


class CareerPath(Record):
    """The hand-written part of a guide for one background."""

    headline: Headline
    summary: Text
    strengths: tuple[Strength, ...] = Field(min_length=3)
    gaps: tuple[Gap, ...] = Field(min_length=3)
    advice: Advice
    story: tuple[Text, ...] = Field(min_length=2, description="How to tell it in an interview")
    first_week: tuple[Text, ...] = Field(min_length=3, description="Things to do from tomorrow on")
    body: str = Field(default="", exclude=True)
