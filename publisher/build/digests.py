"""Digests of what books are made from: records, theme, code."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from functools import cache
from importlib.metadata import version
from pathlib import Path

from publisher.rendering.pdf.fragment import engine_versions

PACKAGE = Path(__file__).resolve().parents[1]

LIBRARIES = ("ebooklib", "icalendar", "jinja2", "lxml", "markdown-it-py", "pikepdf", "uharfbuzz")
"""What decides, beside the engines that lay out fragments, which bytes a book has."""


Stamp = tuple[str, int, int, int]
"""A file's path, inode, size in bytes and time of its last change in nanoseconds."""


def file_digests(folder: Path, name: str) -> dict[str, str]:
    """Every file under a folder, as `name/path`, to the digest of its content.

    A file that cannot be read counts as none: whoever needs it will say so.
    """
    digests = {}
    for path in _files(folder):
        with suppress(OSError):
            digest = hashlib.sha256(path.read_bytes()).hexdigest()
            digests[f"{name}/{path.relative_to(folder).as_posix()}"] = digest
    return digests


def file_stamps(folder: Path) -> tuple[Stamp, ...]:
    """What shows, without reading them, that files under a folder have changed."""
    stamps = []
    for path in _files(folder):
        with suppress(OSError):
            stat = path.stat()
            stamps.append((str(path), stat.st_ino, stat.st_size, stat.st_mtime_ns))
    return tuple(stamps)


def _files(folder: Path) -> Iterator[Path]:
    return (path for path in sorted(folder.rglob("*")) if _counts(path.relative_to(folder), path))


def _counts(inside: Path, path: Path) -> bool:
    hidden = any(part.startswith(".") or part == "__pycache__" for part in inside.parts)
    return not hidden and path.is_file()


@cache
def code_digest() -> str:
    """The program, the engines that it lays out with, and the libraries that it joins with."""
    sources = file_digests(PACKAGE, "publisher")
    versions = *engine_versions(), *map(version, LIBRARIES)
    return digest_of([*versions, *(f"{name} {sources[name]}" for name in sources)])


def digest_of(parts: Iterable[str]) -> str:
    """One digest of texts in their order."""
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part.encode("utf-8", "surrogatepass") + b"\0")
    return digest.hexdigest()


def digest_of_files(files: Mapping[str, str]) -> str:
    """One digest of `file_digests`."""
    return digest_of(f"{name} {digest}" for name, digest in sorted(files.items()))
