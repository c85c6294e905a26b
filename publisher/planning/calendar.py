"""Places a plan into weeks: study, review, buffer, and weeks that are free."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from publisher.planning.effort import study_weeks_for, weeks_for
from publisher.planning.selection import Need
from publisher.records.models.publication import Break

WeekKind = Literal["study", "review", "buffer", "free"]


@dataclass(frozen=True, slots=True)
class Share:
    """Hours of one module in one week."""

    module: str
    hours: float


@dataclass(frozen=True, slots=True)
class Week:
    """Seven days from `starts`. `number` counts all weeks from 1, the free ones included."""

    number: int
    starts: date
    kind: WeekKind
    shares: tuple[Share, ...] = ()
    note: str = ""

    @property
    def ends(self) -> date:
        """The last day of the week."""
        return self.starts + timedelta(days=6)

    @property
    def hours(self) -> float:
        """Hours of study in the week."""
        return sum(share.hours for share in self.shares)


def calendar(
    needs: tuple[Need, ...],
    hours_per_week: float,
    start: date,
    breaks: tuple[Break, ...] = (),
    pauses: tuple[date, ...] = (),
) -> tuple[Week, ...]:
    """The weeks of a plan.

    Study fills each week to `hours_per_week`; the buffer of ten per cent is spread as review
    weeks, the last of which ends the plan as its buffer. Weeks that touch a break or hold a
    pause are free and push the rest back.
    """
    hours = sum(need.hours for need in needs)
    if not hours:
        return ()
    kinds = _kinds(hours, hours_per_week)
    shares = _fill(needs, hours_per_week)
    weeks: list[Week] = []
    while kinds:
        monday = start + timedelta(weeks=len(weeks))
        note = _reason_to_rest(monday, breaks, pauses)
        number = len(weeks) + 1
        if note:
            weeks.append(Week(number, monday, "free", note=note))
            continue
        kind = kinds.pop(0)
        weeks.append(Week(number, monday, kind, next(shares) if kind == "study" else ()))
    return tuple(weeks)


def _kinds(hours: float, hours_per_week: float) -> list[WeekKind]:
    study = study_weeks_for(hours, hours_per_week)
    extra = weeks_for(hours, hours_per_week) - study
    kinds: list[WeekKind] = ["study"] * study
    # From the back, so that an insertion does not move the places still to come.
    for i in range(extra, 0, -1):
        kinds.insert(i * study // extra, "buffer" if i == extra else "review")
    return kinds


def _fill(needs: tuple[Need, ...], hours_per_week: float) -> Iterator[tuple[Share, ...]]:
    week: list[Share] = []
    room = hours_per_week
    for need in needs:
        left = need.hours
        while left > 0:
            hours = min(left, room)
            week.append(Share(need.module, hours))
            left, room = left - hours, room - hours
            if room <= 0:
                yield tuple(week)
                week, room = [], hours_per_week
    if week:
        yield tuple(week)


def _reason_to_rest(monday: date, breaks: tuple[Break, ...], pauses: tuple[date, ...]) -> str:
    days = [monday + timedelta(days=i) for i in range(7)]
    if any(day in pauses for day in days):
        return "Your week off"
    for rest in breaks:
        if any(_within(f"{day:%m-%d}", rest) for day in days):
            return rest.name
    return ""


def _within(day: str, rest: Break) -> bool:
    if rest.first <= rest.last:
        return rest.first <= day <= rest.last
    return day >= rest.first or day <= rest.last  # over the turn of the year
