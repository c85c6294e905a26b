"""The small types that every record model shares."""

from datetime import date
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints
from pydantic_core import PydanticCustomError

SLUG = r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$"
ADDRESS = r"^https?://[^\s/]+\.[^\s]+$"
LANGUAGE = r"^[a-z]{2}(-[A-Z]{2})?$"
MONTH_DAY = r"^[0-9]{2}-[0-9]{2}$"
WORDS = r"\S"

LEAP_YEAR = 2000


class Record(BaseModel):
    """Base of every record and of its parts: frozen, strict, unknown keys forbidden."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


Slug = Annotated[str, StringConstraints(pattern=SLUG, max_length=60)]
"""A word that a person would type: lower case, digits, single hyphens."""

Text = Annotated[str, StringConstraints(pattern=WORDS, min_length=1, max_length=2000)]
"""One line or paragraph, with inline Markdown."""

Level = Annotated[int, Field(ge=0, le=4)]
"""0 none, 1 aware, 2 working, 3 independent, 4 expert."""

Hours = Annotated[float, Field(gt=0, le=400)]
"""Hours of study."""

WeeklyHours = Annotated[float, Field(ge=1, le=80)]
"""Hours of study a week: a plan by the hour a month would outlive its reader."""

Importance = Annotated[int, Field(ge=1, le=5)]
"""5 rarely hired without it, 4 expected, 3 useful for most, 2 a plus, 1 optional."""

Address = Annotated[str, StringConstraints(pattern=ADDRESS, max_length=300)]
"""A public web address."""

Language = Annotated[str, StringConstraints(pattern=LANGUAGE)]
"""A language and, if need be, its region: en, en-GB."""


def _existing(day: str) -> str:
    try:
        date.fromisoformat(f"{LEAP_YEAR}-{day}")
    except ValueError:
        raise PydanticCustomError("R108", "no year has the day {day}", {"day": day}) from None
    return day


MonthDay = Annotated[str, StringConstraints(pattern=MONTH_DAY), AfterValidator(_existing)]
"""A day of every year: 12-24."""

Grade = Literal["read", "seen", "reported", "unverified"]
"""How a source was verified: its text was read; its address and title were seen in public
files; others report it; or nobody has checked it yet."""

LEVEL_NAMES: tuple[str, ...] = ("none", "aware", "working", "independent", "expert")
"""The name of each `Level`, by its number."""
