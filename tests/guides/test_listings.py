"""Programs that a guide prints run, and print what the guide says.

A fence of `python` that is followed by a fence of `output` is a program with what it prints; a
reader types it in and compares. No package that it imports may be missing here: that is a failure.
"""

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

from tests.conftest import ROOT

LONGEST_PROGRAM, SHORTEST_PROGRAM, WIDEST = 28, 10, 76
"""Lines of a program, and characters of a line: what a page holds."""

ENOUGH = 15
"""So many modules at least let their readers run something."""

SECONDS = 60
"""Until a program counts as hung; alone on a machine each takes less than three."""


@dataclass(frozen=True)
class Listing:
    """Python code of a record; `output` is what it prints, None if the text does not say."""

    file: Path
    code: str
    output: str | None

    @property
    def name(self) -> str:
        """What the test is called."""
        return self.file.relative_to(ROOT / "guides").as_posix()


def listings(file: Path) -> Iterator[Listing]:
    """The listings of a record, in their order."""
    tokens = MarkdownIt("commonmark").parse(file.read_text("utf-8"))
    for token, after in zip_longest(tokens, tokens[1:]):
        if token.type == "fence" and token.info == "python":
            printed = after is not None and after.type == "fence" and after.info == "output"
            yield Listing(file, token.content, after.content if printed else None)


RECORDS = sorted((ROOT / "guides").rglob("*.md"))
ALL = [each for file in RECORDS if file.name != "README.md" for each in listings(file)]
PROGRAMS = [each for each in ALL if each.output is not None]
EXCERPTS = [each for each in ALL if each.output is None]


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda each: each.name)
def test_a_program_prints_what_the_guide_says(program: Listing, tmp_path: Path) -> None:
    file = tmp_path / "program.py"
    file.write_text(program.code, "utf-8")
    ended = subprocess.run(
        [sys.executable, "-I", file],
        capture_output=True,
        check=False,
        cwd=tmp_path,
        encoding="utf-8",
        timeout=SECONDS,
    )
    assert (0, "", program.output) == (ended.returncode, ended.stderr, ended.stdout)


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda each: each.name)
def test_a_program_fits_a_page(program: Listing) -> None:
    lines = program.code.splitlines()
    assert SHORTEST_PROGRAM <= len(lines) <= LONGEST_PROGRAM
    assert max(map(len, [*lines, *str(program.output).splitlines()])) <= WIDEST


@pytest.mark.parametrize("excerpt", EXCERPTS, ids=lambda each: each.name)
def test_an_excerpt_is_python(excerpt: Listing) -> None:
    compile(excerpt.code, excerpt.name, "exec")


def test_enough_modules_have_a_program() -> None:
    modules = {each.file for each in PROGRAMS if each.file.parent.name == "modules"}
    assert ENOUGH <= len(modules)


def test_what_is_printed_belongs_to_a_program() -> None:
    """An output without its program would never be checked."""
    fences = sum(file.read_text("utf-8").count("\n```output\n") for file in RECORDS)
    assert fences == len(PROGRAMS)
