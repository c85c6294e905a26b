"""The target of a path: a career, its tracks, what they need, and its curriculum."""

from pydantic import Field

from publisher.records.types import Address, Importance, Level, Record, Slug, Text


class Track(Record):
    """One face of a career, with its own target levels."""

    name: Text
    summary: Text
    milestones: tuple[Slug, ...] = Field(description="Modules that end every plan of this track")


class Need(Record):
    """How much a career asks of one skill."""

    importance: Importance
    levels: dict[Slug, Level] = Field(description="Track to the level needed when applying")


class Phase(Record):
    """A stretch of the curriculum with one aim; modules stand in the order of study."""

    name: Text
    aim: Text
    milestone: Text = Field(description="What a reader can show at its end")
    modules: tuple[Slug, ...] = Field(min_length=1)


class Tool(Record):
    """A product or library of the field."""

    name: Text
    url: Address
    summary: Text
    written_in: Text | None = None
    licence: Text | None = None
    source: Slug


class Pay(Record):
    """A public statistic of pay a year, before tax."""

    occupation: Text
    code: Text
    country: Text
    year: int = Field(ge=2000, le=2100)
    currency: Text
    median: int = Field(gt=0)
    lowest_tenth: int | None = Field(default=None, description="A tenth earns less than this")
    highest_tenth: int | None = Field(default=None, description="A tenth earns more than this")
    source: Slug


class Related(Record):
    """A neighbouring career and when it is the better choice."""

    title: Text
    summary: Text
    better_when: Text
    career: Slug | None = Field(default=None, description="Its record, once it has one")


class Career(Record):
    """A career that guides lead to."""

    title: Text
    article: Text = Field(default="a", description="a or an")
    plural: Text
    family: Text
    summary: Text
    tracks: dict[Slug, Track] = Field(min_length=1, description="The first is the default")
    needs: dict[Slug, Need] = Field(min_length=1)
    phases: tuple[Phase, ...] = Field(min_length=1)
    tools: tuple[Tool, ...]
    pay_note: Text
    pay: tuple[Pay, ...] = ()
    related: tuple[Related, ...]
    body: str = Field(default="", exclude=True)

    @property
    def default_track(self) -> str:
        """The track of a reader who names none."""
        return next(iter(self.tracks))

    @property
    def curriculum(self) -> tuple[str, ...]:
        """Every module of the career in the order of study."""
        return tuple(slug for phase in self.phases for slug in phase.modules)
