"""Runs tasks on any `concurrent.futures` executor, and survives workers that are killed."""

import os
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ProcessPoolExecutor, wait
from multiprocessing import connection, get_context, parent_process
from threading import Thread
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")
R = TypeVar("R")

NewExecutor = Callable[[], Executor]

WAITING = 4
"""Tasks a worker that are handed over before they are due, so that no worker waits."""

TRIES_ALONE = 2
"""So often a task may take its worker down when it runs alone."""


def local_pool(workers: int, preload: Iterable[str]) -> Executor:
    """Worker processes that have the modules `preload` loaded already.

    They end with this process, however it ends. Raises `OSError` where none can be had.
    """
    context = get_context("forkserver")
    context.set_forkserver_preload(list(preload))
    return ProcessPoolExecutor(workers, mp_context=context, initializer=_begin)


def _begin() -> None:
    """Begin the life of a worker."""
    # Ctrl-C reaches every process of a terminal; the first of them has the word.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """End when the parent does: an orphan would write over what the next run has made."""
    parent = parent_process()
    if parent:
        connection.wait([parent.sentinel])
        os._exit(1)


class ThisProcess(Executor):
    """Does each task at once."""

    def submit(self, fn: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs) -> "Future[R]":
        """The future of a call that has ended."""
        future: Future[R] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:  # noqa: BLE001  # a future holds what its call raised
            future.set_exception(error)
        return future


def run(
    tasks: Iterable[T], work: Callable[[T], R], new_executor: NewExecutor, workers: int
) -> Iterator[tuple[T, R | Exception]]:
    """Do `work`, which raises nothing, for each task; give each with its result as it is done.

    A killed worker breaks the whole pool of a local executor. Then those that were under way are
    done one by one, each in a new pool, so that one which kills its worker is known and given up:
    it comes with an exception. Where the system has no room for workers, this process works.
    """
    waiting = deque(tasks)
    suspects: deque[T] = deque()
    while waiting:
        with _opened(new_executor) as executor:
            yield from _until_broken(waiting, suspects, _submitting(executor, work), workers)
        while suspects:
            task = suspects.popleft()
            yield task, _alone(task, work, new_executor)


def _opened(new_executor: NewExecutor) -> Executor:
    try:
        return new_executor()
    except OSError:
        return ThisProcess()


def _submitting(executor: Executor, work: Callable[[T], R]) -> Callable[[T], "Future[R]"]:
    def submit(task: T) -> "Future[R]":
        try:
            return executor.submit(work, task)
        except OSError:
            return ThisProcess().submit(work, task)

    return submit


def _until_broken(
    waiting: deque[T],
    suspects: deque[T],
    submit: Callable[[T], "Future[R]"],
    workers: int,
) -> Iterator[tuple[T, R]]:
    """Work through `waiting`; what was under way when a worker was lost goes to `suspects`."""
    under_way: dict[Future[R], T] = {}
    try:
        while waiting or under_way:
            while waiting and len(under_way) < WAITING * workers and not suspects:
                task = waiting.popleft()
                try:
                    under_way[submit(task)] = task
                except Exception:  # noqa: BLE001  # each executor has its own for being broken
                    suspects.append(task)
            done, _ = wait(under_way, return_when=FIRST_COMPLETED)
            for future in done:
                task = under_way.pop(future)
                try:
                    result = future.result()
                except Exception:  # noqa: BLE001  # and for having lost a worker
                    suspects.append(task)
                else:
                    yield task, result
            if suspects and not under_way:
                return
    finally:  # nobody waits for the rest if this one is left early
        for future in under_way:
            future.cancel()


def _alone(task: T, work: Callable[[T], R], new_executor: NewExecutor) -> R | Exception:
    error: Exception | None = None
    for _ in range(TRIES_ALONE):
        try:
            with _opened(new_executor) as executor:
                return _submitting(executor, work)(task).result()
        except Exception as raised:  # noqa: BLE001  # as above
            error = raised
    assert error  # noqa: S101  # it was tried
    return error
