"""The imprint: who publishes, which edition, in which language."""

from datetime import date

from pydantic import Field

from publisher.records.types import Address, Record, Text


class Break(Record):
    """Days of every year on which nobody is expected to study; weeks that touch them are free."""

    name: Text
    first: Text = Field(pattern=r"^\d\d-\d\d$", description="Month and day, for example 12-24")
    last: Text = Field(pattern=r"^\d\d-\d\d$")


class Publication(Record):
    """The file guides/publication.yaml."""

    title: Text
    publisher: Text
    website: Address | None = None
    contact: Text | None = None
    language: Text = Field(pattern=r"^[a-z]{2}(-[A-Z]{2})?$", description="For example en-GB")
    edition: Text
    date: date
    rights: Text
    breaks: tuple[Break, ...] = ()
