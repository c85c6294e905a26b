"""Whether a plan fits before a day, and what would make it fit."""

from dataclasses import dataclass, replace
from datetime import date
from math import ceil

from publisher.planning.calendar import calendar
from publisher.planning.selection import Need, select
from publisher.planning.situation import Situation

REASONABLE_HOURS = 40.0
"""More hours a week beside a job are no honest proposal."""


@dataclass(frozen=True, slots=True)
class DeadlineAnswer:
    """The answer to a deadline.

    `hours_per_week` is the least number, in half hours, that fits (None: none up to 40 does);
    `track` another track that fits; `leave_out` the least important skills without which the
    plan fits.
    """

    day: date
    finish: date
    hours_per_week: float | None = None
    track: str | None = None
    leave_out: tuple[str, ...] = ()

    @property
    def fits(self) -> bool:
        """True when the plan ends on or before the day."""
        return self.finish <= self.day


def answer_deadline(here: Situation, day: date) -> DeadlineAnswer:
    """Whether `here` can be done by `day`, and ways to make it fit."""
    finish = _finish(here, select(here), here.hours_per_week)
    if finish <= day:
        return DeadlineAnswer(day, finish)
    return DeadlineAnswer(
        day, finish, _hours_that_fit(here, day), _track_that_fits(here, day), _leave_out(here, day)
    )


def _finish(here: Situation, needs: tuple[Need, ...], hours_per_week: float) -> date:
    breaks = here.catalogue.publication.breaks
    weeks = calendar(needs, hours_per_week, here.start, breaks, here.reader.pauses)
    return weeks[-1].ends if weeks else here.start


def _hours_that_fit(here: Situation, day: date) -> float | None:
    needs = select(here)
    first = ceil(here.hours_per_week * 2) + 1
    for halves in range(first, round(REASONABLE_HOURS * 2) + 1):
        if _finish(here, needs, halves / 2) <= day:
            return halves / 2
    return None


def _track_that_fits(here: Situation, day: date) -> str | None:
    for track in here.records.career.tracks:
        other = replace(here, track=track)
        if track != here.track and _finish(other, select(other), here.hours_per_week) <= day:
            return track
    return None


def _leave_out(here: Situation, day: date) -> tuple[str, ...]:
    """Skills to leave for later: by rising importance, until the rest fits."""
    needs = here.records.career.needs
    targets = here.targets
    missing = [s for s, need in targets.items() if need > here.levels.get(s, 0)]
    left_out: list[str] = []
    for skill in sorted(missing, key=lambda s: needs[s].importance):
        if needs[skill].importance == 5:  # noqa: PLR2004  # rarely hired without it
            break
        left_out.append(skill)
        known = {**here.levels, **{s: targets[s] for s in left_out}}
        if _finish(here, select(replace(here, levels=known)), here.hours_per_week) <= day:
            return tuple(left_out)
    return ()
