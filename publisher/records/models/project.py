"""Portfolio projects with criteria that can be checked."""

from pydantic import Field

from publisher.records.types import Hours, Record, Slug, Text


class Dataset(Record):
    """Public data that a project uses."""

    name: Text
    size: Text
    source: Slug


class Criterion(Record):
    """One acceptance criterion."""

    measure: Text
    target: Text
    check: Text = Field(description="How a stranger verifies it")


class Project(Record):
    """A piece of work to show."""

    title: Text
    summary: Text
    hours: Hours
    after: tuple[Slug, ...] = Field(min_length=1, description="Modules that come before")
    hardware: Text | None = None
    datasets: tuple[Dataset, ...] = ()
    acceptance: tuple[Criterion, ...] = Field(min_length=3)
    body: str = Field(default="", exclude=True)
