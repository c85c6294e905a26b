"""Fixtures of what comes back."""

from collections.abc import Iterator

import pytest

from publisher.delivery.store.database import Database
from publisher.delivery.store.tables import METADATA
from tests.delivery.feedback.ledger import Ledger


@pytest.fixture(scope="package", params=["sqlite", "postgresql"])
def kept_database(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Database]:
    """A database of each kind, made once: most tests here take less time than that does."""
    if request.param == "sqlite":
        opened = Database.at(f"sqlite:///{tmp_path_factory.mktemp('ledger') / 'delivery.sqlite'}")
        yield opened
        opened.close()
        return
    with request.getfixturevalue("postgres_server").database() as url:
        opened = Database.at(url)
        yield opened
        opened.close()


@pytest.fixture
def ledger(kept_database: Database) -> Ledger:
    """An empty ledger."""
    with kept_database.writing() as connection:
        for table in reversed(METADATA.sorted_tables):
            connection.execute(table.delete())
    return Ledger(kept_database)
