"""Runs tasks on any `concurrent.futures` executor, and survives workers that are killed."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import (
    FIRST_COMPLETED,
    BrokenExecutor,
    Executor,
    Future,
    ProcessPoolExecutor,
    wait,
)
from multiprocessing import get_context
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")

NewExecutor = Callable[[], Executor]

WAITING = 4
"""Tasks a worker that are handed over before they are due, so that no worker waits."""

TRIES_ALONE = 2
"""So often a task may take its worker down when it runs alone."""


def local_pool(workers: int, preload: Iterable[str]) -> Executor:
    """Worker processes that have the modules `preload` loaded already."""
    context = get_context("forkserver")
    context.set_forkserver_preload(list(preload))
    return ProcessPoolExecutor(workers, mp_context=context)


def run(
    tasks: Iterable[T], work: Callable[[T], R], new_executor: NewExecutor, workers: int
) -> Iterator[tuple[T, R | BaseException]]:
    """Do `work` for each task; give each with its result, or what it raised, as it is done.

    A killed worker breaks the whole pool of a local executor. Then those that were under way are
    done one by one in a new pool, so that one which kills its worker is known and given up.
    """
    waiting = deque(tasks)
    suspects: deque[T] = deque()
    while waiting or suspects:
        while suspects:
            task = suspects.popleft()
            yield task, _alone(task, work, new_executor)
        with new_executor() as executor:
            yield from _until_broken(waiting, suspects, _submitting(executor, work), workers)


def _submitting(executor: Executor, work: Callable[[T], R]) -> Callable[[T], "Future[R]"]:
    return lambda task: executor.submit(work, task)


def _until_broken(
    waiting: deque[T],
    suspects: deque[T],
    submit: Callable[[T], "Future[R]"],
    workers: int,
) -> Iterator[tuple[T, R | BaseException]]:
    """Work through `waiting`; what was under way when the pool broke goes to `suspects`."""
    under_way: dict[Future[R], T] = {}
    while waiting or under_way:
        while waiting and len(under_way) < WAITING * workers and not suspects:
            task = waiting.popleft()
            try:
                under_way[submit(task)] = task
            except BrokenExecutor:
                suspects.append(task)
        done, _ = wait(under_way, return_when=FIRST_COMPLETED) if under_way else (set(), set())
        for future in done:
            task = under_way.pop(future)
            error = future.exception()
            if isinstance(error, BrokenExecutor):
                suspects.append(task)
            else:
                yield task, error or future.result()
        if suspects and not under_way:
            return


def _alone(task: T, work: Callable[[T], R], new_executor: NewExecutor) -> R | BaseException:
    error: BaseException = BrokenExecutor("not tried")
    for _ in range(TRIES_ALONE):
        try:
            with new_executor() as executor:
                return executor.submit(work, task).result()
        except BrokenExecutor as broken:
            error = broken
        except Exception as raised:  # noqa: BLE001  # a task's own failure is its result
            return raised
    return error
