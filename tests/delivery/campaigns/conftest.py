"""Operators: on each kind of database, and on SQLite where the kind says nothing."""

from pathlib import Path

import pytest

from tests.conftest import folder_of_the_run
from tests.delivery.campaigns.operator import Operator


@pytest.fixture(scope="session")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What all books share, laid out once for all workers of a run."""
    return folder_of_the_run(tmp_path_factory) / "campaigns-cache"


@pytest.fixture
def operator(database_url: str, tmp_path: Path, cache: Path) -> Operator:
    """One on each kind of database."""
    return Operator(tmp_path, database_url, cache)


@pytest.fixture
def plain(tmp_path: Path, cache: Path) -> Operator:
    """One on SQLite."""
    return Operator(tmp_path, f"sqlite:///{tmp_path / 'delivery.sqlite'}", cache)
