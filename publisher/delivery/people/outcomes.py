"""What became of the lines of a file."""

from collections import Counter
from enum import StrEnum


class Outcome(StrEnum):
    """What became of a line; the last two are counted beside the others."""

    ADDED = "added"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    KEPT_OUT = "kept out"  # unsubscribed or suppressed, and stays so
    REFUSED = "refused"  # the line has a mistake
    OFF_A_LIST = "off a list"  # they have left one, and are not written to on it
    NO_BACKGROUND = "no background"  # they can have a handbook, and no guide of their own


Counts = Counter[Outcome]
