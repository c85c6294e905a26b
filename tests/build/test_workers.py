"""Workers that cannot be had, or that die, do not cost the guide."""

from collections.abc import Callable, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor
from dataclasses import replace
from multiprocessing import get_context
from os import _exit
from pathlib import Path

import pytest

from publisher.build import fragments
from publisher.build.fragments import FEW, fragments_for
from publisher.build.reporter import Buffer
from publisher.build.store import Store
from publisher.build.workshop import Workshop
from publisher.rendering.pdf.fragment import Fragment, FragmentJob
from publisher.rendering.theme import Theme
from publisher.settings import Settings
from tests.rendering.test_layout import JOB

JOBS: list[FragmentJob] = [
    replace(JOB, name=f"probe{i}", xhtml=JOB.xhtml.replace(b">A<", f">A{i}<".encode()))
    for i in range(FEW + 2)
]


def workshop(cache: Path, told: Buffer, workers: int) -> Workshop:
    return Workshop(Theme(Settings().theme), Store(cache), told, workers)


def denied(_workers: int) -> Executor:
    """A system without semaphores."""
    raise PermissionError("no semaphores")


def deadly(workers: int) -> Executor:
    """Processes that end as if somebody had killed them."""
    return ProcessPoolExecutor(workers, get_context("forkserver"), initializer=_exit, initargs=(9,))


@pytest.mark.parametrize("pool", [denied, deadly])
def test_one_process_does_what_workers_cannot(
    pool: Callable[[int], Executor], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fragments, "process_pool", pool)
    told = Buffer()
    made = fragments_for(JOBS, workshop(tmp_path, told, workers=2))
    assert [1] * len(JOBS) == [fragment.pages for fragment in made]
    assert "Workers are not to be had; one process does the rest" in told.lines


def said(made: Sequence[Fragment]) -> list[tuple[object, ...]]:
    """What fragments hold, wherever their PDFs lie."""
    return [(each.content, each.pages, each.anchors, each.starts) for each in made]


def test_workers_and_one_process_make_the_same(tmp_path: Path) -> None:
    alone = fragments_for(JOBS, workshop(tmp_path / "a", Buffer(), workers=1))
    together = fragments_for(JOBS, workshop(tmp_path / "b", Buffer(), workers=2))
    assert said(alone) == said(together)


def test_what_was_made_is_kept(tmp_path: Path) -> None:
    first = fragments_for(JOBS[:3], workshop(tmp_path, Buffer(), workers=1))
    told = Buffer()
    again = fragments_for(JOBS[:3], workshop(tmp_path, told, workers=1))
    assert said(first) == said(again)
    assert [] == told.lines  # nothing was laid out
