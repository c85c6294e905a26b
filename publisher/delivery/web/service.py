"""What the pages work with."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol, TypeVar
from urllib.parse import urlsplit

from anyio import CapacityLimiter, to_thread
from sqlalchemy import Connection
from starlette.exceptions import HTTPException
from starlette.requests import Request

from publisher.delivery.keys import Keys
from publisher.delivery.links import Links
from publisher.delivery.store.database import Database
from publisher.delivery.web.fresh import Ask, ask_for_fresh_link
from publisher.delivery.web.pages import Pages

T = TypeVar("T")

AT_ONCE = 10
"""Transactions under way in one process; fewer than the connections that SQLAlchemy keeps."""


class People(Protocol):
    """What the pages change about people. Both do nothing the second time."""

    def unsubscribe(self, connection: Connection, keys: Keys, delivery_token: str) -> object:
        """Take the recipient of a delivery off its list."""

    def confirm(self, connection: Connection, token: str) -> object:
        """Keep that a reader agrees; what it gives is false if nobody waits for that."""


def _limiter() -> CapacityLimiter:
    return CapacityLimiter(AT_ONCE)


@dataclass(frozen=True)
class Service:
    """The database, the files, the links into them, and who keeps the readers' wishes."""

    database: Database
    links: Links
    files: Path
    pages: Pages
    people: People
    ask: Ask = ask_for_fresh_link
    limiter: CapacityLimiter = field(default_factory=_limiter)

    async def reading(self, work: Callable[[Connection], T]) -> T:
        """What `work` finds, in a thread, so that other requests go on."""

        def run() -> T:
            with self.database.reading() as connection:
                return work(connection)

        return await to_thread.run_sync(run, limiter=self.limiter)

    async def writing(self, work: Callable[[Connection], T]) -> T:
        """What `work` gives, once what it wrote is durable."""

        def run() -> T:
            with self.database.writing() as connection:
                return work(connection)

        return await to_thread.run_sync(run, limiter=self.limiter)

    def identifier(self, request: Request, purpose: str) -> str:
        """What the token in the path was signed for. Raises `HTTPException` (404)."""
        try:
            return self.links.read(purpose, request.path_params["token"])
        except ValueError as error:
            raise HTTPException(404) from error

    def path(self, link: str) -> str:
        """A link of ours without the host, so that no header of a request says where to go."""
        return urlsplit(link).path
