"""The small types that every record model shares."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints


class Record(BaseModel):
    """Base of every record and of its parts: frozen, strict, unknown keys forbidden."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


Slug = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$", max_length=60)]
"""A word that a person would type: lower case, digits, single hyphens."""

Text = Annotated[str, StringConstraints(min_length=1, max_length=2000)]
"""One line or paragraph, with inline Markdown."""

Level = Annotated[int, Field(ge=0, le=4)]
"""0 none, 1 aware, 2 working, 3 independent, 4 expert."""

Hours = Annotated[float, Field(gt=0, le=400)]
"""Hours of study."""

Importance = Annotated[int, Field(ge=1, le=5)]
"""5 rarely hired without it, 4 expected, 3 useful for most, 2 a plus, 1 optional."""

Address = Annotated[str, StringConstraints(pattern=r"^https?://[^\s/]+\.[^\s]+$", max_length=300)]
"""A public web address."""

Grade = Literal["read", "seen", "reported", "unverified"]
"""How a source was verified: its text was read; its address and title were seen in public
files; others report it; or nobody has checked it yet."""

LEVEL_NAMES: tuple[str, ...] = ("none", "aware", "working", "independent", "expert")
"""The name of each `Level`, by its number."""
