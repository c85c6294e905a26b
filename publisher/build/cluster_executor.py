"""Dask's executor, but it breaks, as a pool does, when its scheduler or all its workers have gone.

Dask itself would wait for them for ever.
"""

import time
from collections.abc import Callable
from concurrent.futures import (
    BrokenExecutor,
    CancelledError,
    Executor,
    Future,
    InvalidStateError,
)
from contextlib import suppress
from threading import Event, Thread
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")

LOOK = 1
"""Seconds between two looks."""

PATIENCE = 60
"""Seconds for which all workers may be gone, since somebody may be starting them again."""


class Watch:
    """Looks after a Dask client, and fails the tasks of which nobody will do any more."""

    def __init__(self, client: Any) -> None:
        """Watch a client until `end` is called."""
        self.trouble = ""
        """Why nothing can be done any more; empty while all is well."""
        self._client = client
        self._under_way: set[Future[Any]] = set()
        self._ended = Event()
        Thread(target=self._run, daemon=True).start()

    def add(self, future: "Future[Any]") -> None:
        """Take care of a task's future until it is done."""
        self._under_way.add(future)
        future.add_done_callback(self._under_way.discard)

    def end(self) -> None:
        """Watch no more."""
        self._ended.set()

    def _run(self) -> None:
        seen = time.monotonic()
        while not self.trouble and not self._ended.wait(LOOK):
            if self._workers():
                seen = time.monotonic()
            if self._client.status in ("closing", "closed"):
                self.trouble = "the scheduler has gone"
            elif time.monotonic() - seen > PATIENCE:
                self.trouble = "all workers have gone"
        for future in list(self._under_way):
            with suppress(InvalidStateError):  # it was done in this very moment
                future.set_exception(BrokenExecutor(self.trouble))

    def _workers(self) -> int:
        """How many there are; 0 while the scheduler does not answer."""
        try:
            return len(self._client.scheduler_info(n_workers=-1)["workers"])
        except Exception:  # noqa: BLE001  # Dask has many for a connection that is lost
            return 0


class ClusterExecutor(Executor):
    """What the workers of a client's scheduler do."""

    def __init__(self, client: Any, watch: Watch) -> None:
        """An executor of a client that is watched."""
        # Dask holds calls that look the same for one, and would not make a file again.
        self._executor: Executor = client.get_executor(pure=False)
        self._watch = watch

    def submit(self, fn: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs) -> "Future[R]":
        """Hand a call over. Raises `BrokenExecutor`."""
        if self._watch.trouble:
            raise BrokenExecutor(self._watch.trouble)
        future = _passed_on(self._executor.submit(fn, *args, **kwargs))
        self._watch.add(future)
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:  # noqa: ARG002  # all that anybody waits for is done
        """Take no more calls."""
        if not self._watch.trouble:
            self._executor.shutdown(wait=False)


def _passed_on(inner: "Future[R]") -> "Future[R]":
    """A future that becomes what `inner` does, and may be failed without Dask's knowing."""
    outer: Future[R] = Future()

    def pass_on(_: object) -> None:
        with suppress(InvalidStateError):  # it was failed or cancelled before
            if inner.cancelled():
                outer.set_exception(CancelledError())
            elif error := inner.exception():
                outer.set_exception(error)
            else:
                outer.set_result(inner.result())

    inner.add_done_callback(pass_on)
    outer.add_done_callback(lambda done: inner.cancel() if done.cancelled() else None)
    return outer
