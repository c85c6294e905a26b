"""The imprint: who publishes, which edition, in which language."""

from datetime import date
from typing import Annotated

from pydantic import Field, field_validator
from pydantic_core import PydanticCustomError

from publisher.records.types import LEAP_YEAR, Address, Language, MonthDay, Record, Slug, Text

MOST_FREE_WEEKS = 26
"""Half of the year at least is left for study, so that every plan comes to an end."""

DAYS_OF_YEAR = 366


class Break(Record):
    """Days of every year on which nobody is expected to study; weeks that touch them are free."""

    name: Text
    first: MonthDay = Field(description="Month and day, for example 12-24")
    last: MonthDay

    @property
    def most_weeks(self) -> int:
        """The most calendar weeks that the days can touch."""
        first, last = (date.fromisoformat(f"{LEAP_YEAR}-{day}") for day in (self.first, self.last))
        days = (last - first).days % DAYS_OF_YEAR + 1
        return (days + 12) // 7


class Publication(Record):
    """The file guides/publication.yaml."""

    title: Text
    publisher: Text
    website: Address | None = None
    contact: Text | None = None
    language: Language = Field(description="For example en-GB")
    edition: Text
    date: Annotated[date, Field(ge=date(2000, 1, 1), le=date(2199, 12, 31))]
    rights: Text
    careers: tuple[Slug, ...] = Field(
        default=(),
        description="In the order of lists, others by name after them; the first is the default",
    )
    breaks: tuple[Break, ...] = ()

    @field_validator("breaks")
    @classmethod
    def _leave_weeks(cls, breaks: tuple[Break, ...]) -> tuple[Break, ...]:
        weeks = sum(each.most_weeks for each in breaks)
        if weeks > MOST_FREE_WEEKS:
            text = "these days touch up to {weeks} weeks a year; {most} at most may be free"
            raise PydanticCustomError("R106", text, {"weeks": weeks, "most": MOST_FREE_WEEKS})
        return breaks
