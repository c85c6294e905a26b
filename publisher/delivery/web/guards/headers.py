"""Headers that every answer carries."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; font-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
"""Content-Security-Policy: our own style and pictures, no script, nothing from elsewhere."""

ALWAYS = {
    "content-security-policy": POLICY,
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "referrer-policy": "no-referrer",  # the address of a page is the key to it
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",  # for browsers that do not know frame-ancestors
}

UNLESS_PUBLIC = {"cache-control": "no-store", "x-robots-tag": "noindex, nofollow"}

PUBLIC = ("/static/",)
"""Beginnings of paths whose answers are the same for everyone."""

ONE_YEAR = 31_536_000

LAST = (413, 500)
"""After these the connection ends: nobody reads the rest, or the server closes it by itself."""


@dataclass(frozen=True)
class Headers:
    """Adds headers to what `app` answers, where it did not set them itself."""

    app: ASGIApp
    base_url: str
    public: tuple[str, ...] = PUBLIC

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on a request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._add(MutableHeaders(scope=message), scope["path"], message["status"])
            await send(message)

        await self.app(scope, receive, send_with_headers)

    def _add(self, headers: MutableHeaders, path: str, status: int) -> None:
        for name, value in ALWAYS.items():
            headers.setdefault(name, value)
        if path.startswith(self.public):
            headers.setdefault("cache-control", f"public, max-age={ONE_YEAR}, immutable")
        else:
            for name, value in UNLESS_PUBLIC.items():
                headers.setdefault(name, value)
        if urlsplit(self.base_url).scheme == "https":
            headers["strict-transport-security"] = f"max-age={ONE_YEAR}"
        if status in LAST:
            headers["connection"] = "close"
