"""What many tests start from: the records of this repository and guides made of them."""

import fcntl
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from publisher.records.catalogue import Catalogue, load_catalogue

ROOT = Path(__file__).parent.parent
BACKGROUNDS = ("software-engineer", "frontend-developer")
"""Those of the first career whose guides the tests look at."""

OTHER_CAREER = "search-relevance-engineer"
"""One that a reader has to name."""


@dataclass(frozen=True, slots=True)
class MadeGuide:
    """The two files of one guide."""

    pdf: Path
    epub: Path


@pytest.fixture(scope="session")
def guides() -> Path:
    """The folder of the records."""
    return ROOT / "guides"


@pytest.fixture(scope="session")
def catalogue(guides: Path) -> Catalogue:
    """All records of the repository, cross-checked."""
    return load_catalogue(guides)


@pytest.fixture(scope="session")
def made_guides(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, MadeGuide]:
    """Background to the guide that the command line makes of it, once for all workers of a run."""
    folder = folder_of_the_run(tmp_path_factory)
    with only_one_process(folder / "guides.lock"):
        return {
            background: _made_guide(folder, f"made-{background}", background)
            for background in BACKGROUNDS
        }


@pytest.fixture(scope="session")
def guide_to_another_career(
    tmp_path_factory: pytest.TempPathFactory, catalogue: Catalogue
) -> MadeGuide:
    """A guide to a career that is not the first, made once for all workers of a run."""
    folder = folder_of_the_run(tmp_path_factory)
    background = next(iter(catalogue.careers[OTHER_CAREER].paths))
    with only_one_process(folder / "guides.lock"):
        return _made_guide(folder, "made-other-career", background, "--career", OTHER_CAREER)


def folder_of_the_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that all workers of a run share."""
    base = tmp_path_factory.getbasetemp()  # under xdist it is the worker's, inside the run's
    return base.parent if "PYTEST_XDIST_WORKER" in os.environ else base


@contextmanager
def only_one_process(lock: Path) -> Iterator[None]:
    """Keep other workers out meanwhile, so that one makes what the others then find."""
    with lock.open("w") as stream:
        fcntl.flock(stream, fcntl.LOCK_EX)
        yield


def _made_guide(folder: Path, name: str, background: str, *options: str) -> MadeGuide:
    made = MadeGuide(*(folder / f"{name}.{suffix}" for suffix in ("pdf", "epub")))
    if made.pdf.exists() and made.epub.exists():
        return made
    ended = subprocess.run(
        [
            sys.executable, "-m", "publisher", "guide", background, *options,
            "--name", "Ada Lovelace", "--hours", "8", "--start", "2027-01-04",
            "--output", folder, "--out-name", name,
        ],
        check=False,
        capture_output=True,
        encoding="utf-8",
        env={**os.environ, "PUBLISHER_CACHE": str(folder / "cache")},
        stdin=subprocess.DEVNULL,
    )  # fmt: skip
    assert ended.returncode == 0, ended.stderr
    return made
