"""publisher serve."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from publisher.cli.imprint import imprint_of
from publisher.cli.ledger import ledger
from publisher.cli.report import reports_failures
from publisher.cli.website import ready_site
from publisher.cli.workplace import settings
from publisher.settings import Settings

if TYPE_CHECKING:  # loading the server takes longer than --help
    from starlette.types import ASGIApp

    from publisher.delivery.keys import Keys
    from publisher.rendering.web import Site


@click.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen at.")
@click.option(
    "--port",
    default=8000,
    show_default=True,
    type=click.IntRange(0, 65535),
    help="Port to listen at; 0 takes a free one.",
)
@click.option(
    "--workers",
    default=1,
    show_default=True,
    type=click.IntRange(1, 64),
    help="Processes that serve.",
)
@click.option(
    "--trusted-proxy",
    "proxies",
    multiple=True,
    metavar="ADDRESS",
    help="Address or network of a proxy that says who asks and by https. Repeat it.",
)
@click.option(
    "--site",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder of the website; site/ in the output folder if left out.",
)
@reports_failures
def command(
    *, host: str, port: int, workers: int, proxies: tuple[str, ...], site: Path | None
) -> None:
    """Serve the website, downloads, unsubscribing and confirming, until Ctrl-C or SIGTERM.

    A website that is not there yet is made first, without the sample books.

    Downloads that are under way then come to their end. Logs go to standard error as lines of
    JSON, without addresses, names or links.
    """
    places = settings()
    from publisher.delivery.web.server import Place, serve  # noqa: PLC0415

    try:
        place = Place(host, port, proxies)
    except ValueError as error:
        raise click.UsageError(f"--trusted-proxy: {error}") from error
    app = _app(places)
    try:
        listening = place.listen()
    except OSError as error:
        reason = error.strerror or str(error)
        raise click.ClickException(
            f"cannot listen at {host} port {port}: {reason}; choose another --port or --host"
        ) from error
    with listening:
        make_app = replace(app, website=ready_site(places, site).resolve())
        shown = f"[{host}]" if ":" in host else host
        click.echo(f"serving at http://{shown}:{listening.getsockname()[1]}")
        serve(make_app, listening, proxies, workers)


@dataclass(frozen=True, repr=False)
class App:
    """Makes the app in the process that serves it; it is handed to worker processes."""

    database: str
    keys: "Keys"
    base_url: str
    files: Path
    theme: Path
    site: "Site"
    website: Path | None = None

    def __call__(self) -> "ASGIApp":
        """The app, with a connection to the database."""
        from publisher.delivery.links import Links  # noqa: PLC0415
        from publisher.delivery.people import wishes  # noqa: PLC0415
        from publisher.delivery.store.database import Database  # noqa: PLC0415
        from publisher.delivery.web.app import create_app  # noqa: PLC0415
        from publisher.delivery.web.pages import Pages  # noqa: PLC0415
        from publisher.delivery.web.service import Service  # noqa: PLC0415

        links = Links(self.base_url, self.keys)
        pages = Pages(self.theme, self.site, links.prefix)
        database = Database.at(self.database)
        service = Service(database, links, self.files, pages, wishes)
        return create_app(service, site=self.website)


def _app(places: Settings) -> App:
    """Everything that is needed, tried before anything listens. Raises `click.ClickException`."""
    from publisher.rendering.web import Site  # noqa: PLC0415

    record = imprint_of(places.guides)
    with ledger(places) as found:
        keys = found.keys
    try:
        places.files.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise click.ClickException(
            f"PUBLISHER_FILES: {error.filename}: {error.strerror}"
        ) from error
    site = Site(record.title, record.language, places.postal_address)
    files = places.files.resolve()
    theme = places.web_theme
    return App(places.database, keys, places.base_url, files, theme, site)
