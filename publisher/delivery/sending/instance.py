"""To which installation a ledger belongs: a copy of it would send everything once more."""

import hashlib
import uuid
from contextlib import suppress
from pathlib import Path

from sqlalchemy import Connection, insert, select, text, update

from publisher.delivery.store.database import now
from publisher.delivery.store.tables import INSTANCE

MACHINE = Path("/etc/machine-id")
LOCK = 5_321_821
"""An advisory lock of PostgreSQL, only for this."""


class StrangerError(Exception):
    """The ledger is a copy, or was restored, or has moved."""


def instance_of(connection: Connection) -> str:
    """The id of the ledger, which belongs to this host from its first use on.

    Raises `StrangerError` when it belongs to another one.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
    row = connection.execute(select(INSTANCE)).one_or_none()
    key = _host_key(connection)
    if row is None:
        made = str(uuid.uuid4())
        connection.execute(
            insert(INSTANCE).values(id=made, host_key=key, created_at=now(connection))
        )
        return made
    if row.host_key != key:
        raise StrangerError(
            "this database was copied or restored: what was sent since then is not in it, and"
            " would be sent again; if that cannot be, adopt it"
        )
    return str(row.id)


def adopt(connection: Connection) -> None:
    """Let a ledger belong to this host from now on, as a person has decided."""
    connection.execute(update(INSTANCE).values(host_key=_host_key(connection)))


def _host_key(connection: Connection) -> str:
    """What a copy differs in: of SQLite the file's inode and the machine, of PostgreSQL the server.

    Several machines may use one PostgreSQL.
    """
    if connection.dialect.name == "sqlite":
        file = connection.engine.url.database
        inode = str(Path(file).stat().st_ino) if file and Path(file).exists() else ""
        machine = ""
        with suppress(OSError):  # there may be none in a container
            machine = MACHINE.read_text("ascii").strip()
        return _digest("sqlite", machine, inode)
    may_ask = connection.execute(
        text("SELECT has_function_privilege('pg_control_system()', 'execute')")
    ).scalar_one()
    server = ""
    if may_ask:
        server = str(
            connection.execute(
                text("SELECT system_identifier FROM pg_control_system()")
            ).scalar_one()
        )
    database = connection.execute(
        text("SELECT oid FROM pg_database WHERE datname = current_database()")
    ).scalar_one()
    return _digest("postgresql", server, str(database))


def _digest(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()
