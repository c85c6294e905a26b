"""A real browser, and a server of the small records with workers that make copies."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from publisher.build.folders import LocalFolder
from publisher.build.site import write_site
from publisher.delivery.store.database import Database
from publisher.records.catalogue import load_catalogue
from tests.conftest import folder_of_the_run
from tests.delivery.web.personal.records import records_at
from tests.delivery.web.program import Config
from tests.delivery.web.serving import KEYS, Web, served
from tests.runs import until
from tests.servers.postfix import Postfix, postfix
from tests.site.conftest import order
from tests.validators.epub import browser as program

expect.set_options(timeout=120_000)  # only what hangs takes so long


@pytest.fixture(scope="session")
def web(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Web]:
    """The server, once copies can be made."""
    folder = tmp_path_factory.mktemp("browser")
    (folder / "files").mkdir()
    records = records_at(folder)
    write_site(order().files(load_catalogue(records), {}), LocalFolder(folder), None)
    config = Config(
        f"sqlite:///{folder / 'delivery.sqlite'}", KEYS, str(folder / "files"),
        guides=str(records), site=str(folder / "site"),
        cache=str(folder_of_the_run(tmp_path_factory) / "browser-cache"),
    )  # fmt: skip
    Database.at(config.database).close()
    with served(config, folder) as started:
        until(lambda: started.client.get("/readyz").status_code == 200, started.process)
        yield started


@pytest.fixture(scope="module")  # as long as it is driven, `asyncio.run` fails in this process
def chromium() -> Iterator[Browser]:
    """Chromium; a test is skipped, or fails, where there is none."""
    path = program()
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture
def context(request: pytest.FixtureRequest, chromium: Browser) -> Iterator[BrowserContext]:
    """A browser of its own for a test; `pytest.mark.parametrize` may give it options."""
    made = chromium.new_context(locale="en-GB", **getattr(request, "param", {}))
    made.set_default_timeout(120_000)
    yield made
    made.close()


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """A page in which nothing goes wrong: no error of a script, nothing that a policy forbids."""
    opened = context.new_page()
    wrong: list[str] = []
    opened.on("pageerror", lambda error: wrong.append(str(error)))
    opened.on(
        "console",
        lambda said: wrong.append(said.text) if said.type in ("error", "warning") else None,
    )
    yield opened
    # A browser calls every answer from 400 on an error, and these are as they should be.
    assert [] == [each for each in wrong if "status of 422" not in each]


@pytest.fixture(scope="session")
def post() -> Iterator[Postfix]:
    """A mail server that takes everything."""
    with postfix() as server:
        yield server
