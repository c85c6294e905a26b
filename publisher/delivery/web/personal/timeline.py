"""The picture of a plan: a bar for each phase over the months, and the deadline."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from publisher.planning.plan import Plan

MOST_TICKS = 6
ROW, HEAD = 46, 26
"""Height of a phase's row, and of the line of months, in CSS pixels."""


@dataclass(frozen=True, slots=True)
class Span:
    """From left, and as wide as, both in per cent of the picture; `y` in pixels."""

    x: float
    width: float
    y: int


@dataclass(frozen=True, slots=True)
class Bar:
    """A phase: what it is called, when, and where its bar stands."""

    name: str
    when: str
    span: Span


@dataclass(frozen=True, slots=True)
class Tick:
    """The beginning of a month."""

    x: float
    name: str


@dataclass(frozen=True, slots=True)
class Timeline:
    """`free` are weeks without study; `deadline` is None if there is none in the picture."""

    bars: tuple[Bar, ...]
    free: tuple[Span, ...]
    ticks: tuple[Tick, ...]
    deadline: float | None
    height: int
    summary: str


def timeline(plan: Plan) -> Timeline | None:
    """The picture of a plan; None if nothing is left to plan."""
    if not plan.weeks:
        return None
    first, days = plan.here.start, 7 * len(plan.weeks)
    bars = tuple(_bars(plan))
    answer = plan.deadline
    place = _per_cent((answer.day - first).days, days) if answer else None
    return Timeline(
        bars=bars,
        free=tuple(
            Span(_per_cent(7 * (week.number - 1), days), _per_cent(7, days), HEAD)
            for week in plan.weeks
            if week.kind == "free"
        ),
        ticks=tuple(_ticks(first, days)),
        deadline=place if place is not None and place <= 100 else None,  # noqa: PLR2004  # per cent
        height=HEAD + ROW * len(bars) + 4,
        summary="; ".join(f"{bar.name}, {bar.when}" for bar in bars),
    )


def shown(day: date) -> str:
    """4 January 2027."""
    return f"{day.day} {day:%B %Y}"


def _bars(plan: Plan) -> Iterator[Bar]:
    weeks = len(plan.weeks)
    for row, phase in enumerate(plan.phases):
        starts = plan.weeks[phase.first_week - 1].starts
        ends = plan.weeks[phase.last_week - 1].ends
        yield Bar(
            phase.phase.name,
            f"{starts.day} {starts:%b %Y} to {ends.day} {ends:%b %Y}",
            Span(
                _per_cent(phase.first_week - 1, weeks),
                _per_cent(phase.last_week - phase.first_week + 1, weeks),
                HEAD + ROW * row,
            ),
        )


def _ticks(first: date, days: int) -> Iterator[Tick]:
    months = list(_months(first, first + timedelta(days=days)))
    step = -(-len(months) // MOST_TICKS) or 1
    for month in months[::step]:
        x = _per_cent((month - first).days, days)
        if x <= 88:  # noqa: PLR2004  # there is room for the word
            yield Tick(x, f"{month:%b %y}")


def _months(first: date, end: date) -> Iterator[date]:
    month = (first.replace(day=1) + timedelta(days=32)).replace(day=1)
    while month < end:
        yield month
        month = (month + timedelta(days=32)).replace(day=1)


def _per_cent(part: int, whole: int) -> float:
    return round(100 * part / whole, 2)
