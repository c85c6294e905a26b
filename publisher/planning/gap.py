"""What a career needs, what a reader has, and the difference."""

from dataclasses import dataclass
from typing import Literal

from publisher.planning.situation import Situation

Knowledge = Literal["typical", "stated", "done"]
"""How a level is known: typical of the background, stated by the reader, or from a module done."""


@dataclass(frozen=True, slots=True)
class GapRow:
    """One skill: levels 0 to 4, importance 1 to 5."""

    skill: str
    group: str
    have: int
    need: int
    importance: int
    known: Knowledge

    @property
    def missing(self) -> int:
        """Levels still to climb."""
        return max(0, self.need - self.have)


@dataclass(frozen=True, slots=True)
class Gap:
    """Every skill of the track, in the order of groups and of the career's needs."""

    rows: tuple[GapRow, ...]

    @property
    def readiness(self) -> float:
        """The importance-weighted share of the target that is met already, 0 to 1.

        Each skill counts by its importance times the levels that it needs.
        """
        need = sum(row.importance * row.need for row in self.rows)
        met = sum(row.importance * min(row.have, row.need) for row in self.rows)
        return met / need if need else 1.0

    @property
    def open(self) -> tuple[GapRow, ...]:
        """The rows with something missing, the most important and widest first."""
        missing = [row for row in self.rows if row.missing]
        return tuple(sorted(missing, key=lambda r: (-r.importance * r.missing, -r.importance)))

    @property
    def met(self) -> tuple[GapRow, ...]:
        """The rows whose need is met already."""
        return tuple(row for row in self.rows if row.need and not row.missing)


def gap(here: Situation) -> Gap:
    """The gap between the levels and the targets of a situation."""
    skills, needs = here.catalogue.skills, here.records.career.needs
    rows = [
        GapRow(
            skill=skill,
            group=skills[skill].group,
            have=here.levels.get(skill, 0),
            need=need,
            importance=needs[skill].importance,
            known=_known(here, skill),
        )
        for skill, need in here.targets.items()
    ]
    order = {group: i for i, group in enumerate(here.catalogue.groups)}
    return Gap(tuple(sorted(rows, key=lambda row: order[row.group])))


def _known(here: Situation, skill: str) -> Knowledge:
    if skill in here.proven:
        return "done"
    return "stated" if skill in here.stated else "typical"
