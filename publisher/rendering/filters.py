"""What templates may call: numbers, dates and Markdown in the publication's English."""

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from publisher.records.types import LEVEL_NAMES
from publisher.rendering.markdown import inline, markdown


def hours(value: float) -> str:
    """`6.5` as `6½`, `6.0` as `6`."""
    whole, half = divmod(round(value * 2), 2)
    return f"{whole or ''}½" if half else str(whole)


def long_date(day: date) -> str:
    """4 January 2027."""
    return f"{day.day} {day:%B %Y}"


def short_date(day: date) -> str:
    """4 Jan."""
    return f"{day.day} {day:%b}"


def money(amount: int) -> str:
    """133,080."""
    return f"{amount:,}"


def plural(count: float, word: str) -> str:
    """`1 module`, `2 modules`, `6½ hours`."""
    return f"{hours(count)} {word}{'' if count == 1 else 's'}"


def level_name(level: int) -> str:
    """`2` as `working`."""
    return LEVEL_NAMES[level]


def in_text(name: str) -> str:
    """A name as it stands in a sentence: `QA Engineer` as `QA engineer`."""
    return re.sub(r"\b[A-Z][a-z]+\b", lambda word: word[0].lower(), name)


def split_lines(text: str) -> list[str]:
    """The lines of a text."""
    return text.splitlines()


FILTERS: Mapping[str, Callable[..., Any]] = {
    "hours": hours,
    "in_text": in_text,
    "inline": inline,
    "level_name": level_name,
    "long_date": long_date,
    "markdown": markdown,
    "money": money,
    "plural": plural,
    "short_date": short_date,
    "split_lines": split_lines,
}
