"""Does together, in a thread of its own, what several tasks ask for at about the same time."""

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Generic, TypeVar

T = TypeVar("T")
R = TypeVar("R")


class Group(Generic[T, R]):
    """While the thread is at work, requests gather, and are then its next work: group commit.

    So the first one never waits for others, and the busier it gets, the more share one commit.
    """

    def __init__(self, work: Callable[[Sequence[T]], Sequence[R]]) -> None:
        """`work` gives one result for each request, in their order."""
        self._work = work
        self._thread = ThreadPoolExecutor(1)
        self._waiting: list[tuple[T, asyncio.Future[R]]] = []
        self._running: asyncio.Task[None] | None = None

    async def do(self, request: T) -> R:
        """The result of a request. Raises what the work raises, as all of its group do."""
        result: asyncio.Future[R] = asyncio.get_running_loop().create_future()
        self._waiting.append((request, result))
        if self._running is None or self._running.done():
            self._running = asyncio.create_task(self._run())
        return await result

    def close(self) -> None:
        """End the thread."""
        self._thread.shutdown()

    async def _run(self) -> None:
        loop = asyncio.get_running_loop()
        while self._waiting:
            group, self._waiting = self._waiting, []
            requests = [request for request, _ in group]
            try:
                results = await loop.run_in_executor(self._thread, self._work, requests)
            except Exception as error:  # noqa: BLE001  # whoever asked for it hears of it
                for _, future in group:
                    if not future.done():
                        future.set_exception(error)
                continue
            for (_, future), result in zip(group, results, strict=True):
                if not future.done():  # nobody may wait any more
                    future.set_result(result)
