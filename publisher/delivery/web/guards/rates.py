"""Rate limits: by link where it is one of ours, otherwise by the network it comes from."""

import ipaddress
import math
import time
from dataclasses import dataclass, field

from limits import RateLimitItem, parse
from limits.strategies import MovingWindowRateLimiter
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from publisher.delivery.links import CONFIRM, DOWNLOAD, FILE, REQUEST, UNSUBSCRIBE, Links
from publisher.delivery.web.guards.windows import Windows

PURPOSES = frozenset({DOWNLOAD, UNSUBSCRIBE, CONFIRM, FILE, REQUEST})

SEND = "/plan/send"
"""Where somebody gives an address to be written to: a mail for each."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How often, in the notation of `limits`; each process counts for itself.

    A link of ours is counted alone, wherever it comes from: a mail provider passes on what many
    readers press from one network, and none of it may be lost.
    """

    link: str = "30/minute"
    file: str = "600/minute"  # a reader's program may fetch a file in many pieces
    wrong_link: str = "20/minute"
    network: str = "600/minute"  # all else
    send: str = "20/hour"  # a family or an office; each address has a limit of its own


@dataclass(frozen=True)
class Rates:
    """Answers with `refusal` where a limit is passed. Works in one thread, as a server does."""

    app: ASGIApp
    refusal: ASGIApp
    links: Links
    limits: Limits = Limits()
    windows: MovingWindowRateLimiter = field(
        default_factory=lambda: MovingWindowRateLimiter(Windows())
    )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on a request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        rate, key = self._rate(scope)
        if self.windows.hit(rate, key):
            await self.app(scope, receive, send)
            return
        wait = self.windows.get_window_stats(rate, key).reset_time - time.monotonic()

        async def send_with_time(message: Message) -> None:
            if message["type"] == "http.response.start":
                after = str(max(math.ceil(wait), 1)).encode()
                message["headers"] = [*message["headers"], (b"retry-after", after)]
            await send(message)

        await self.refusal(scope, receive, send_with_time)

    def _rate(self, scope: Scope) -> tuple[RateLimitItem, str]:
        """The limit that a request counts for, and under which key."""
        path: str = scope["path"]
        purpose, _, rest = path.lstrip("/").partition("/")
        if path == SEND:
            return parse(self.limits.send), f"send {network_of(scope)}"
        if purpose not in PURPOSES:
            return parse(self.limits.network), f"network {network_of(scope)}"
        try:
            identifier = self.links.read(purpose, rest.partition("/")[0])
        except ValueError:
            return parse(self.limits.wrong_link), f"wrong {network_of(scope)}"
        rate = self.limits.file if purpose == FILE else self.limits.link
        return parse(rate), f"{purpose} {identifier}"


def network_of(scope: Scope) -> str:
    """The /24 or /64 of a request: a household or an office, and no single person."""
    host = scope["client"][0] if scope.get("client") else ""
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return "unknown"
    if isinstance(address, ipaddress.IPv6Address):
        address = address.ipv4_mapped or address
    bits = 24 if address.version == 4 else 64  # noqa: PLR2004  # of IPv4
    return str(ipaddress.ip_network((address, bits), strict=False))
