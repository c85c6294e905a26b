"""The steps of one delivery, for whoever wants to watch them."""

from collections.abc import Callable
from enum import IntEnum


class Step(IntEnum):
    """What has just been done. Between HANDED_OFF and REPLIED, text may have left us."""

    CLAIMED = 1  # in the transaction, not yet committed
    LIMITED = 2  # rates and rests were looked at; the claim is committed
    COMPOSED = 3
    OFFERED = 4  # the relay takes sender and recipient
    HANDED_OFF = 5  # which is committed
    TEXT_LEFT = 6
    REPLIED = 7
    COMMITTED = 8


Observe = Callable[[Step], None]
"""Is told of each step, in whatever thread takes it."""


def unobserved(_: Step) -> None:
    """Nobody watches."""
