"""Where a reader comes from."""

from pydantic import Field

from publisher.records.types import Level, Record, Slug, Text


class Occupation(Record):
    """The official occupation that stands nearest."""

    code: Text = Field(description="For example SOC 15-1252")
    fit: Text = Field(description="exact, nearest or none, with a word on why")


class Background(Record):
    """A starting point and the skill levels that are typical of it (editorial estimates)."""

    name: Text
    plural: Text
    summary: Text
    aliases: tuple[Text, ...] = ()
    occupation: Occupation | None = None
    levels: dict[Slug, Level] = Field(description="Skill to typical level; a skill left out is 0")
