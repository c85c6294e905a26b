"""The index by which a browser searches the site, made by Pagefind."""

import subprocess
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory

from pagefind_bin import get_executable

from publisher.records.diagnostics import DiagnosedError
from publisher.rendering.codes import finding

FOLDER = "pagefind"

SEARCHED = b"data-pagefind-body"
"""Pages without this attribute are not searched."""

NEEDED = ("pagefind.js", "pagefind-worker.js", "pagefind-entry.json")
"""What its script loads by name, beside the files that begin as below; the rest is a page design
that we do without."""
NEEDED_PARTS = ("index/", "fragment/", "wasm.", "pagefind.")

SECONDS = 300
"""It takes less than one for a hundred pages; one that hangs must not hang a build."""


def engine_version() -> str:
    """Which Pagefind makes the index, for digests."""
    return f"pagefind {version('pagefind_bin')}"


def search_index(pages: Mapping[str, bytes], language: str) -> dict[str, bytes]:
    """The files of the index of some pages (name to HTML); the same for the same pages.

    Raises `DiagnosedError` (B112).
    """
    searched = {name: page for name, page in pages.items() if SEARCHED in page}
    if not searched:
        return {}
    with TemporaryDirectory() as place:
        site, index = Path(place) / "site", Path(place) / "index"
        for name, page in searched.items():
            path = site / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(page)
        _run(site, index, language.partition("-")[0])
        return dict(sorted(_needed(index).items()))


def _run(site: Path, index: Path, language: str) -> None:
    command = (get_executable(), "--site", site, "--output-path", index, "--silent",
               "--force-language", language)  # fmt: skip
    try:
        ended = subprocess.run(
            command, check=False, capture_output=True, encoding="utf-8", timeout=SECONDS
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise DiagnosedError([finding("pagefind", "B112", str(error))]) from error
    if ended.returncode:
        text = (ended.stderr or ended.stdout).strip()[-400:]
        raise DiagnosedError([finding("pagefind", "B112", text)])


def _needed(index: Path) -> dict[str, bytes]:
    names = {
        path.relative_to(index).as_posix(): path for path in index.rglob("*") if path.is_file()
    }
    return {
        f"{FOLDER}/{name}": path.read_bytes()
        for name, path in names.items()
        if name in NEEDED or name.startswith(NEEDED_PARTS)
    }
