"""The site of the real records and of the small ones, and a real server of the former."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from publisher.build.folders import LocalFolder
from publisher.build.site import SiteOrder, write_site
from publisher.records.catalogue import Catalogue, load_catalogue
from publisher.settings import CHECKOUT
from tests.conftest import ROOT
from tests.runs import SMALL

BASE = "http://127.0.0.1:8000"
SAMPLE = {"vector-database-engineer-handbook-sample.pdf": b"%PDF-1.7 stands for a sample"}


def order(base_url: str = BASE) -> SiteOrder:
    """The order of a site with the themes of this checkout."""
    themes = CHECKOUT / "themes"
    return SiteOrder(themes / "default", themes / "web", base_url, "1 Example Street")


@pytest.fixture(scope="session")
def files(catalogue: Catalogue) -> Mapping[str, bytes]:
    """The files of the site of the real records."""
    return order().files(catalogue, SAMPLE)


@pytest.fixture(scope="session")
def small_files() -> Mapping[str, bytes]:
    """The files of the site of other records, of one career that no code names."""
    return order("https://guides.example/of").files(load_catalogue(SMALL), {})


@pytest.fixture(scope="session")
def folder(files: Mapping[str, bytes], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the site of the real records."""
    place = tmp_path_factory.mktemp("out")
    write_site(files, LocalFolder(place), None)
    return place / "site"


@pytest.fixture(scope="session")
def address(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where `publisher serve` serves it."""
    place = tmp_path_factory.mktemp("serve")
    variables = {
        "PUBLISHER_DATABASE": f"sqlite:///{place / 'delivery.sqlite'}",
        "PUBLISHER_FILES": str(place / "files"),
        "PUBLISHER_SECRET_KEYS_FILE": str(place / "keys"),
        "PUBLISHER_BASE_URL": BASE,
        "PUBLISHER_GUIDES": str(SMALL),  # of which copies are ready sooner; none is asked for
        "PYTHONPATH": str(ROOT),
    }
    command = [sys.executable, "-m", "publisher", "serve", "--port", "0", "--site", str(folder)]
    with (
        (place / "log").open("wb") as log,
        subprocess.Popen(
            command, cwd=place, env={**os.environ, **variables}, stdout=subprocess.PIPE,
            stderr=log, text=True,
        ) as server,
    ):  # fmt: skip
        try:
            assert server.stdout
            line = server.stdout.readline()
            match = re.search(r"http://\S+", line)
            assert match, (place / "log").read_text()
            yield match[0]
        finally:
            server.terminate()
            server.wait(60)
