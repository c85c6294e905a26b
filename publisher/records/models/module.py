"""A learning module: the unit that a plan is made of."""

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from publisher.records.types import Hours, Level, Record, Slug, Text


class Step(Record):
    """The step of a skill that a module teaches, from one level to a higher one."""

    # `from` is the word an editor writes; Python keeps it as a keyword.
    start: Level = Field(alias="from")
    to: Level

    @model_validator(mode="after")
    def _upwards(self) -> "Step":
        if self.to <= self.start:
            text = "a module teaches upwards, not from {start} to {to}"
            raise PydanticCustomError("R111", text, {"start": self.start, "to": self.to})
        return self


class Use(Record):
    """A resource in a module, with the part of it that the module needs."""

    resource: Slug
    part: Text | None = Field(default=None, description="Chapters or sections; all if left out")


class Module(Record):
    """What to learn in one go, why, with what, and how to tell that it is done."""

    title: Text
    summary: Text = Field(description="What it gives the reader, in one sentence")
    hours: Hours = Field(description="Hours for somebody who starts at every `from` level")
    requires: tuple[Slug, ...] = Field(default=(), description="Modules that come before")
    requires_skills: dict[Slug, Level] = Field(default={}, description="Skill levels needed")
    teaches: dict[Slug, Step] = Field(default={}, description="Empty for a milestone")
    resources: tuple[Use, ...] = ()
    outcome: Text = Field(description="The thing a reader has in hand at the end")
    done_when: tuple[Text, ...] = Field(min_length=2, description="Statements that can be checked")
    body: str = Field(default="", exclude=True)

    @property
    def is_milestone(self) -> bool:
        """True for a module that consolidates instead of teaching."""
        return not self.teaches
