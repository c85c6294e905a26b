"""A server of the small records, with workers that make copies."""

from collections.abc import Iterator

import pytest

from publisher.delivery.store.database import Database
from tests.delivery.web.personal.records import records_at
from tests.delivery.web.program import Config
from tests.delivery.web.serving import KEYS, Web, served
from tests.runs import until


@pytest.fixture(scope="package")
def personal_config(tmp_path_factory: pytest.TempPathFactory) -> Config:
    """What the server is started with; without rate limits."""
    folder = tmp_path_factory.mktemp("personal")
    (folder / "files").mkdir()
    return Config(
        f"sqlite:///{folder / 'delivery.sqlite'}", KEYS, str(folder / "files"),
        guides=str(records_at(folder)), cache=str(folder / "cache"),
    )  # fmt: skip


@pytest.fixture(scope="package")
def personal_database(personal_config: Config) -> Iterator[Database]:
    """Its database."""
    database = Database.at(personal_config.database)
    yield database
    database.close()


@pytest.fixture(scope="package")
def personal_web(
    personal_config: Config,
    personal_database: Database,  # noqa: ARG001  # the tables are made first
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Web]:
    """The server, once copies can be made."""
    with served(personal_config, tmp_path_factory.mktemp("log")) as web:
        until(lambda: web.client.get("/readyz").status_code == 200, web.process)
        yield web
