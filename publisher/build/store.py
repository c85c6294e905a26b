"""A folder of things by the digest of what they were made from."""

import hashlib
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Store:
    """Bytes by key. A damaged or unreadable entry counts as missing."""

    folder: Path

    def get(self, key: str) -> bytes | None:
        """The bytes kept under `key`, or None."""
        try:
            data = self._path(key).read_bytes()
        except OSError:
            return None
        digest, content = data[:32], data[32:]
        return content if hashlib.sha256(content).digest() == digest else None

    def put(self, key: str, content: bytes) -> None:
        """Keep `content` under `key`. A cache that cannot be written is no failure."""
        try:
            write_whole(self._path(key), hashlib.sha256(content).digest() + content)
        except OSError:
            return

    def _path(self, key: str) -> Path:
        return self.folder / key[:2] / key


def write_whole(path: Path, content: bytes) -> None:
    """Write a file under a temporary name and move it into place.

    Raises `OSError`; then the old file, if there is one, is untouched.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
