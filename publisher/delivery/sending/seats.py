"""What each connection of a worker is at, in a file that outlives the worker.

It is written without waiting for the disk: it is there for the next process, after this one was
killed. Only when the database has gone, so that a verdict cannot be entered, is the disk waited
for. The file's place is taken before, so that a full disk does not matter. Its lock tells whether
the worker lives. After a start of the machine only verdicts in it are believed.
"""

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

from publisher.delivery.sending.outcomes import Outcome
from publisher.delivery.sending.verdict import Verdict
from publisher.delivery.store.states import DeliveryState

SIZE = 4096
"""Bytes for each seat: a verdict with its longest text, every character of it escaped."""

SUFFIX = ".seats"
BOOT = Path("/proc/sys/kernel/random/boot_id")

At = Literal["composing", "offering", "in-text", "judged"]


@dataclass(frozen=True, slots=True)
class Note:
    """A connection is at the attempt `number` of a delivery."""

    delivery_id: int
    number: int
    at: At
    outcome: Outcome | None = None


class Seats:
    """The file of a worker that lives."""

    def __init__(self, folder: Path, owner: str, count: int) -> None:
        """Take the place for so many connections. Raises `OSError`."""
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._path = folder / f"{owner}{SUFFIX}"
        hidden = folder / f".{owner}"
        self._file = os.open(hidden, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
        fcntl.flock(self._file, fcntl.LOCK_EX)
        head = json.dumps({"owner": owner, "boot": _boot()}).encode()
        os.pwrite(self._file, head.ljust(SIZE * (count + 1)), 0)
        os.fsync(self._file)
        hidden.rename(self._path)  # locked before anybody can find it

    def note(self, seat: int, note: Note) -> None:
        """Say what a connection is at."""
        text = json.dumps(asdict(note)).encode()
        os.pwrite(self._file, text.ljust(SIZE)[:SIZE], SIZE * (seat + 1))

    def harden(self) -> None:
        """Wait for the disk."""
        os.fsync(self._file)

    def leave(self, *, clean: bool) -> None:
        """Let go of the file; nobody needs it if all was entered."""
        if clean:
            self._path.unlink(missing_ok=True)
        os.close(self._file)


@dataclass(frozen=True, slots=True)
class Abandoned:
    """The file of a worker that is gone. `same_boot`: the machine was not started since."""

    path: Path
    owner: str
    same_boot: bool
    notes: tuple[Note, ...]


def abandoned(folder: Path) -> Iterator[Abandoned]:
    """The files of workers that have gone; each is deleted when the next one is asked for."""
    for path in sorted(folder.glob(f"*{SUFFIX}")):
        with suppress(FileNotFoundError), path.open("rb") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                continue  # it lives
            yield _read(path, file.read())
            path.unlink(missing_ok=True)


def _read(path: Path, content: bytes) -> Abandoned:
    parts = [content[at : at + SIZE] for at in range(0, len(content), SIZE)]
    boot = ""
    with suppress(ValueError, KeyError, IndexError):
        boot = json.loads(parts[0])["boot"]
    notes = tuple(note for part in parts[1:] if (note := _note(part)))
    return Abandoned(path, path.name.removesuffix(SUFFIX), bool(boot) and boot == _boot(), notes)


def _note(part: bytes) -> Note | None:
    """None where nothing was written, or not all of it."""
    try:
        said: dict[str, Any] = json.loads(part)
        outcome = said["outcome"]
        if outcome:
            verdict = outcome["verdict"]
            verdict = Verdict(**{**verdict, "state": DeliveryState(verdict["state"])})
            said["outcome"] = Outcome(**{**outcome, "verdict": verdict})
        return Note(**said)
    except (ValueError, KeyError, TypeError):
        return None


def _boot() -> str:
    with suppress(OSError):
        return BOOT.read_text("ascii").strip()
    return ""
