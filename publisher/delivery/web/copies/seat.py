"""One worker process that makes copies; another takes its place when it is lost."""

import asyncio
import logging
import os
import signal
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, Executor
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import ParamSpec, TypeVar

from publisher.build.counter import Form, Stock, identify, make_copy, warm
from publisher.build.executors import local_pool
from publisher.build.press import PRELOAD
from publisher.planning.reader import Reader

P = ParamSpec("P")
R = TypeVar("R")

MOST_COPIES = 500
"""After so many copies a fresh process takes over: the renderer keeps some memory of each."""

LONGEST = 300.0
"""Seconds; a copy takes one or two, and a worker that takes longer is ended."""

TRIES = 2


class NotMadeError(Exception):
    """A copy cannot be made. `codes` say why, if it is not that workers were lost."""

    def __init__(self, codes: tuple[str, ...] = ()) -> None:
        super().__init__(", ".join(codes) or "workers were lost")
        self.codes = codes


@dataclass
class Seat:
    """Has one worker process, and does one thing at a time."""

    stock: Stock
    executor: Executor | None = None
    process: int | None = None
    made: int = 0
    logger: logging.Logger = field(default_factory=lambda: logging.getLogger("publisher.web"))

    async def warm(self) -> None:
        """Have everything at hand. Raises `BrokenExecutor` or `OSError` if no worker can be had."""
        await self._do(warm, self.stock)

    async def copy(self, reader: Reader, form: Form, target: Path) -> None:
        """Write a copy to `target`, with a second worker if the first is lost.

        Raises `NotMadeError`.
        """
        if self.made >= MOST_COPIES:
            self.end()
        for _ in range(TRIES):
            try:
                async with asyncio.timeout(LONGEST):
                    codes = await self._do(make_copy, reader, form, self.stock, str(target))
            except (BrokenExecutor, OSError, TimeoutError):
                self.logger.warning("a worker was lost")
                self.end()
            else:
                self.made += 1
                if codes:
                    raise NotMadeError(codes)
                return
        raise NotMadeError

    def end(self) -> None:
        """End the worker, whatever it is at; the next copy begins a new one."""
        executor, process = self.executor, self.process
        self.executor = self.process = None
        self.made = 0
        if process is not None:
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        if executor is not None:
            executor.shutdown(wait=False, cancel_futures=True)

    async def _do(self, work: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        executor = self.executor
        if executor is None:
            # In a thread, since the first of all workers waits until the renderer is loaded.
            begun, self.process = await asyncio.to_thread(_begun)
            executor = self.executor = begun
        return await asyncio.wrap_future(executor.submit(work, *args, **kwargs))


def _begun() -> tuple[Executor, int]:
    """A worker, and the number of its process."""
    executor = local_pool(1, PRELOAD)
    return executor, executor.submit(identify).result()
