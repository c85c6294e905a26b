"""What `publisher serve` serves, made anew in each process that serves it."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from publisher.cli.imprint import imprint_of
from publisher.cli.ledger import ledger
from publisher.settings import Settings

if TYPE_CHECKING:  # loading the server takes longer than --help
    from starlette.types import ASGIApp

    from publisher.delivery.keys import Keys
    from publisher.delivery.web.copies.pool import Press
    from publisher.rendering.web import Site


@dataclass(frozen=True, repr=False)
class App:
    """Makes the app in the process that serves it; it is handed to worker processes."""

    database: str
    keys: "Keys"
    base_url: str
    files: Path
    theme: Path
    site: "Site"
    guides: Path
    press: "Press"
    website: Path | None = None

    def __call__(self) -> "ASGIApp":
        """The app, with a connection to the database and the records as they are now."""
        from publisher.delivery.links import Links  # noqa: PLC0415
        from publisher.delivery.people import wishes  # noqa: PLC0415
        from publisher.delivery.store.database import Database  # noqa: PLC0415
        from publisher.delivery.web.app import create_app  # noqa: PLC0415
        from publisher.delivery.web.copies.pool import Pool  # noqa: PLC0415
        from publisher.delivery.web.pages import Pages  # noqa: PLC0415
        from publisher.delivery.web.personal.guides import Guides  # noqa: PLC0415
        from publisher.delivery.web.service import Service  # noqa: PLC0415
        from publisher.records.catalogue import load_catalogue  # noqa: PLC0415
        from publisher.rendering.theme import Theme  # noqa: PLC0415

        links = Links(self.base_url, self.keys)
        pages = Pages(self.theme, self.site, links.prefix)
        service = Service(Database.at(self.database), links, self.files, pages, wishes)
        catalogue = load_catalogue(self.guides)
        pool = Pool(self.press, catalogue)
        guides = Guides(catalogue, pool, Theme(self.press.theme).missing)
        return create_app(service, site=self.website, guides=guides)


def app_of(places: Settings, *, copy_workers: int, most_waiting: int) -> App:
    """Everything that is needed but the website, tried before anything listens.

    Raises `click.ClickException`.
    """
    from publisher.build.worker import settled  # noqa: PLC0415
    from publisher.delivery.web.copies.pool import Press  # noqa: PLC0415
    from publisher.records.catalogue import load_catalogue  # noqa: PLC0415
    from publisher.rendering.web import Site  # noqa: PLC0415

    record = imprint_of(places.guides)
    load_catalogue(places.guides)  # so that mistakes are told now, and not by each process
    with ledger(places) as found:
        keys = found.keys
    try:
        places.files.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise click.ClickException(
            f"PUBLISHER_FILES: {error.filename}: {error.strerror}"
        ) from error
    theme, cache = places.theme.absolute(), settled(places.cache)
    return App(
        database=places.database,
        keys=keys,
        base_url=places.base_url,
        files=places.files.resolve(),
        theme=places.web_theme,
        site=Site(record.title, record.language, places.postal_address),
        guides=places.guides.absolute(),
        press=Press(theme, cache, copy_workers, most_waiting),
    )
