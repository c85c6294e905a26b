"""A delivery that one worker has taken on."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row

from publisher.delivery.letter import Message

Compose = Callable[[Connection, Row[Any], Row[Any]], Message]
"""Makes the message of a delivery's and its campaign's row; the same rows give the same bytes."""

MakeCompose = Callable[[], Compose]
"""Makes a `Compose` in the process that works; it must go through `pickle`."""


class UnsendableError(Exception):
    """`Compose` raises it for a delivery that can never be sent; its text names nobody."""


@dataclass(frozen=True, eq=False, slots=True)
class Claim:
    """`number` is the fencing number: whoever holds an older one may not write any more."""

    delivery: Row[Any]
    campaign: Row[Any]

    @property
    def id(self) -> int:
        """The delivery's."""
        return int(self.delivery.id)

    @property
    def campaign_id(self) -> int:
        """The campaign's."""
        return int(self.delivery.campaign_id)

    @property
    def number(self) -> int:
        """The fencing number."""
        return int(self.delivery.attempts)
