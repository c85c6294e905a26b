"""Enters what has happened, in the transaction in which it does; never an address or a name."""

from collections.abc import Iterable

from sqlalchemy import Connection, insert

from publisher.delivery.store.database import now
from publisher.delivery.store.tables import EVENT


def enter(connection: Connection, kind: str, subscriber: int, **detail: object) -> None:
    """Enter what has happened to one subscriber."""
    enter_all(connection, kind, [subscriber], **detail)


def enter_all(
    connection: Connection, kind: str, subscribers: Iterable[int], **detail: object
) -> None:
    """Enter what has happened to several subscribers at once."""
    moment = now(connection)
    rows = [
        {"at": moment, "kind": kind, "subscriber_id": each, "detail": detail}
        for each in subscribers
    ]
    if rows:
        connection.execute(insert(EVENT), rows)
