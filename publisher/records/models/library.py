"""What the guides point to: resources to learn from, sources of figures, glossary terms."""

from datetime import date
from typing import Literal

from pydantic import Field

from publisher.records.types import Address, Grade, Hours, Record, Slug, Text


class Resource(Record):
    """Something to read, watch or run."""

    title: Text
    author: Text
    url: Address
    kind: Literal["article", "book", "course", "docs", "paper", "repository", "video"]
    cost: Literal["free", "paid"]
    cost_note: Text | None = None
    hours: Hours
    note: Text = Field(description="What it is good for, in one sentence")
    grade: Grade
    checked_on: date


class Source(Record):
    """Where a figure or a claim comes from."""

    title: Text
    publisher: Text
    url: Address | None = Field(default=None, description="Left out for own measurements")
    year: int = Field(ge=1900, le=2100)
    grade: Grade
    checked_on: date
    note: Text | None = None


class Term(Record):
    """A glossary entry."""

    term: Text
    definition: Text
    aliases: tuple[Text, ...] = Field(default=(), description="Other spellings found in the text")
    see: tuple[Slug, ...] = ()


class Resources(Record):
    """The file guides/resources.yaml."""

    resources: dict[Slug, Resource]


class Sources(Record):
    """The file guides/sources.yaml."""

    sources: dict[Slug, Source]


class Glossary(Record):
    """The file guides/glossary.yaml."""

    terms: dict[Slug, Term]
