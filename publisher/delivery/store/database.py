"""Opens the database of a URL: SQLite in one file, or PostgreSQL."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, func, make_url, select, text
from sqlalchemy.exc import ArgumentError, NoSuchModuleError

from publisher.delivery.store.migrations import migrate

PATIENCE = 30
"""Seconds for which a process waits for another one's transaction in SQLite."""


@dataclass(frozen=True)
class Database:
    """The ledger. Processes on one machine share SQLite, on several PostgreSQL."""

    engine: Engine

    @classmethod
    def at(cls, url: str) -> "Database":
        """The database of an SQLAlchemy URL, made if it is not there.

        Raises `ValueError` when the URL is wrong or the database is a newer version's,
        `sqlalchemy.exc.DBAPIError` when it does not answer or is none.
        """
        database = cls(_engine(url))
        try:
            migrate(database.engine)
        except BaseException:
            database.close()
            raise
        return database

    @property
    def is_sqlite(self) -> bool:
        """Whether one writer at a time holds the whole database."""
        return self.engine.dialect.name == "sqlite"

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that may write: all of it is durable behind the block, or none of it."""
        with self.engine.begin() as connection:
            yield connection

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A transaction that only reads, and keeps no writer out."""
        with self.engine.connect().execution_options(begins="DEFERRED") as connection:
            yield connection

    def close(self) -> None:
        """Close all connections."""
        self.engine.dispose()


def now(connection: Connection) -> datetime:
    """The database's moment, in UTC: leases of several machines go by one clock."""
    if connection.dialect.name == "sqlite":
        moment = connection.execute(text("SELECT strftime('%Y-%m-%dT%H:%M:%f+00:00', 'now')"))
        return datetime.fromisoformat(moment.scalar_one())
    found: datetime = connection.execute(select(func.clock_timestamp())).scalar_one()
    return found


def _engine(url: str) -> Engine:
    try:
        parts = make_url(url)
    except ArgumentError as error:
        form = "write sqlite:///FILE or postgresql+psycopg://…"
        raise ValueError(f"this is no database URL; {form}") from error
    if parts.get_backend_name() not in ("sqlite", "postgresql"):
        raise ValueError(f"{parts.get_backend_name()!r} is neither sqlite nor postgresql")
    try:
        if parts.get_backend_name() == "postgresql":
            parts = parts.set(drivername="postgresql+psycopg")
            return create_engine(parts, pool_pre_ping=True, hide_parameters=True)
        if parts.database and parts.database != ":memory:":
            file = Path(parts.database)
            file.parent.mkdir(parents=True, exist_ok=True)
            file.touch(mode=0o600)  # it holds addresses; its log takes over the mode
        # Parameters are addresses and names, which errors should not show.
        engine = create_engine(parts, connect_args={"timeout": PATIENCE}, hide_parameters=True)
    except NoSuchModuleError as error:
        raise ValueError(f"{parts.drivername!r}: {error}") from error
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _: object) -> None:
    connection.isolation_level = None  # transactions are SQLAlchemy's, see _begin_sqlite
    for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    # A writer that begins as a reader fails at its first write when another one was quicker.
    how = connection.get_execution_options().get("begins", "IMMEDIATE")
    connection.exec_driver_sql(f"BEGIN {how}")
