"""Servers on loopback: one a module for each kind of database, and one on SQLite."""

from collections.abc import Iterator

import pytest

from publisher.delivery.store.database import Database
from tests.delivery.web.program import Config
from tests.delivery.web.serving import KEYS, Ledger, Web, served
from tests.servers.postgres import PostgreSQL


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def config(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Config]:
    """What a server of an empty database is started with; without rate limits."""
    folder = tmp_path_factory.mktemp("web")
    (folder / "files").mkdir()
    if request.param == "sqlite":
        yield Config(f"sqlite:///{folder / 'delivery.sqlite'}", KEYS, str(folder / "files"))
        return
    server: PostgreSQL = request.getfixturevalue("postgres_server")
    with server.database() as url:
        yield Config(url, KEYS, str(folder / "files"))


@pytest.fixture(scope="module")
def ledger(config: Config) -> Iterator[Ledger]:
    """The database, with a campaign; tests of a module share it, and look at their own rows."""
    database = Database.at(config.database)
    yield Ledger(database, config.folder)
    database.close()


@pytest.fixture(scope="module")
def web(config: Config, ledger: Ledger, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Web]:  # noqa: ARG001  # the tables are made first
    """A server of it."""
    with served(config, tmp_path_factory.mktemp("log")) as started:
        yield started


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Config:
    """As `config`, on SQLite alone: where the kind of database says nothing."""
    folder = tmp_path_factory.mktemp("plain")
    (folder / "files").mkdir()
    return Config(f"sqlite:///{folder / 'delivery.sqlite'}", KEYS, str(folder / "files"))


@pytest.fixture(scope="module")
def plain_ledger(plain: Config) -> Iterator[Ledger]:
    """The database of `plain`."""
    database = Database.at(plain.database)
    yield Ledger(database, plain.folder)
    database.close()


@pytest.fixture(scope="module")
def plain_web(
    plain: Config,
    plain_ledger: Ledger,  # noqa: ARG001  # as above
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Web]:
    """A server of `plain`."""
    with served(plain, tmp_path_factory.mktemp("log")) as started:
        yield started
