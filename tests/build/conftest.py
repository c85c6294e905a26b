"""Folders of every kind, for tests that hold for all of them."""

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from fsspec.implementations.memory import MemoryFileSystem

from publisher.build.folders import Folder
from publisher.build.places import folder_at
from tests.s3 import bucket, s3_server  # noqa: F401  # fixtures are found by name in this file


@pytest.fixture
def memory() -> Iterator[str]:
    """The URL of an empty folder in this process's memory."""
    url = f"memory://{uuid4().hex}/inside"
    yield url
    MemoryFileSystem.store.clear()


@pytest.fixture(params=["local", "memory", "s3"])
def folder(request: pytest.FixtureRequest, tmp_path: Path) -> Folder:
    """An empty folder, which nobody has made yet."""
    if request.param == "local":
        return folder_at(tmp_path / "folder")
    if request.param == "memory":
        return folder_at(request.getfixturevalue("memory"))
    return folder_at(f"{request.getfixturevalue('bucket')}/pre fix")
