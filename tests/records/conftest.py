"""The smallest folder of records without a mistake, to copy and to spoil."""

import shutil
from pathlib import Path

import pytest

FIXTURES = Path(__file__).with_name("fixtures")


@pytest.fixture
def good(tmp_path: Path) -> Path:
    """A copy of the good records, for a test to change."""
    return Path(shutil.copytree(FIXTURES / "good", tmp_path / "guides"))
