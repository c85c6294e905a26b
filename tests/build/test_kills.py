"""A run that is killed at any moment leaves whole files, and the next one goes on from there."""

import json
import os
import re
import signal
import time
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from random import Random

import pytest

from publisher.build.folders import HOUR, PART
from publisher.build.places import folder_at
from publisher.build.receipts import Receipts
from tests.conftest import folder_of_the_run, only_one_process
from tests.runs import (
    SMALL,
    assert_well,
    contents,
    counts,
    ended,
    group,
    killed,
    publisher,
    readers_file,
    start,
    until,
)

BOOKS = {"batch": 4, "build": 3, "handbook": 0}
"""How many books a command counts."""

KILLS = 10
"""In each of a command's three chunks, which can run beside each other."""

KEPT = {"all": 1.0, "most": 0.8, "some": 0.4}
"""How much of what an undisturbed run puts into the cache is there when the first run begins."""

LAID_OUT = re.compile(r"^Fragments: \d+ kept, (\d+) to lay out$", re.MULTILINE)


@dataclass(frozen=True)
class Undisturbed:
    """What a run leaves that nobody disturbs, and its seconds with nothing and all in the cache."""

    files: Mapping[str, bytes]
    cache: Mapping[str, bytes]
    cold: float
    warm: float

    @classmethod
    def of(cls, command: str, folder: Path) -> "Undisturbed":
        """A command that has run twice in `folder`, now or earlier."""
        seconds = folder / "seconds.json"
        if not seconds.exists():
            lengths = [_seconds(command, folder / run, folder / "cache") for run in ("1", "2")]
            seconds.write_text(json.dumps(lengths))
        files = contents(folder / "1" / "out")
        assert files == contents(folder / "2" / "out")
        return cls(files, contents(folder / "cache"), *json.loads(seconds.read_text()))

    def seconds(self, kept: float) -> float:
        """How long a run may take that finds a part of the cache."""
        return self.cold + (self.warm - self.cold) * kept


def _seconds(command: str, folder: Path, cache: Path) -> float:
    began = time.monotonic()
    assert_well(publisher(*arguments(command, folder), cache=cache))
    return time.monotonic() - began


def arguments(command: str, folder: Path) -> list[str | Path]:
    """A command that makes books in `folder`/out."""
    folder.mkdir(parents=True, exist_ok=True)
    readers = [readers_file(folder / "readers.csv", BOOKS["batch"])] if command == "batch" else []
    return [command, *readers, "--guides", SMALL, "--output", folder / "out", "--workers", "2"]


@pytest.fixture(params=BOOKS)
def command(request: pytest.FixtureRequest) -> str:
    """Each command that makes several files."""
    name: str = request.param
    return name


@pytest.fixture
def undisturbed(command: str, tmp_path_factory: pytest.TempPathFactory) -> Undisturbed:
    """What nobody disturbed, made once for all workers of a run."""
    folder = folder_of_the_run(tmp_path_factory) / f"undisturbed-{command}"
    folder.mkdir(exist_ok=True)
    with only_one_process(folder / "lock"):
        return Undisturbed.of(command, folder)


@pytest.mark.parametrize("kept", KEPT)
def test_killed_runs_end_as_if_nobody_had_killed_them(
    command: str, kept: str, undisturbed: Undisturbed, tmp_path: Path
) -> None:
    """Each is killed again and again until it is faster, and then compared."""
    random = Random(f"{command} {kept}")  # noqa: S311  # moments, no secrets
    kills = 0
    for number in count():
        if kills == KILLS:
            break
        folder = tmp_path / str(number)
        cache = folder / "cache"
        fill(cache, undisturbed, random, KEPT[kept])
        done, missing = 0, len(undisturbed.cache)
        while True:
            run = start(*arguments(command, folder), cache=cache)
            seconds = random.uniform(0, undisturbed.seconds(KEPT[kept]))
            if kills == KILLS or not killed(run, seconds):
                break
            kills += 1
            done = finished(folder / "out", undisturbed)
            missing = len(undisturbed.cache.keys() - contents(cache))
        said = ended(run)
        assert_well(said)
        assert undisturbed.files == contents(folder / "out")
        assert_went_on(said.stderr, BOOKS[command], done, missing)


def fill(cache: Path, undisturbed: Undisturbed, random: Random, share: float) -> None:
    """Put a share of what an undisturbed run keeps into a cache."""
    for name, content in undisturbed.cache.items():
        if random.random() < share:
            (cache / name).parent.mkdir(parents=True, exist_ok=True)
            (cache / name).write_bytes(content)


