"""One line of log for a request: what kind it was and how it went, and nothing of who asked."""

import logging
import time
from dataclasses import dataclass, field

from starlette.types import ASGIApp, Message, Receive, Scope, Send

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


@dataclass
class _Answer:
    status: int = 0
    size: int = 0


@dataclass(frozen=True)
class Log:
    """Logs the template of a route, never its address, which has a token in it."""

    app: ASGIApp
    logger: logging.Logger = field(default_factory=lambda: logging.getLogger("publisher.web"))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on a request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        began, answer = time.monotonic(), _Answer()

        async def send_and_note(message: Message) -> None:
            answer.status = message.get("status", answer.status)
            answer.size += len(message.get("body", b""))
            await send(message)

        try:
            await self.app(scope, receive, send_and_note)
        finally:
            self.logger.info("request", extra={"fields": {
                "method": scope["method"] if scope["method"] in METHODS else "other",
                "route": getattr(scope.get("route"), "path", "-"),
                "status": answer.status,
                "bytes": answer.size,
                "ms": round((time.monotonic() - began) * 1000, 1),
            }})  # fmt: skip
