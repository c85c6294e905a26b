"""Pages for what went wrong; none of them says anything of the inside."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from publisher.delivery.web.pages import Pages

ERROR, BUSY = 500, 503

TEXTS: Mapping[int, tuple[str, str]] = {
    400: (
        "That was not understood",
        "Go back to the page you came from, reload it, and try again.",
    ),
    403: (
        "This page was open for too long",
        "Go back to the page you came from, reload it, and press its button again.",
    ),
    404: (
        "There is no such page",
        "Perhaps the address was cut in two. Copy all of it, or start from the first page.",
    ),
    405: ("This page cannot do that", "Open the link from your mail and use the button there."),
    413: ("That was too much", "Nothing of it was kept. Our forms need only their button."),
    414: ("This address is too long", "Copy the link from your mail again, without more."),
    429: ("That was a little fast", "Wait a minute, then reload this page. Nothing is lost."),
    503: (
        "Not at this moment",
        "Something here is having a rest. Try again in a few minutes; your link stays good.",
    ),
}
OTHERWISE = ("Something went wrong here", "It was our fault. Try again in a few minutes.")


@dataclass(frozen=True)
class Errors:
    """Makes the pages."""

    pages: Pages

    @property
    def handlers(self) -> Mapping[Any, Any]:
        """What Starlette calls for each kind of exception."""
        return {
            HTTPException: self._refused,
            OperationalError: self._busy,
            NoConnectionError: self._busy,
            Exception: self._failed,
        }

    def page(self, status: int, headers: Mapping[str, str] | None = None) -> Response:
        """The page for a status."""
        title, text = TEXTS.get(status, OTHERWISE)
        made = self.pages.page("error.html", status, title=title, text=text)
        made.headers.update(headers or {})
        return made

    async def _refused(self, _: Request, error: HTTPException) -> Response:
        return self.page(error.status_code, error.headers)

    async def _busy(self, _: Request, error: Exception) -> Response:  # noqa: ARG002
        return self.page(BUSY, {"retry-after": "60"})

    async def _failed(self, _: Request, error: Exception) -> Response:  # noqa: ARG002
        return self.page(ERROR)
