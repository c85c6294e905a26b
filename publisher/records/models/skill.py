"""Skills and the groups that they stand in."""

from pydantic import Field

from publisher.records.types import Record, Slug, Text


class LevelDescriptors(Record):
    """What a person at each level can do; each line continues "This person …"."""

    aware: Text = Field(description="Level 1")
    working: Text = Field(description="Level 2")
    independent: Text = Field(description="Level 3")
    expert: Text = Field(description="Level 4")

    def at(self, level: int) -> str:
        """The descriptor of `level` (1 to 4)."""
        return (self.aware, self.working, self.independent, self.expert)[level - 1]


class Skill(Record):
    """One thing a person can be better or worse at, on the scale 0 to 4."""

    name: Text
    group: Slug = Field(description="A group of guides/groups.yaml")
    definition: Text = Field(description="What the skill is, in one sentence")
    levels: LevelDescriptors
    aliases: tuple[Text, ...] = ()


class SkillGroup(Record):
    """A heading under which skills are shown; groups print in the order of their file."""

    name: Text
    summary: Text


class SkillGroups(Record):
    """The file guides/groups.yaml."""

    groups: dict[Slug, SkillGroup]
