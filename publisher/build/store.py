"""A cache: things by the digest of what they were made from."""

import hashlib
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from publisher.build.folders import File, Folder
from publisher.build.folders import write_whole as write_whole  # noqa: PLC0414  # callers' name
from publisher.build.places import folder_at

DEFAULT_CAP = 2_000_000_000
"""Bytes that a cache may hold."""

REST = 600.0
"""Seconds for which a cache is let alone that did not answer."""

KEY = re.compile(r"[0-9a-f]{3,}")
ENTRY = re.compile(r"([0-9a-f]{2})/\1[0-9a-f]+")
"""A name that is ours: nothing else is ever removed, whatever folder the cache was put into."""

DIGEST = 32
"""Bytes in front of the content."""


@dataclass(frozen=True, slots=True)
class Holdings:
    """What a cache holds. Sizes are in bytes, times in seconds since 1970."""

    entries: int
    size: int
    oldest: float | None
    newest: float | None
    leftovers: int


@dataclass(frozen=True, slots=True)
class Pruned:
    """What was removed from a cache, and what stays. Sizes are in bytes."""

    entries: int = 0
    size: int = 0
    leftovers: int = 0
    entries_left: int = 0
    size_left: int = 0


class Store:
    """Bytes by key, a key being a digest in lower case hexadecimal.

    A damaged or unreadable entry counts as missing. Processes may get, put and prune at once.
    """

    def __init__(self, place: Folder | Path | str, cap: int = DEFAULT_CAP) -> None:
        """A cache in a folder or at a path or URL, which holds up to `cap` bytes once trimmed.

        Raises `ValueError` when the place is none.
        """
        self.folder = folder_at(place) if isinstance(place, Path | str) else place
        self.cap = cap
        self.trouble: str | None = None
        """Why something could not be kept or had; None while all went well."""
        self.changed = False
        """Whether this process has put anything; others may have."""
        self._rests_until = 0.0

    def __reduce__(self) -> tuple[type["Store"], tuple[Folder, int]]:
        return Store, (self.folder, self.cap)

    def get(self, key: str) -> bytes | None:
        """The bytes kept under `key`, or None."""
        if self._rests():
            return None
        name = _name(key)
        try:
            data = self.folder.read(name)
        except FileNotFoundError:
            return None
        except OSError as error:
            self._notice(error)
            return None
        digest, content = data[:DIGEST], data[DIGEST:]
        if hashlib.sha256(content).digest() != digest:
            return None
        self.folder.mark_used(name, data)
        return content

    def put(self, key: str, content: bytes) -> None:
        """Keep `content` under `key`. A cache that cannot be written is no failure."""
        if self._rests():
            return
        try:
            self.folder.write(_name(key), hashlib.sha256(content).digest() + content)
        except OSError as error:
            self._notice(error)
        else:
            self.changed = True

    def trim(self) -> Pruned:
        """Keep to the cap. A cache that cannot be trimmed is no failure.

        It lists all entries, so it is for the end of a run that has put something.
        """
        if self._rests():
            return Pruned()
        try:
            return self.prune(self.cap)
        except OSError as error:
            self._notice(error)
            return Pruned()

    def prune(self, cap: int) -> Pruned:
        """Remove the entries not used for longest until at most `cap` bytes stay, and leftovers.

        Raises `OSError`.
        """
        entries, leftovers = self._listed()
        entries.sort(key=lambda entry: (entry.used, entry.name))
        size = _size(entries)
        gone = list(_beyond(cap, size, entries))
        self.folder.remove(*(file.name for file in (*gone, *leftovers)))
        return Pruned(
            entries=len(gone),
            size=_size(gone),
            leftovers=len(leftovers),
            entries_left=len(entries) - len(gone),
            size_left=size - _size(gone),
        )

    def holdings(self) -> Holdings:
        """What the cache holds. Raises `OSError`."""
        entries, leftovers = self._listed()
        used = [entry.used for entry in entries]
        return Holdings(
            entries=len(entries),
            size=_size(entries),
            oldest=min(used, default=None),
            newest=max(used, default=None),
            leftovers=len(leftovers),
        )

    def _listed(self) -> tuple[list[File], list[File]]:
        """Entries, and what killed writers left. Raises `OSError`."""
        files = list(self.folder.files(unfinished=True))
        entries = [file for file in files if ENTRY.fullmatch(file.name)]
        return entries, [file for file in files if file.left_over]

    def _rests(self) -> bool:
        return time.monotonic() < self._rests_until

    def _notice(self, error: OSError) -> None:
        self.trouble = error.strerror or str(error)
        if isinstance(error, ConnectionError):  # each further try may take minutes
            self._rests_until = time.monotonic() + REST


def _name(key: str) -> str:
    if not KEY.fullmatch(key):
        raise ValueError(f"{key!r} is no digest")
    return f"{key[:2]}/{key}"


def _size(files: list[File]) -> int:
    return sum(file.size for file in files)


def _beyond(cap: int, size: int, entries: list[File]) -> Iterator[File]:
    """The first of `entries`, `size` bytes in all, without which the rest fits into `cap`."""
    for entry in entries:
        if size <= cap:
            return
        size -= entry.size
        yield entry
