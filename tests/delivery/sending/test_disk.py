"""A disk that is full between the two commits of a message."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT

SPACE = ["unshare", "--user", "--map-root-user", "--mount"]


def test_a_full_disk_between_the_commits(tmp_path: Path) -> None:
    """What the relay answered is kept in a place that was taken before, and entered later."""
    if not shutil.which("unshare") or subprocess.run([*SPACE, "true"], check=False).returncode:
        pytest.skip("this system does not let a process mount something for itself")
    shell = 'mount -t tmpfs -o size=2m tmpfs "$1" && exec "$2" -m tests.delivery.sending.disk "$1"'
    said = subprocess.run(
        [*SPACE, "sh", "-c", shell, "sh", tmp_path, sys.executable],
        cwd=ROOT, check=False, capture_output=True, encoding="utf-8",
    )  # fmt: skip
    assert 0 == said.returncode, said.stdout + said.stderr
    refused, end = said.stdout.splitlines()
    assert "disk is full" in refused
    assert "kept for the next time" in refused
    assert "all well" == end
