"""The same inputs give the same bytes: elsewhere, at another time, from another cache."""

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.conftest import BACKGROUNDS, ROOT, MadeGuide

ANSWERS = ("--name", "Ada Lovelace", "--hours", "8", "--start", "2027-01-04")

COMMAND = ("-m", "publisher", "guide", "software-engineer", *ANSWERS)

NAME = "vector-database-engineer-for-software-engineer"


def make(checkout: Path, out: Path, cache: Path, **environment: str) -> None:
    """Run the command in a checkout, in a process of its own."""
    subprocess.run(
        [sys.executable, *COMMAND, "-o", str(out)],
        cwd=checkout, check=True, capture_output=True,
        env={**os.environ, "PYTHONPATH": str(checkout), "PUBLISHER_CACHE": str(cache),
             **environment},
    )  # fmt: skip


@pytest.fixture
def elsewhere(tmp_path: Path) -> Path:
    """The product in another folder."""
    checkout = tmp_path / "else where"
    for part in ("publisher", "guides", "themes"):
        shutil.copytree(ROOT / part, checkout / part, ignore=shutil.ignore_patterns("__pycache__"))
    return checkout


def test_another_checkout_seed_and_time_zone_give_the_same_bytes(
    made_guides: Mapping[str, MadeGuide], elsewhere: Path, tmp_path: Path
) -> None:
    make(
        elsewhere, tmp_path / "out", tmp_path / "cold",
        PYTHONHASHSEED="4711", TZ="Pacific/Kiritimati", LC_ALL="C", SOURCE_DATE_EPOCH="1",
    )  # fmt: skip
    first = made_guides["software-engineer"]
    assert first.pdf.read_bytes() == (tmp_path / "out" / f"{NAME}.pdf").read_bytes()
    assert first.epub.read_bytes() == (tmp_path / "out" / f"{NAME}.epub").read_bytes()


def test_a_damaged_cache_is_mended(made_guides: Mapping[str, MadeGuide], tmp_path: Path) -> None:
    """Fragments that were cut or changed on disk are noticed and laid out again."""
    first = made_guides["software-engineer"]
    cache = tmp_path / "cache"
    shutil.copytree(first.pdf.parent / "cache", cache)
    kept = sorted(path for path in cache.rglob("*") if path.is_file())
    for path in kept[:4]:
        path.write_bytes(path.read_bytes()[:-100])
    for path in kept[4:8]:
        path.write_bytes(path.read_bytes().replace(b"endobj", b"endobk"))
    make(ROOT, tmp_path / "out", cache)
    assert first.pdf.read_bytes() == (tmp_path / "out" / f"{NAME}.pdf").read_bytes()


ONE_AFTER_ANOTHER = """
import sys
from publisher.cli import main
out, backgrounds, *answers = sys.argv[1:]
for number, background in enumerate(backgrounds.split()):
    main(["guide", background, *answers, "--output", f"{out}/{number}", "--out-name", "made"],
         standalone_mode=False)
"""


def test_a_guide_does_not_tell_what_its_process_has_made_before(
    made_guides: Mapping[str, MadeGuide], tmp_path: Path
) -> None:
    """The first of a process, those after it, and the first again are as those of a fresh one."""
    backgrounds = [*BACKGROUNDS, *BACKGROUNDS]
    cache = made_guides[BACKGROUNDS[0]].pdf.parent / "cache"
    subprocess.run(
        [sys.executable, "-c", ONE_AFTER_ANOTHER, tmp_path, " ".join(backgrounds), *ANSWERS],
        cwd=ROOT, check=True, capture_output=True,
        env={**os.environ, "PUBLISHER_CACHE": str(cache)},
    )  # fmt: skip
    for number, background in enumerate(backgrounds):
        made = tmp_path / str(number)
        assert made_guides[background].pdf.read_bytes() == (made / "made.pdf").read_bytes()
        assert made_guides[background].epub.read_bytes() == (made / "made.epub").read_bytes()
