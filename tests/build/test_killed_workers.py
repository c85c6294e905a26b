"""Workers that are killed, or cannot be had, cost no book but the one that kills them."""

import os
import signal
from collections.abc import Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from contextlib import closing
from itertools import count
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pytest

from publisher.build.executors import TRIES_ALONE, WAITING, ThisProcess, local_pool, run
from tests.deadly import VICTIM, process_of, square
from tests.runs import (
    SMALL,
    assert_well,
    children,
    contents,
    counts,
    ended,
    publisher,
    readers_file,
    start,
    until,
)

READERS = 8


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with readers.csv, what was made of it in out/, and the cache for it."""
    folder = tmp_path_factory.mktemp("undisturbed")
    readers_file(folder / "readers.csv", READERS)
    assert_well(publisher(*batch(folder, folder / "out"), cache=folder / "cache"))
    return folder


def batch(folder: Path, out: Path) -> list[str | Path]:
    """The batch of the readers in a folder."""
    readers = folder / "readers.csv"
    return ["batch", readers, "--guides", SMALL, "--output", out, "--workers", "2"]


def workers(parent: int) -> list[int]:
    """The workers of a run: what the process that forks them for it has started."""
    return [worker for forker in children(parent) for worker in children(forker)]


def test_a_killed_worker_costs_nothing(undisturbed: Path, tmp_path: Path) -> None:
    run = start(*batch(undisturbed, tmp_path), cache=undisturbed / "cache")
    until(lambda: list(tmp_path.glob("receipts/*.json")), run)
    os.kill(workers(run.pid)[0], signal.SIGKILL)
    said = ended(run)
    assert_well(said)
    assert (READERS, 0) == (counts(said.stderr)["made"], counts(said.stderr)["failed"])
    assert contents(undisturbed / "out") == contents(tmp_path)


def test_a_copy_that_kills_its_worker_each_time_is_given_up(
    undisturbed: Path, tmp_path: Path
) -> None:
    """It is reported under its name, the others are whole, and it can be made later."""
    command = batch(undisturbed, tmp_path)
    cache = undisturbed / "cache"
    said = publisher(*command, cache=cache, before="import tests.deadly; tests.deadly.prepare()")
    assert_well(said, status=1)
    assert f"cartographer-for-surveyor-{VICTIM}: B205 no worker finished it" in said.stderr
    assert (READERS - 1, 1) == (counts(said.stderr)["made"], counts(said.stderr)["failed"])
    whole = {
        name: made for name, made in contents(undisturbed / "out").items() if VICTIM not in name
    }
    made = contents(tmp_path)
    assert whole | {"manifest.json": made["manifest.json"]} == made
    again = publisher(*command, "--only", "failed", cache=cache)
    assert_well(again)
    assert (1, READERS - 1) == (counts(again.stderr)["made"], counts(again.stderr)["kept"])
    assert contents(undisturbed / "out") == contents(tmp_path)


# The seam below: any executor


def two_workers() -> Executor:
    return local_pool(2, [])


def results(numbers: range, pool: type[Executor] | None = None) -> dict[int, object]:
    """Number to square, or to the name of what was raised instead."""
    found = run(numbers, square, pool or two_workers, workers=2)
    return {n: type(r).__name__ if isinstance(r, Exception) else r for n, r in found}


def test_each_result_comes_with_its_task_once() -> None:
    found = list(run(range(100, 140), square, two_workers, workers=2))
    assert sorted((n, n * n) for n in range(100, 140)) == sorted(found)


def test_only_deadly_and_raising_tasks_come_with_exceptions() -> None:
    expected = {n: n * n for n in range(12)} | {3: "BrokenProcessPool", 4: "ArithmeticError"}
    assert expected == results(range(12))


def test_a_task_is_tried_alone_before_it_is_given_up() -> None:
    pools = count()

    def counted() -> Executor:
        next(pools)
        return two_workers()

    ((task, error),) = run([3], square, counted, workers=2)
    assert (3, "BrokenProcessPool") == (task, type(error).__name__)
    assert 1 + TRIES_ALONE == next(pools)


def no_semaphores() -> Executor:
    raise PermissionError("no semaphores")


class NoProcesses(ProcessPoolExecutor):
    """A pool for which the system starts no process."""

    def submit(self, *_: object, **__: object) -> "Future[int]":  # type: ignore[override]  # any task
        """Fail as a fork does."""
        raise BlockingIOError("no more processes")


@pytest.mark.parametrize("pool", [no_semaphores, NoProcesses])
def test_where_no_worker_can_be_had_this_process_works(pool: type[Executor]) -> None:
    found = run(range(9), process_of, pool, workers=2)
    assert {(n, os.getpid()) for n in range(9)} == set(found)


class Broken(Executor):
    """An executor of which no task ever comes back, as of a cluster that has gone."""

    def submit(self, *_: object, **__: object) -> "Future[int]":  # type: ignore[override]  # any task
        """A future that was cancelled by others."""
        future: Future[int] = Future()
        future.cancel()
        future.set_running_or_notify_cancel()
        return future


def test_tasks_that_others_cancel_come_with_exceptions() -> None:
    assert dict.fromkeys(range(5), "CancelledError") == results(range(5), Broken)


def test_whoever_leaves_early_waits_for_nothing_that_has_not_begun() -> None:
    """A Ctrl-C does not have to wait until all that was handed over is done."""
    begun: list[Future[int]] = []

    class Kept(ProcessPoolExecutor):
        def submit(self, *task: Any) -> "Future[int]":  # type: ignore[override]  # as above
            """Hand over, and remember."""
            begun.append(super().submit(*task))
            return begun[-1]

    with closing(
        run(numbers(), process_of, lambda: Kept(1, get_context("forkserver")), workers=1)
    ) as found:
        next(found)
    assert WAITING <= len(begun)
    assert any(future.cancelled() for future in begun)


def numbers() -> Iterator[int]:
    return iter(range(WAITING * 4))


def test_this_process_as_executor_keeps_what_a_call_raised() -> None:
    futures = [ThisProcess().submit(square, number) for number in (2, 4)]
    assert 4 == futures[0].result()
    assert isinstance(futures[1].exception(), ArithmeticError)
