"""Migrations make the very tables that the program works with, whoever comes first."""

import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, create_engine, inspect, text

from publisher.delivery.store.database import Database
from publisher.delivery.store.migrations import config_for, newest_revision
from publisher.delivery.store.tables import METADATA

LISTS = ("columns", "foreign_keys", "unique_constraints", "indexes", "check_constraints")

OPEN = (
    "import sys; from publisher.delivery.store.database import Database; Database.at(sys.argv[1])"
)


@pytest.fixture
def unused(database_url: str) -> Iterator[Engine]:
    """An empty database without tables."""
    engine = create_engine(database_url)
    yield engine
    engine.dispose()


def shape(engine: Engine) -> dict[str, Any]:
    """All that a database says of its tables."""
    found = inspect(engine)
    tables = sorted(set(found.get_table_names()) - {"alembic_version", "sqlite_sequence"})
    shapes: dict[str, Any] = {}
    for table in tables:
        lists = {kind: getattr(found, f"get_{kind}")(table) for kind in LISTS}
        shapes[table] = {kind: sorted(map(repr, each)) for kind, each in lists.items()}
        shapes[table]["primary key"] = found.get_pk_constraint(table)
    return shapes


def test_migrations_make_what_the_tables_say(database_url: str, unused: Engine) -> None:
    METADATA.create_all(unused)
    expected = shape(unused)
    assert set(METADATA.tables) == set(expected)
    assert any("state" in check for check in expected["delivery"]["check_constraints"])
    METADATA.drop_all(unused)
    Database.at(database_url).close()
    assert expected == shape(unused)


def test_nothing_is_left_for_another_migration(database: Database) -> None:
    """If this fails, write one: `python -m publisher.delivery.store.migrations WORDS`."""
    with database.reading() as connection:
        assert [] == compare_metadata(MigrationContext.configure(connection), METADATA)


def test_each_migration_follows_one_other(database: Database) -> None:
    with database.reading() as connection:
        script = ScriptDirectory.from_config(config_for(connection))
        assert newest_revision() == script.get_current_head()
        assert newest_revision() == connection.scalar(text("SELECT * FROM alembic_version"))


def test_processes_that_open_a_new_database_at_once_are_all_well(database_url: str) -> None:
    command = [sys.executable, "-c", OPEN, database_url]
    processes = [subprocess.Popen(command, stderr=subprocess.PIPE) for _ in range(4)]
    ends = [process.communicate()[1].decode() for process in processes]
    assert [""] * 4 == ends
    opened = Database.at(database_url)
    with opened.reading() as connection:
        assert 1 == connection.scalar(text("SELECT count(*) FROM alembic_version"))
    opened.close()


def test_opening_again_changes_nothing(database: Database, database_url: str) -> None:
    with database.writing() as connection:
        connection.execute(text("INSERT INTO pause (key, until, cause) VALUES ('a', :t, '')"),
                           {"t": "2027-01-01 00:00:00+00:00"})  # fmt: skip
    Database.at(database_url).close()
    with database.reading() as connection:
        assert 1 == connection.scalar(text("SELECT count(*) FROM pause"))


def test_the_database_of_a_newer_version_is_refused(database: Database, database_url: str) -> None:
    with database.writing() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(ValueError, match=r"newer version's \(revision 9999.*update the program"):
        Database.at(database_url)


def test_tables_of_someone_else_are_left_alone(database_url: str, unused: Engine) -> None:
    with unused.begin() as connection:
        connection.execute(text("CREATE TABLE campaign (id INTEGER)"))
    with pytest.raises(ValueError, match="not ours"):
        Database.at(database_url)
    assert ["campaign"] == inspect(unused).get_table_names()


def test_a_url_that_is_wrong_is_not_repeated() -> None:
    """It may hold a password."""
    with pytest.raises(ValueError, match="no database URL") as refused:
        Database.at("postgresql//user:secret@host")
    assert "secret" not in str(refused.value)
