"""Asking for a fresh link: it goes to the stored address and to no other."""

from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import Connection, or_, update

from publisher.delivery.store.database import now
from publisher.delivery.store.tables import EVENT, GRANT
from publisher.delivery.web.grants import Grant, Standing, find_grant

Ask = Callable[[Connection, Grant], None]

ONCE_IN = timedelta(hours=1)
"""More than one mail in this time would only annoy whoever has the address."""


def ask_for_fresh_link(connection: Connection, grant: Grant) -> None:
    """Write down that a reader wants a fresh link; who sends mail finds it among the events."""
    row = {"at": now(connection), "kind": "fresh-link-asked", "detail": {"grant": grant.id}}
    connection.execute(EVENT.insert().values(**row, **grant.about))


def asked(connection: Connection, identifier: str, ask: Ask) -> None:
    """Ask for the reader of a grant that has ended by itself, once in an hour.

    Nothing tells whether there is such a grant, so that nobody learns whose link they hold.
    """
    grant = find_grant(connection, identifier)
    if grant is None or grant.standing in (Standing.OPEN, Standing.WITHDRAWN):
        return
    moment = now(connection)
    rested = or_(GRANT.c.asked_at.is_(None), GRANT.c.asked_at <= moment - ONCE_IN)
    mine = update(GRANT).where(GRANT.c.id == identifier, rested).values(asked_at=moment)
    if connection.execute(mine).rowcount:
        ask(connection, grant)
