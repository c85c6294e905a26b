"""publisher serve."""

from dataclasses import replace
from pathlib import Path

import click

from publisher.cli.report import reports_failures
from publisher.cli.web_app import app_of
from publisher.cli.website import ready_site
from publisher.cli.workplace import settings


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
@click.option(
    "--copy-workers",
    default=2,
    show_default=True,
    type=click.IntRange(1, 64),
    help="Processes that make personal copies, for each process that serves.",
)
@click.option(
    "--most-waiting",
    default=128,
    show_default=True,
    type=click.IntRange(0, 10_000),
    help="Readers who may wait for a copy; more are asked to come again.",
)
@reports_failures
def command(
    *,
    host: str,
    port: int,
    workers: int,
    proxies: tuple[str, ...],
    site: Path | None,
    copy_workers: int,
    most_waiting: int,
) -> None:
    """Serve the website, assessment, plans, personal copies and downloads, until Ctrl-C or SIGTERM.

    A website that is not there yet is made first, without the sample books.

    What is under way then comes to its end. Edited records and themes are served after a restart.
    Logs go to standard error as lines of JSON, without addresses, names or links.
    """
    places = settings()
    from publisher.delivery.web.server import Place, serve  # noqa: PLC0415

    try:
        place = Place(host, port, proxies)
    except ValueError as error:
        raise click.UsageError(f"--trusted-proxy: {error}") from error
    make_app = app_of(places, copy_workers=copy_workers, most_waiting=most_waiting)
    try:
        listening = place.listen()
    except OSError as error:
        reason = error.strerror or str(error)
        raise click.ClickException(
            f"cannot listen at {host} port {port}: {reason}; choose another --port or --host"
        ) from error
    with listening:
        # Last, since it takes a while, and all that may be wrong is known by now.
        make_app = replace(make_app, website=ready_site(places, site).resolve())
        shown = f"[{host}]" if ":" in host else host
        click.echo(f"serving at http://{shown}:{listening.getsockname()[1]}")
        serve(make_app, listening, proxies, workers)
