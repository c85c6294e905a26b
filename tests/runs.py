"""Runs of the command line in processes of their own, and what they leave."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from tests.conftest import ROOT

SMALL = ROOT / "tests" / "records" / "fixtures" / "good"
"""Records whose books are made in seconds."""

SOON = 900
"""Seconds after which a run must have ended: only one that hangs takes so long."""

Run = subprocess.Popen[str]

AT_THE_FIRST = """
import os, signal, threading
from pathlib import Path
from publisher.build import executors
from publisher.cli import progress
executors.WAITING = 1
shown = progress.shown
def then_act(receipts, total):
    for number, receipt in enumerate(shown(receipts, total)):
        if number == 0:
            act()
        yield receipt
progress.shown = then_act
def act():
"""
"""Put in front of a run: what is indented behind it is done when the first book has been made.

Each worker has at most one other in hand then, and gets the next one only after that.
"""


def readers_file(path: Path, count: int, pace: int = 5) -> Path:
    """A file of readers of the small records, all different; `pace` is their hours a week."""
    lines = [f"Reader{i:03},surveyor,{pace},2027-01-{1 + i % 28:02}\n" for i in range(count)]
    path.write_text("name,background,hours_per_week,start\n" + "".join(lines), "utf-8")
    return path


def start(
    *arguments: str | Path, cache: str | Path, before: str = "", **environment: str | int
) -> Run:
    """Begin a command as the leader of a group of processes. `before` is Python run first."""
    program = f"{before}\nfrom publisher.cli import main\nmain(prog_name='publisher')"
    variables = {name: str(value) for name, value in environment.items()}
    return subprocess.Popen(
        [sys.executable, "-c", program, *map(str, arguments)],
        cwd=ROOT, env={**os.environ, "PUBLISHER_CACHE": str(cache), **variables},
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        encoding="utf-8", start_new_session=True,
    )  # fmt: skip


def ended(run: Run) -> "subprocess.CompletedProcess[str]":
    """A run that has ended by itself, with what it said."""
    out, err = run.communicate(timeout=SOON)
    return subprocess.CompletedProcess(run.args, run.returncode, out, err)


def publisher(
    *arguments: str | Path, cache: str | Path, before: str = "", **environment: str | int
) -> "subprocess.CompletedProcess[str]":
    """A command, from its beginning to its end."""
    return ended(start(*arguments, cache=cache, before=before, **environment))


def publisher_with(
    mount: str, folder: Path, *arguments: str | Path, cache: str | Path
) -> "subprocess.CompletedProcess[str]":
    """A command for which alone `mount`, a line of shell, mounts something at $FOLDER.

    It begins with what is in `folder`, and what is then in it is put into `folder` again.
    """
    space = ["unshare", "--user", "--map-root-user", "--mount"]
    if not shutil.which("unshare") or subprocess.run([*space, "true"], check=False).returncode:
        pytest.skip("this system does not let a process mount something for itself")
    begin = f'cp -R "$FOLDER" "$FOLDER-was"; {mount}; cp -R "$FOLDER-was/." "$FOLDER" 2>/dev/null'
    end = 'mkdir "$FOLDER-is"; cp -R "$FOLDER/." "$FOLDER-is"; exit "$status"'
    shell = f'{begin}; "$@"; status=$?; {end}'
    said = subprocess.run(
        [*space, "sh", "-c", shell, "sh", sys.executable, "-m", "publisher", *map(str, arguments)],
        cwd=ROOT, env={**os.environ, "PUBLISHER_CACHE": str(cache), "FOLDER": str(folder)},
        capture_output=True, encoding="utf-8", check=False,
    )  # fmt: skip
    shutil.rmtree(folder)
    Path(f"{folder}-is").rename(folder)
    return said


def killed(run: Run, seconds: float) -> bool:
    """Kill a run with all its processes after some seconds; False if it has ended before."""
    try:
        run.wait(seconds)
    except subprocess.TimeoutExpired:
        os.killpg(run.pid, signal.SIGKILL)
        run.communicate()
        return True
    return False


def contents(folder: Path) -> dict[str, bytes]:
    """Name to bytes of the files in a folder, but those whose writer was killed or writes yet."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.name.startswith(".")
    }


def until(true: Callable[[], object], run: Run | None = None) -> None:
    """Wait until something is so, but not for ever, and not longer than a run takes."""
    end = time.monotonic() + SOON
    while not true():
        assert time.monotonic() < end, "it never came to that"
        assert run is None or run.poll() is None, run and run.communicate()
        time.sleep(0.02)


def children(parent: int) -> list[int]:
    """The processes that a process has started, and that run."""
    return [pid for pid, started_by, _ in _processes() if started_by == parent]


def group(leader: int) -> list[int]:
    """The processes of a group, that run."""
    return [pid for pid, _, leads in _processes() if leads == leader]


def _processes() -> list[tuple[int, int, int]]:
    """Every process that runs, its parent and the leader of its group."""
    ended = subprocess.run(
        ["ps", "-A", "-o", "stat=,pid=,ppid=,pgid="], capture_output=True, text=True, check=True
    )
    rows = [line.split() for line in ended.stdout.splitlines()]
    return [(int(pid), int(up), int(leads)) for state, pid, up, leads in rows if state[0] != "Z"]


def assert_well(said: "subprocess.CompletedProcess[str]", status: int = 0) -> None:
    """The command ended with `status`, and Python said nothing."""
    assert status == said.returncode, said.stderr
    assert "Traceback" not in said.stdout + said.stderr, said.stderr


def counts(summary: str) -> Mapping[str, int]:
    """What the last line of a command counts: `3 made, 0 kept, …`."""
    parts = [part.split(" ", 1) for part in summary.splitlines()[-1].split(", ")]
    return {word: int(number) for number, word in parts if number.isdigit()}
