"""Work that ends its process as if somebody had killed it, for tests of what becomes of the rest.

Workers import it by name.
"""

import os
import signal

from publisher.build import press
from publisher.build.orders import Receipt
from publisher.build.press import Due
from publisher.build.worker import Place, make

VICTIM = "reader001"


def die() -> None:
    """End this process at once."""
    os.kill(os.getpid(), signal.SIGKILL)


def make_or_die(task: Due, place: Place) -> Receipt:
    """Make a copy, but die of the one of `VICTIM`."""
    if task.order.name.endswith(VICTIM):
        die()
    return make(task.order, place, task.previous)


def prepare() -> None:
    """Let the workers of this process die of a copy."""
    press._make = make_or_die


def square(number: int) -> int:
    """A number's square; 3 kills its worker each time, 4 raises."""
    if number == 3:
        die()
    if number == 4:
        raise ArithmeticError("not this one")
    return number * number


def process_of(_: int) -> int:
    """The process that does it."""
    return os.getpid()
