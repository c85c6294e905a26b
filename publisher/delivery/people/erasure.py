"""Erases a person: no address, name, answer or file of theirs is left (GDPR, article 17).

What stays cannot be read as anybody's: that a message was sent, and the blinded address, without
which one who must not be written to could be imported again.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

from sqlalchemy import Connection, delete, insert, null, select, update

from publisher.build.folders import LocalFolder
from publisher.delivery.addresses import Address
from publisher.delivery.keys import Keys
from publisher.delivery.people.holdings import Holdings
from publisher.delivery.people.stopping import stop_deliveries
from publisher.delivery.store.database import Database, now
from publisher.delivery.store.states import DeliveryState
from publisher.delivery.store.tables import (
    ARTIFACT,
    ATTEMPT,
    DELIVERY,
    EVENT,
    GRANT,
    REQUEST,
    SOFT_BOUNCE,
    SUBSCRIBER,
)

ERASED = "erased"
"""The cause of a delivery that its recipient did not wait for."""


@dataclass(frozen=True, slots=True)
class Erased:
    """What was erased. With `traces`, a copy is left in the database's file or log for now."""

    subscriber: bool = False
    deliveries: int = 0
    stopped: int = 0
    files: int = 0
    traces: bool = False


def erase(database: Database, keys: Keys, files: Path, address: Address) -> Erased:
    """Erase the person of an address; what was erased is nothing if nothing could be.

    `files` is the folder of files that readers download. If it is cut short, nothing or only some
    files are gone, and it can be done again. Raises `OSError` when a file cannot be removed.
    """
    with database.writing() as connection:
        erased = _erase(connection, Holdings.of(connection, keys, address), files)
    return replace(erased, traces=not _overwrite(database))


def _erase(connection: Connection, held: Holdings, files: Path) -> Erased:
    left = _with_something_left(connection, held)
    if held.subscriber is None and not left and not held.requests:
        return Erased()
    which = DELIVERY.c.id.in_(held.deliveries)
    stopped = stop_deliveries(connection, which, DeliveryState.CANCELLED, ERASED)
    # Before the rows that name them, so that no file is left that nothing names.
    removed = sum(_remove(files, path) for path in _own_paths(connection, held))
    for path in _unfinished(connection, held, files):
        path.unlink(missing_ok=True)
    _forget(connection, held)
    told = insert(EVENT).values(at=now(connection), kind="person-erased", detail={})
    connection.execute(told)
    return Erased(held.subscriber is not None, left, stopped, removed)


def _with_something_left(connection: Connection, held: Holdings) -> int:
    """How many deliveries still say to whom they went, or have files."""
    named = DELIVERY.c.address.is_not(None) | DELIVERY.c.reader.is_not(None)
    of_files = select(ARTIFACT.c.delivery_id).where(held.owned(ARTIFACT))
    found = select(DELIVERY.c.id).where(
        DELIVERY.c.id.in_(held.deliveries), named | DELIVERY.c.id.in_(of_files)
    )
    return len(connection.execute(found).all())


def _own_paths(connection: Connection, held: Holdings) -> Iterator[str]:
    """Files of this person that are not at the same time someone else's."""
    own = held.owned(ARTIFACT)
    other = ARTIFACT.c.id.not_in(select(ARTIFACT.c.id).where(own))
    for path in connection.scalars(select(ARTIFACT.c.path).where(own).distinct()).all():
        shared = select(ARTIFACT.c.id).where(other, ARTIFACT.c.path == path)
        if connection.execute(shared.limit(1)).first() is None:
            yield path


def _unfinished(connection: Connection, held: Holdings, files: Path) -> Iterator[Path]:
    """What a process that was killed has made for this person and not entered.

    See `campaigns.preparing`: a folder for each campaign, and names that begin with the token. What
    was being written has no name yet; everybody's goes an hour later.
    """
    which = select(DELIVERY.c.campaign_id, DELIVERY.c.token)
    for row in connection.execute(which.where(DELIVERY.c.id.in_(held.deliveries))):
        yield from (files / str(row.campaign_id)).rglob(f"{row.token}.*")
    found = LocalFolder(files).files(unfinished=True)
    yield from (files / file.name for file in found if file.left_over)


def _remove(files: Path, path: str) -> bool:
    file = files / path
    there = file.exists()
    file.unlink(missing_ok=True)
    return there


def _forget(connection: Connection, held: Holdings) -> None:
    """Remove the rows that are the person's, and from the others what says who it was."""
    connection.execute(delete(REQUEST).where(REQUEST.c.id.in_(held.requests)))
    which = DELIVERY.c.id.in_(held.deliveries)
    for table in (GRANT, ARTIFACT):  # their downloads go with them
        connection.execute(delete(table).where(held.owned(table)))
    connection.execute(
        update(DELIVERY)
        .where(which)
        # The domain may be a person's name, and a server's reply repeat their address.
        .values(address=None, address_key=None, reader=null(), facts=null(), domain="", text="")
    )
    connection.execute(
        update(ATTEMPT).where(ATTEMPT.c.delivery_id.in_(held.deliveries)).values(text="")
    )
    connection.execute(delete(SOFT_BOUNCE).where(SOFT_BOUNCE.c.address_hash.in_(held.hashes)))
    if held.subscriber:
        connection.execute(delete(SUBSCRIBER).where(SUBSCRIBER.c.id == held.subscriber.id))


def _overwrite(database: Database) -> bool:
    """See that no copy of what was erased is left in free space; False if one is for now.

    SQLite writes its file anew and empties its log, which waits for other processes. (Its
    secure_delete would not do: cells that moved between pages were found to stay.) PostgreSQL
    frees the space for other rows; its own log, and backups, are its keeper's.
    """
    if not database.is_sqlite:
        with database.engine.connect() as connection:
            connection.execution_options(isolation_level="AUTOCOMMIT")
            for table in (SUBSCRIBER, REQUEST, DELIVERY, ATTEMPT, ARTIFACT, GRANT):
                connection.exec_driver_sql(f'VACUUM "{table.name}"')
        return True
    with closing(database.engine.raw_connection()) as raw:
        cursor = raw.cursor()
        try:
            cursor.execute("VACUUM")
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            busy = cursor.fetchall()[0][0]
        except sqlite3.OperationalError:  # it is locked, or the disk is full
            return False
        return not busy
