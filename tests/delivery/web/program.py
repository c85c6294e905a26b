"""A server of the web part in a process of its own, for tests; argument: `Config` as JSON.

It has the real endpoints, guards and database; of people it knows what a test looks at.
"""

import json
import signal
import sys
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, func, insert, select, update
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp

from publisher.delivery.keys import Keys
from publisher.delivery.links import Links
from publisher.delivery.store.database import Database, now
from publisher.delivery.store.states import SubscriberState
from publisher.delivery.store.tables import CAMPAIGN, DELIVERY, SUBSCRIBER, SUPPRESSION
from publisher.delivery.web.app import create_app
from publisher.delivery.web.guards.rates import Limits
from publisher.delivery.web.pages import Pages, Site
from publisher.delivery.web.server import Place, serve
from publisher.delivery.web.service import Service

ROOT = Path(__file__).parents[3]

MANY = "1000000/minute"
NO_LIMITS = {"link": MANY, "file": MANY, "wrong_link": MANY, "network": MANY}


@dataclass(frozen=True)
class Config:
    """What a server is started with; without `limits` of its own it has those of the product."""

    database: str
    keys: str
    files: str
    base_url: str = "http://127.0.0.1"
    limits: dict[str, str] = field(default_factory=lambda: dict(NO_LIMITS))
    proxies: tuple[str, ...] = ()
    workers: int = 1

    @property
    def json(self) -> str:
        return json.dumps(asdict(self))

    @property
    def folder(self) -> Path:
        return Path(self.files)

    @property
    def links(self) -> Links:
        return Links(self.base_url, Keys.of(self.keys))

    def __call__(self) -> ASGIApp:
        database = Database.at(self.database)
        pages = Pages(ROOT / "themes" / "web", Site("Guides", "en-GB", "1 Example Street"))
        service = Service(database, self.links, Path(self.files), pages, TestPeople())
        broken = Route("/broken", _break)
        return create_app(service, limits=Limits(**self.limits), routes=[broken])


class TestPeople:
    """Reads and writes the tables as the real one does, in fewer steps."""

    def unsubscribe(self, connection: Connection, keys: Keys, delivery_token: str) -> None:  # noqa: ARG002
        joined = DELIVERY.join(CAMPAIGN)
        columns = (DELIVERY.c.address_hash, CAMPAIGN.c.list)
        mine = select(*columns).select_from(joined).where(DELIVERY.c.token == delivery_token)
        row = connection.execute(mine).one_or_none()
        if row is None:
            return
        there = SUPPRESSION.c.address_hash == row.address_hash, SUPPRESSION.c.scope == row.list
        if not connection.execute(select(func.count()).where(*there)).scalar_one():
            connection.execute(
                insert(SUPPRESSION).values(
                    address_hash=row.address_hash,
                    scope=row.list,
                    cause="unsubscribed",
                    since=now(connection),
                )
            )

    def confirm(self, connection: Connection, token: str) -> bool:
        """A test's token is `s` and the number of the subscriber."""
        mine = SUBSCRIBER.c.id == int(token.removeprefix("s"))
        done = connection.execute(
            update(SUBSCRIBER)
            .where(mine)
            .values(state=SubscriberState.CONFIRMED, confirmed_at=now(connection))
        )
        return bool(done.rowcount)


async def _break(_: Request) -> Response:
    raise RuntimeError("ada@example.org is in this message")


def main() -> None:
    given: dict[str, Any] = json.loads(sys.argv[1])
    config = Config(**{**given, "proxies": tuple(given["proxies"])})
    with Place("127.0.0.1", 0, config.proxies).listen() as listening:
        print(listening.getsockname()[1], flush=True)  # noqa: T201
        serve(config, listening, config.proxies, config.workers)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)


if __name__ == "__main__":
    main()
