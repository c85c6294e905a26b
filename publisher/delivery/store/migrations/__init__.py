"""Migrations: they make the tables, and change those that an older version has made.

`python -m publisher.delivery.store.migrations` writes a new one.
"""

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, func, inspect, select, text

if TYPE_CHECKING:  # Alembic takes longer to load than most commands take
    from alembic.config import Config

HERE = Path(__file__).parent

LOCK = 0x9B1D5
"""Number of the lock that a process holds while it migrates PostgreSQL; any number will do."""


def migrate(engine: Engine) -> None:
    """Bring a database to this version; of several processes one does it, and the others wait.

    Raises `ValueError` when it is a newer version's, or not one of ours.
    """
    with engine.connect().execution_options(begins="DEFERRED") as connection:
        if revision_of(connection) == newest_revision():
            return
    with engine.begin() as connection:  # in SQLite, only one writing transaction goes on at once
        if connection.dialect.name == "postgresql":
            connection.execute(select(func.pg_advisory_xact_lock(LOCK)))
        _upgrade(connection)


def newest_revision() -> str:
    """The revision that this version of the program works with."""
    return max(_revisions())


def revision_of(connection: Connection) -> str | None:
    """The revision of a database, or None if it is empty."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return found


def config_for(connection: Connection) -> "Config":
    """What Alembic needs to know in order to work on a connection."""
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(HERE).replace("%", "%%"))
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    config.attributes["connection"] = connection
    return config


def _upgrade(connection: Connection) -> None:
    from alembic import command  # noqa: PLC0415

    found = revision_of(connection)
    if found is None and inspect(connection).has_table("campaign"):
        raise ValueError("the database holds tables that are not ours; name another one")
    if found is not None and found not in _revisions():
        newest = newest_revision()
        raise ValueError(
            f"the database is a newer version's (revision {found}; this version knows those up to "
            f"{newest}); update the program"
        )
    command.upgrade(config_for(connection), "head")


def _revisions() -> set[str]:
    """Every file begins with its revision."""
    return {path.name.partition("_")[0] for path in (HERE / "versions").glob("[0-9]*.py")}
