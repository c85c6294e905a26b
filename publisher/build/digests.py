"""Digests of what books are made from: records, theme, code."""

import hashlib
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

from publisher.rendering.pdf.fragment import engine_versions

PACKAGE = Path(__file__).resolve().parents[1]


def file_digests(folder: Path, name: str) -> dict[str, str]:
    """Every file under a folder, as `name/path`, to the digest of its content."""
    found = (path for path in sorted(folder.rglob("*")) if _counts(path))
    return {
        f"{name}/{path.relative_to(folder).as_posix()}": hashlib.sha256(
            path.read_bytes()
        ).hexdigest()
        for path in found
    }


def _counts(path: Path) -> bool:
    hidden = path.name.startswith(".") or "__pycache__" in path.parts
    return not hidden and path.is_file()


@cache
def code_digest() -> str:
    """The program and the engines that it lays out with."""
    sources = file_digests(PACKAGE, "publisher")
    return digest_of([*engine_versions(), *(f"{name} {sources[name]}" for name in sources)])


def digest_of(parts: Iterable[str]) -> str:
    """One digest of texts in their order."""
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part.encode("utf-8", "surrogatepass") + b"\0")
    return digest.hexdigest()


def digest_of_files(files: Mapping[str, str]) -> str:
    """One digest of `file_digests`."""
    return digest_of(f"{name} {digest}" for name, digest in sorted(files.items()))