def finished(out: Path, undisturbed: Undisturbed) -> int:
    """How many books a killed run has finished; no file that one can see is half written."""
    if not out.exists():
        return 0
    for name, content in contents(out).items():
        if name.startswith("receipts/"):
            json.loads(content)
        else:
            assert undisturbed.files[name] == content
    unfinished = [path.name for path in out.rglob(".*") if path.is_file()]
    assert all(map(PART.fullmatch, unfinished))
    return len(Receipts(folder_at(out)).earlier())


def assert_went_on(said: str, total: int, done: int, missing: int) -> None:
    """The last run made only what was not finished, and laid out only what was not kept."""
    laid_out = sum(map(int, LAID_OUT.findall(said)))
    assert laid_out <= missing
    if total and "nothing has changed" not in said:
        assert (total - done, done) == (counts(said)["made"], counts(said)["kept"])
    elif total:
        assert done == total


KILL = """
import os, signal
from publisher.build.folders import LocalFolder
write, remove = LocalFolder.write, LocalFolder.remove
def deadly_write(folder, name, content):
    if name == "manifest.json" and MOMENT == "before the manifest":
        os.killpg(0, signal.SIGKILL)
    write(folder, name, content)
    if name == "manifest.json" and MOMENT == "after the manifest":
        os.killpg(0, signal.SIGKILL)
def deadly_remove(folder, *names):
    remove(folder, *names[:2])
    if any(name.startswith("receipts/") for name in names) and MOMENT == "among the receipts":
        os.killpg(0, signal.SIGKILL)
    remove(folder, *names[2:])
LocalFolder.write, LocalFolder.remove = deadly_write, deadly_remove
"""
"""Makes the first process kill all of its group at a moment of the end of a run."""


@pytest.mark.parametrize("command", ["batch"])
@pytest.mark.parametrize(
    "moment", ["before the manifest", "after the manifest", "among the receipts"]
)
def test_killed_at_its_end(
    command: str, moment: str, undisturbed: Undisturbed, tmp_path: Path
) -> None:
    cache = tmp_path / "cache"
    fill(cache, undisturbed, Random(0), 1)  # noqa: S311  # as above
    run = publisher(*arguments(command, tmp_path), cache=cache, before=f"MOMENT = {moment!r}{KILL}")
    assert run.returncode == -signal.SIGKILL, run.stderr
    assert BOOKS[command] == finished(tmp_path / "out", undisturbed)
    said = publisher(*arguments(command, tmp_path), cache=cache)
    assert_well(said)
    assert undisturbed.files == contents(tmp_path / "out")
    assert_went_on(said.stderr, BOOKS[command], BOOKS[command], 0)


@pytest.mark.parametrize("command", ["batch"])
def test_workers_end_with_a_killed_parent(
    command: str, undisturbed: Undisturbed, tmp_path: Path
) -> None:
    """An orphan would go on, and write over what the next run has made."""
    cache = tmp_path / "cache"
    fill(cache, undisturbed, Random(0), 1)  # noqa: S311  # as above
    run = start(*arguments(command, tmp_path), cache=cache)
    until(lambda: list(tmp_path.glob("out/receipts/*.json")), run)
    os.kill(run.pid, signal.SIGKILL)
    run.communicate()
    until(lambda: not group(run.pid))
    finished(tmp_path / "out", undisturbed)
    assert_well(publisher(*arguments(command, tmp_path), cache=cache))
    assert undisturbed.files == contents(tmp_path / "out")


@pytest.mark.parametrize("command", ["batch"])
def test_what_killed_writers_left_is_removed_in_the_end(
    command: str, undisturbed: Undisturbed, tmp_path: Path
) -> None:
    """An hour later, since by then no writer is so slow."""
    cache = tmp_path / "cache"
    fill(cache, undisturbed, Random(0), 1)  # noqa: S311  # as above
    (tmp_path / "out").mkdir()
    old, new = (tmp_path / "out" / f".{digit * 32}.part" for digit in "01")
    for path, age in ((old, 2 * HOUR), (new, 0)):
        path.write_bytes(b"half")
        os.utime(path, (time.time() - age,) * 2)
    assert_well(publisher(*arguments(command, tmp_path), cache=cache))
    assert [new] == list((tmp_path / "out").glob(".*"))
