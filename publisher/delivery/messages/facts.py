"""What a letter of each kind says beside its link: the words that its templates use."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from publisher.delivery.letter import Kind
from publisher.delivery.messages.words import Line

Words = Annotated[Line, Field(min_length=1, max_length=200)]


class Facts(BaseModel):
    """Facts of a letter; they may come from JSON."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class File(Facts):
    """A file behind the link: its size in bytes."""

    format: Literal["PDF", "EPUB"]
    size: Annotated[int, Field(ge=0)]
    pages: Annotated[int, Field(ge=1)] | None = None


class Download(Facts):
    """Files, and the last day on which the link to them works."""

    files: Annotated[tuple[File, ...], Field(min_length=1)]
    valid_until: date


class GuideFacts(Download):
    """A personal guide: from where to where, and its plan.

    `background` and `career` are titles. Without a `first_module` there is nothing left to learn.
    """

    background: Words
    career: Words
    months: Annotated[int, Field(ge=0)]
    hours_per_week: Annotated[float, Field(gt=0)]
    start: date
    finish: date
    first_module: Words | None = None


class HandbookFacts(Download):
    """A career's handbook, and how many paths to the career it describes."""

    career: Words
    article: Words
    edition: Words
    edition_date: date
    paths: Annotated[int, Field(ge=1)]


class ConfirmFacts(Facts):
    """A question whether somebody wants the letters of a list."""

    valid_until: date


class RequestFacts(Facts):
    """A question whether somebody asked for the guide of this title, and for `news`."""

    title: Words
    news: bool
    valid_until: date


class FreshLinkFacts(Download):
    """A new link to something that was sent before, whose title is given."""

    title: Words


FACTS: Mapping[Kind, type[Facts]] = {
    "guide": GuideFacts,
    "handbook": HandbookFacts,
    "confirm": ConfirmFacts,
    "fresh-link": FreshLinkFacts,
    "request": RequestFacts,
}


def facts_of(kind: Kind, given: Mapping[str, object]) -> Facts:
    """The facts of a letter, checked. Raises `ValueError` that names what is wrong or missing."""
    try:
        return FACTS[kind].model_validate(dict(given))
    except ValidationError as error:
        found = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(map(str, found["loc"]))
        raise ValueError(f"a letter of kind {kind!r}: {place}: {found['msg']}") from None
