"""A server of the web part in a process of its own, for tests; argument: `Config` as JSON.

It is what `publisher serve` serves, with limits of its own and a route that fails.
"""

import json
import signal
import sys
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp

from publisher.delivery.keys import Keys
from publisher.delivery.links import Links
from publisher.delivery.people import wishes
from publisher.delivery.store.database import Database
from publisher.delivery.web.app import create_app
from publisher.delivery.web.copies.pool import Pool, Press
from publisher.delivery.web.guards.rates import Limits
from publisher.delivery.web.pages import Pages, Site
from publisher.delivery.web.personal.guides import Guides
from publisher.delivery.web.server import Place, serve
from publisher.delivery.web.service import Service
from publisher.records.catalogue import load_catalogue
from publisher.rendering.theme import Theme

ROOT = Path(__file__).parents[3]
THEME = ROOT / "themes" / "default"

MANY = "1000000/minute"
NO_LIMITS = {"link": MANY, "file": MANY, "wrong_link": MANY, "network": MANY, "send": MANY}


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
    guides: str = ""
    """A folder of records, for assessment, plans and copies; without it there are none."""
    cache: str = ""
    copy_workers: int = 2
    site: str = ""
    """The folder of a website; without it there is none."""
    most_waiting: int = 128

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
        pages = Pages(
            ROOT / "themes" / "web", Site("Guides", "en-GB", "1 Example Street"), self.links.prefix
        )
        service = Service(database, self.links, Path(self.files), pages, wishes)
        broken = Route("/broken", _break)
        limits = Limits(**self.limits)
        site = Path(self.site) if self.site else None
        return create_app(service, limits=limits, routes=[broken], guides=self._guides, site=site)

    @property
    def _guides(self) -> Guides | None:
        if not self.guides:
            return None
        catalogue = load_catalogue(Path(self.guides))
        press = Press(THEME, self.cache, self.copy_workers, self.most_waiting)
        return Guides(catalogue, Pool(press, catalogue), Theme(THEME).missing)


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
