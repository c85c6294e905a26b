"""What tests of delivery start from: a database of each kind, and real mail servers."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from publisher.delivery.store.database import Database
from tests.servers.postfix import Postfix, postfix
from tests.servers.postgres import PostgreSQL, postgresql


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgreSQL]:
    """One for each process of a run; nobody may kill it. One to kill: `postgresql()`."""
    with postgresql() as server:
        yield server


@pytest.fixture(scope="session")
def postfix_server() -> Iterator[Postfix]:
    """One for each process of a run; its Maildirs hold what other tests have sent, too."""
    with postfix() as server:
        yield server


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of an empty database, for processes that open it themselves."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'delivery.sqlite'}"
        return
    server: PostgreSQL = request.getfixturevalue("postgres_server")
    with server.database() as url:
        yield url


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """An empty database with its tables."""
    opened = Database.at(database_url)
    yield opened
    opened.close()
