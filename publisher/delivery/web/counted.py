"""Sends a file, or a part of it, and knows how much of it has gone out."""

import re
import unicodedata
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from os import stat_result
from pathlib import Path
from urllib.parse import quote

from anyio import CancelScope
from starlette.responses import FileResponse
from starlette.types import Message, Receive, Scope, Send

from publisher.delivery.web.grants import File
from publisher.delivery.web.served import Served

Record = Callable[[Served], Awaitable[None]]

WHOLE, PART = 200, 206

ONE_RANGE = re.compile(rb"bytes=(\d{1,15}-\d{0,15}|-\d{1,15})")
"""A Range header with one range; all others are ignored, as RFC 9110, section 14.2, allows."""


@dataclass
class GoingOut:
    """Follows one response.

    What is in `served` was taken by the server while the reader was there; the network may still
    hold the last of it.
    """

    send: Send
    receive: Receive
    served: Served = field(default_factory=Served)
    at: int | None = None  # where in the file the next piece begins; None: this is not the file
    left: bool = False

    async def listen(self) -> Message:
        """The next message of the server, of which we note that the reader is gone."""
        message = await self.receive()
        self.left = self.left or message["type"] == "http.disconnect"
        return message

    async def pass_on(self, message: Message) -> None:
        """Send one message of the response."""
        if message["type"] == "http.response.start":
            self.at = _first_byte(message)
            await self.send(message)
            return
        body: bytes = message.get("body", b"")
        if body:
            await self.send({**message, "more_body": True})
        if not message.get("more_body", False):
            # The server takes the end only when there is room again behind the last piece.
            await self.send({"type": "http.response.body", "body": b"", "more_body": False})
        if self.at is not None and not self.left:
            self.served = self.served.with_range(self.at, self.at + len(body))
            self.at += len(body)


class CountedFile(FileResponse):
    """A file of which `record` is told what has gone out, also when it was cut off."""

    def __init__(self, path: Path, found: stat_result, file: File, record: Record) -> None:
        headers = {
            "content-disposition": disposition(file.filename),
            "cache-control": "private, no-store",
            "etag": f'"{file.sha256}"',  # the same on every machine, as a date would not be
        }
        super().__init__(path, headers=headers, media_type=file.media_type, stat_result=found)
        self.record = record

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send what the request asks for."""
        headers = [each for each in scope["headers"] if each[0] != b"range" or _one_range(each[1])]
        # Without extensions the server cannot send the file by itself, unseen.
        seen = {**scope, "headers": headers, "extensions": {}}
        going_out = GoingOut(send, receive)
        try:
            await super().__call__(seen, going_out.listen, going_out.pass_on)
        finally:
            if going_out.served.ranges:
                with CancelScope(shield=True):
                    await self.record(going_out.served)


def disposition(filename: str) -> str:
    """A Content-Disposition that saves a file under its name (RFC 6266, appendix D)."""
    letters = unicodedata.normalize("NFKD", filename).encode("ascii", "ignore").decode("ascii")
    plain = re.sub(r"[^\w.() +-]", "_", letters).strip() or "download"
    exact = quote(filename, safe="")
    return f"attachment; filename=\"{plain}\"; filename*=utf-8''{exact}"


def _one_range(value: bytes) -> bool:
    return ONE_RANGE.fullmatch(value.strip()) is not None


def _first_byte(start: Message) -> int | None:
    """Where in the file a response begins (RFC 9110, section 14.4); None if it is not of it."""
    if start["status"] == WHOLE:
        return 0
    if start["status"] != PART:
        return None
    ranges = dict(start["headers"])[b"content-range"]
    return int(ranges.removeprefix(b"bytes ").partition(b"-")[0])
