"""Folders: where finished files and the cache are kept, whatever holds them."""

import os
import re
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol
from uuid import uuid4

HOUR = 3600.0
"""Seconds. Uses are noted, and writers may be slow, to this exactness."""

PART = re.compile(r"\.[0-9a-f]{32}\.part")
"""What a file is called while it is being written."""


@dataclass(frozen=True, slots=True)
class File:
    """A file in a folder."""

    name: str
    """Relative to the folder, parts joined by "/"."""
    size: int
    """Bytes."""
    used: float
    """When it was last written or used, in seconds since 1970."""

    @property
    def hidden(self) -> bool:
        """Whether a part of its name begins with a dot, as that of an unfinished file does."""
        return _is_hidden(self.name)

    @property
    def left_over(self) -> bool:
        """Whether it is unfinished, and for so long that its writer must have been killed."""
        last = self.name.rpartition("/")[2]
        return bool(PART.fullmatch(last)) and time.time() - self.used > HOUR


class Folder(Protocol):
    """Files by name. It pickles, so that workers elsewhere use the same one.

    A name is relative, its parts are joined by "/", none is empty or ".."; a name that is not
    so raises `ValueError`. As text a folder is its place, for messages.
    """

    def prepare(self) -> None:
        """Make the folder if it is missing. Raises `OSError` when it cannot take files."""

    def read(self, name: str) -> bytes:
        """The content of a file. Raises `OSError`; `FileNotFoundError` when it is not there."""

    def write(self, name: str, content: bytes) -> None:
        """Write a file whole or not at all; no part of its name begins with a dot.

        Raises `OSError`; then the old file, if there is one, is untouched.
        """

    def mark_used(self, name: str, content: bytes) -> None:
        """Count a file, which holds `content`, as used now, to the hour. Failing is no error."""

    def remove(self, *names: str) -> None:
        """Remove files; one that is not there is no error. Raises `OSError`."""

    def files(self, *, unfinished: bool = False) -> Iterator[File]:
        """All files, in no order; those that are being written only if `unfinished`.

        Raises `OSError`.
        """


@dataclass(frozen=True, slots=True)
class LocalFolder:
    """A folder of this machine's file system."""

    path: Path

    def __str__(self) -> str:
        return str(self.path)

    def __reduce__(self) -> tuple[type["LocalFolder"], tuple[Path]]:
        # A worker may have another working directory.
        return LocalFolder, (self.path.absolute(),)

    def prepare(self) -> None:
        """Make the folder. Raises `OSError` when it cannot be made or written."""
        self.path.mkdir(parents=True, exist_ok=True)
        probe = self.path / part_name()
        probe.touch()
        probe.unlink()

    def read(self, name: str) -> bytes:
        """The content of a file. Raises `OSError`."""
        return (self.path / checked(name)).read_bytes()

    def write(self, name: str, content: bytes) -> None:
        """Write a file whole or not at all. Raises `OSError`."""
        write_whole(self.path / visible(name), content)

    def mark_used(self, name: str, content: bytes) -> None:  # noqa: ARG002  # others rewrite it
        """Set the file's time to now if it is more than an hour off."""
        path = self.path / checked(name)
        with suppress(OSError):
            if abs(time.time() - path.stat().st_mtime) > HOUR:
                os.utime(path)

    def remove(self, *names: str) -> None:
        """Remove files, and folders inside this one that hold nothing then. Raises `OSError`."""
        for name in names:
            path = self.path / checked(name)
            path.unlink(missing_ok=True)
            with suppress(OSError):  # one that is not empty stays
                for folder in path.parents[: name.count("/")]:
                    folder.rmdir()

    def files(self, *, unfinished: bool = False) -> Iterator[File]:
        """All files; those that are being written only if `unfinished`. Raises `OSError`."""
        return (file for file in _files_below(self.path, "") if unfinished or not file.hidden)


def checked(name: str) -> str:
    """A name that stays inside its folder. Raises `ValueError`."""
    if "\0" in name or any(part in ("", ".", "..") for part in name.split("/")):
        raise ValueError(f"{name!r} is no name of a file inside a folder")
    return name


def visible(name: str) -> str:
    """A name that `Folder.files` will list. Raises `ValueError`."""
    if _is_hidden(checked(name)):
        raise ValueError(f"{name!r}: a name that begins with a dot is kept for unfinished files")
    return name


def part_name() -> str:
    """A new name for a file that is being written."""
    # Not made of the final name, which may be as long as the file system allows.
    return f".{uuid4().hex}.part"


def write_whole(path: Path, content: bytes) -> None:
    """Write a file under a temporary name and move it into place.

    Raises `OSError`; then the old file, if there is one, is untouched.
    """
    part = path.with_name(part_name())
    try:
        with _new(part) as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except BaseException:
        with suppress(OSError):  # what went wrong first is what matters
            part.unlink(missing_ok=True)
        raise


def _new(path: Path) -> BinaryIO:
    """A new file, opened, in a folder that is made if it is missing. Raises `OSError`."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        return path.open("xb")
    except FileNotFoundError:  # another process has just removed the folder, since it was empty
        path.parent.mkdir(parents=True, exist_ok=True)
        return path.open("xb")


def _is_hidden(name: str) -> bool:
    return name.startswith(".") or "/." in name


def _files_below(folder: Path, inside: str) -> Iterator[File]:
    """Files of a folder and of those in it, hidden folders left out. Raises `OSError`."""
    try:
        with os.scandir(folder) as scan:
            entries = list(scan)
    except FileNotFoundError:
        return  # not made yet, or removed by somebody since its parent was listed
    for entry in entries:
        if not entry.is_dir():
            with suppress(FileNotFoundError):
                stat = entry.stat()
                yield File(inside + entry.name, stat.st_size, stat.st_mtime)
        elif not entry.name.startswith(".") and not entry.is_symlink():
            yield from _files_below(folder / entry.name, f"{inside}{entry.name}/")
