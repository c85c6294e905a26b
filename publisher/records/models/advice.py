"""Advice that depends on the size of a reader's gap."""

from pydantic import Field

from publisher.records.types import Hours, Record, Slug, Text


class Condition(Record):
    """When a rule speaks; every bound that is given must hold."""

    months_over: int | None = None
    months_under: int | None = None
    hours_per_week_over: Hours | None = None
    hours_per_week_under: Hours | None = None
    readiness_over: int | None = Field(default=None, ge=0, le=100, description="Per cent")
    readiness_under: int | None = Field(default=None, ge=0, le=100, description="Per cent")
    track: Slug | None = None
    gap: dict[Slug, int] = Field(default={}, description="Skill to the least number of levels")


class Rule(Record):
    """One piece of advice and its condition."""

    when: Condition
    title: Text
    text: Text


class AdviceRules(Record):
    """The file advice.yaml of a career."""

    rules: tuple[Rule, ...]
