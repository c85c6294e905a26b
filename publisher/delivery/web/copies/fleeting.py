"""Answers with a file that is in no folder any more, and gone once it has been sent."""

import os
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import BinaryIO, TypeVar

from anyio import create_task_group, wrap_file
from starlette.requests import Request
from starlette.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from publisher.delivery.web.counted import disposition

T = TypeVar("T")

PIECE = 64 * 1024
"""Bytes that are held in memory at once."""


class FleetingFile(StreamingResponse):
    """The bytes of an open file, saved as `filename`."""

    def __init__(self, file: BinaryIO, filename: str, media_type: str) -> None:
        self.file = file
        headers = {
            "content-disposition": disposition(filename),
            "content-length": str(os.fstat(file.fileno()).st_size),
        }
        super().__init__(_pieces(file), headers=headers, media_type=media_type)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it, or what of it can be sent."""
        with self.file:
            await super().__call__(scope, receive, send)


async def unless_gone(request: Request, work: Callable[[], Awaitable[T]]) -> T | None:
    """What `work` gives, cancelled when the reader goes away: then None. The body was read."""
    found: list[T] = []

    async def watch() -> None:
        while (await request.receive())["type"] != "http.disconnect":
            pass
        group.cancel_scope.cancel()

    try:
        async with create_task_group() as group:
            group.start_soon(watch)
            found.append(await work())
            group.cancel_scope.cancel()
    except ExceptionGroup as several:  # of `work` alone: `watch` raises nothing
        raise several.exceptions[0] from several
    return found[0] if found else None


async def _pieces(file: BinaryIO) -> AsyncIterator[bytes]:
    reading = wrap_file(file)
    while piece := await reading.read(PIECE):
        yield piece
