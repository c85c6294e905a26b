"""A person as a line of a file of subscribers describes them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from publisher.delivery.addresses import Address
from publisher.planning.reader import Reader
from publisher.planning.reader_rows import Columns, Row

ANSWERS = tuple(name for name in Reader.model_fields if name != "email")
CONSENT = ("consent_time", "consent_source", "consent_text")

PERSON_COLUMNS = Columns(("email", *ANSWERS, *CONSENT), required="email", discreet=True)

OWN_COLUMNS = ("name", "background", "career")
"""Answers that have a column of their own in the table; the others stand in `answers`."""


@dataclass(frozen=True, slots=True)
class Consent:
    """When, where and to which version of a text somebody agreed to be written to."""

    time: datetime | None = None
    source: str | None = None
    text: str | None = None


@dataclass(frozen=True, slots=True)
class Person:
    """What `row` says of somebody; `answers` has what it gives of a Reader's, as JSON."""

    row: Row
    address: Address
    answers: Mapping[str, Any]
    consent: Consent


def columns_of(answers: Mapping[str, Any]) -> dict[str, Any]:
    """Answers as the table of subscribers holds them."""
    others = {name: value for name, value in answers.items() if name not in OWN_COLUMNS}
    return {**{name: answers.get(name) for name in OWN_COLUMNS}, "answers": others}


def answers_of(subscriber: Any) -> dict[str, Any]:
    """All that a subscriber's row knows of a Reader's fields, as JSON."""
    own = {name: getattr(subscriber, name) for name in OWN_COLUMNS}
    return {**{name: value for name, value in own.items() if value}, **subscriber.answers}
