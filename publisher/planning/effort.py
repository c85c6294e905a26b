"""From hours to weeks and months, with the buffer and the range that estimates deserve."""

from dataclasses import dataclass
from fractions import Fraction
from math import ceil

BUFFER = Fraction(11, 10)
"""Ten per cent for review and slippage (fact sheet 2.3)."""

WEEKS_PER_MONTH = Fraction(4345, 1000)
"""365.2425 / 7 / 12, rounded as in the fact sheet (2.3)."""

SPREAD = Fraction(1, 4)
"""Every figure is an estimate of plus or minus 25 per cent (fact sheet 2.3)."""


@dataclass(frozen=True, slots=True)
class Months:
    """Whole months: the likely figure and the range around it."""

    low: int
    likely: int
    high: int


def weeks_for(hours: float, hours_per_week: float) -> int:
    """Whole weeks for `hours` of study, the buffer included."""
    return ceil(Fraction(hours) * BUFFER / Fraction(hours_per_week))


def study_weeks_for(hours: float, hours_per_week: float) -> int:
    """Whole weeks for `hours` of study without the buffer."""
    return ceil(Fraction(hours) / Fraction(hours_per_week))


def months_for(hours: float, hours_per_week: float) -> Months:
    """Months for `hours` of study, the buffer included."""
    months = Fraction(hours) * BUFFER / (Fraction(hours_per_week) * WEEKS_PER_MONTH)
    return Months(ceil(months * (1 - SPREAD)), ceil(months), ceil(months * (1 + SPREAD)))
