"""Finds and runs the programs that validators need."""

import os
import shutil
import subprocess
from collections.abc import Mapping
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import pytest

SECONDS = 300
"""No validator takes longer; one that hangs must not hang the tests."""


JAVA = ("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")
"""Options of a Java that runs for seconds: half the work, since less of it is for later."""


def program(*names: str, hint: str) -> str:
    """The first of these programs that is installed; otherwise the test ends as in `missing`."""
    for name in names:
        if found := shutil.which(name):
            return found
    return missing(names[0], hint)


@cache
def java(hint: str) -> str:
    """A Java that runs; macOS has one that only asks to be replaced by a real one."""
    found = program("java", hint=hint)
    return missing("java", hint) if run(found, "-version").returncode else found


def package(name: str) -> Path:
    """The folder of an installed Python package, whose code is not run."""
    spec = find_spec(name)
    assert spec, name
    assert spec.origin, name
    return Path(spec.origin).parent


def file(path: Path, hint: str) -> Path:
    """The path, if it is there; otherwise the test ends as in `missing`."""
    return path if path.exists() else Path(missing(str(path), hint))


def missing(what: str, hint: str) -> str:
    """Skip the calling test and say what to install; with PUBLISHER_REQUIRE_VALIDATORS=1 fail."""
    reason = f"{what} is not installed; {hint}"
    if os.environ.get("PUBLISHER_REQUIRE_VALIDATORS") == "1":
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)


def run(
    *command: str | Path, environment: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """The ended process, with what it wrote, whatever its exit status."""
    return subprocess.run(
        command,
        check=False,
        capture_output=True,
        encoding="utf-8",
        env={**os.environ, **(environment or {})},
        stdin=subprocess.DEVNULL,
        timeout=SECONDS,
    )


class ValidatorError(Exception):
    """A validator ended without a verdict on the file."""

    def __init__(self, process: subprocess.CompletedProcess[str]) -> None:
        super().__init__(
            f"{process.args} ended with {process.returncode}\n{process.stdout}{process.stderr}"
        )
