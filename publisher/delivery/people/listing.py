"""A list of subscribers for whoever runs the program."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import Connection, select

from publisher.delivery.keys import Keys
from publisher.delivery.people.segments import AT_ONCE
from publisher.delivery.people.wishes import UNSUBSCRIBED
from publisher.delivery.store.tables import SUBSCRIBER, SUPPRESSION

Standing = Literal["pending", "confirmed", "unsubscribed", "suppressed"]
"""The states of a subscriber, of whom UNSUBSCRIBED also holds those who left one list, and those
who are suppressed on any list for whatever reason."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A subscriber; `suppressed` names the lists (or "all") on which they are not written to."""

    address: str
    name: str | None
    state: str
    background: str | None
    career: str | None
    suppressed: tuple[str, ...]
    consent_time: datetime | None
    created_at: datetime


def listed(
    connection: Connection,
    keys: Keys,
    standing: Standing | None = None,
    background: str | None = None,
    career: str | None = None,
) -> Iterator[Listed]:
    """Subscribers in the order of their addresses; None does not narrow the list."""
    which = select(SUBSCRIBER).order_by(SUBSCRIBER.c.address_key)
    for column, wanted in ((SUBSCRIBER.c.background, background), (SUBSCRIBER.c.career, career)):
        which = which if wanted is None else which.where(column == wanted)
    kept_off = _suppressions(connection)
    for row in connection.execute(which, execution_options={"yield_per": AT_ONCE}):
        hashes = keys.address_hashes(row.address_key)
        off = [each for known in hashes for each in kept_off.get(known, ())]
        left = UNSUBSCRIBED in {row.state, *(cause for _, cause in off)}
        fits = {None: True, "suppressed": bool(off), "unsubscribed": left}
        if fits.get(standing, row.state == standing):
            scopes = tuple(sorted({scope for scope, _ in off}))
            yield Listed(
                row.address, row.name, row.state, row.background, row.career,
                scopes, row.consent_time, row.created_at,
            )  # fmt: skip


def _suppressions(connection: Connection) -> dict[str, list[tuple[str, str]]]:
    """Hash to the scopes and causes that are kept of it."""
    found: dict[str, list[tuple[str, str]]] = {}
    for row in connection.execute(select(SUPPRESSION)):
        found.setdefault(row.address_hash, []).append((row.scope, row.cause))
    return found
