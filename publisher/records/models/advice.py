"""Advice that depends on the size of a reader's gap."""

from typing import Annotated

from pydantic import Field

from publisher.records.types import Record, Slug, Text, WeeklyHours

Months = Annotated[int, Field(ge=0, le=120)]
Levels = Annotated[int, Field(ge=1, le=4)]


class Condition(Record):
    """When a rule speaks; every bound that is given must hold."""

    months_over: Months | None = None
    months_under: Months | None = None
    hours_per_week_over: WeeklyHours | None = None
    hours_per_week_under: WeeklyHours | None = None
    readiness_over: int | None = Field(default=None, ge=0, le=100, description="Per cent")
    readiness_under: int | None = Field(default=None, ge=0, le=100, description="Per cent")
    track: Slug | None = None
    gap: dict[Slug, Levels] = Field(default={}, description="Skill to the least number of levels")


class Rule(Record):
    """One piece of advice and its condition."""

    when: Condition
    title: Text
    text: Text


class AdviceRules(Record):
    """The file advice.yaml of a career."""

    rules: tuple[Rule, ...]
