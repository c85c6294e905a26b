"""Serves the app with uvicorn, in this process or in several."""

import signal
import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from ipaddress import ip_network

from starlette.types import ASGIApp
from uvicorn import Config, Server
from uvicorn.supervisors import Multiprocess

from publisher.delivery.web.logs import LOGGING

PATIENCE = 600
"""Seconds in which downloads may end once the server was told to stop: a file address's life."""

MOST_CONNECTIONS = 2000
"""In one process; more are told to come again (503)."""

BACKLOG = 1024

LARGEST_HEAD = 32 * 1024
"""Bytes of a request's line and headers together."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where to listen, and which proxies may say who asks (addresses or networks)."""

    host: str
    port: int
    trusted_proxies: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Raises `ValueError` for a proxy that is neither address nor network."""
        for proxy in self.trusted_proxies:
            ip_network(proxy)

    def listen(self) -> socket.socket:
        """A listening socket; port 0 takes a free one. Raises `OSError`."""
        family = socket.AF_INET6 if ":" in self.host else socket.AF_INET
        # Named as TCP, since asyncio sends small packets at once only where it knows that.
        listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        try:
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listening.bind((self.host, self.port))
            listening.listen(BACKLOG)
        except OSError:
            listening.close()
            raise
        return listening


def serve(
    make_app: Callable[[], ASGIApp], listening: socket.socket, proxies: Sequence[str], workers: int
) -> None:
    """Serve until a signal says stop; what is under way ends first.

    `make_app` is called in each process, and pickled where there are several.
    """
    config = Config(
        make_app, factory=True, workers=workers, http="h11", ws="none", lifespan="on",
        h11_max_incomplete_event_size=LARGEST_HEAD, backlog=BACKLOG,
        limit_concurrency=MOST_CONNECTIONS, timeout_graceful_shutdown=PATIENCE,
        proxy_headers=bool(proxies), forwarded_allow_ips=list(proxies),
        server_header=False, access_log=False, log_config=LOGGING,
    )  # fmt: skip
    if workers > 1:
        Multiprocess(config, sockets=[listening]).run()
        return
    # uvicorn raises again what it was stopped by, and to be stopped is no failure.
    before = {each: signal.signal(each, _nothing) for each in (signal.SIGTERM, signal.SIGINT)}
    try:
        Server(config).run(sockets=[listening])
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)


def _nothing(_: int, __: object) -> None:
    """Take a signal."""
