"""Bytes that wait on disk instead of in memory."""

from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from io import BytesIO
from tempfile import TemporaryFile
from typing import IO


class Scratch:
    """A file without a name, which nobody else sees and which goes with its process.

    Where the disk takes no more, all goes on in memory.
    """

    def __init__(self) -> None:
        self.length = 0

    def __del__(self) -> None:
        self._file.close()

    def add(self, content: bytes) -> "Kept":
        """Write at the end."""
        try:
            self._write(content)
        except OSError:
            whole = self.read(0, self.length)
            with suppress(OSError):
                self._file.close()
            self._file = BytesIO(whole)
            self._write(content)
        kept = Kept(self, self.length, len(content))
        self.length += len(content)
        return kept

    def read(self, start: int, length: int) -> bytes:
        """So many bytes from a place on."""
        self._file.seek(start)
        return self._file.read(length)

    def _write(self, content: bytes) -> None:
        self._file.seek(self.length)  # over what a full disk took of the last
        self._file.write(content)
        self._file.flush()

    @cached_property
    def _file(self) -> IO[bytes]:
        try:
            return TemporaryFile()  # it closes with this object
        except OSError:
            return BytesIO()


@dataclass(frozen=True, slots=True)
class Kept:
    """Some bytes of a scratch file."""

    scratch: Scratch
    start: int
    length: int

    def read(self) -> bytes:
        """The bytes."""
        return self.scratch.read(self.start, self.length)
