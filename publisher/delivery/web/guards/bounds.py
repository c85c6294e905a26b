"""Refuses addresses that are longer than any of ours."""

from dataclasses import dataclass

from starlette.types import ASGIApp, Receive, Scope, Send

LONGEST_PATH = 1024
LONGEST_QUERY = 1024


@dataclass(frozen=True)
class Bounds:
    """Answers with `refusal` where the path or the query is too long (in bytes)."""

    app: ASGIApp
    refusal: ASGIApp
    path: int = LONGEST_PATH
    query: int = LONGEST_QUERY

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on a request."""
        app = self.refusal if scope["type"] == "http" and self._too_long(scope) else self.app
        await app(scope, receive, send)

    def _too_long(self, scope: Scope) -> bool:
        return len(scope["raw_path"]) > self.path or len(scope["query_string"]) > self.query
