"""publisher campaign preview, test and send."""

import sys
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import click

from publisher.cli.imprint import imprint_of
from publisher.cli.ledger import Ledger, address_of, ledger
from publisher.cli.mailing import (
    Mailing,
    MakeLetters,
    RateOption,
    printer_of,
    sure,
    told,
)
from publisher.cli.report import reports_failures
from publisher.cli.workplace import settings
from publisher.settings import Settings

if TYPE_CHECKING:  # they take longer to load than --help
    from sqlalchemy import Row

    from publisher.delivery.campaigns.reporting import Status

GUIDES = click.option("--guides", type=click.Path(path_type=Path), help="Folder of the records.")
INTERRUPTED = 130


@click.command("preview")
@click.argument("name")
@click.option("-o", "--output", type=click.Path(path_type=Path, file_okay=False),
              help="Folder for the files; preview-NAME if left out.")  # fmt: skip
@click.option("--limit", default=3, show_default=True, type=click.IntRange(1, 1000),
              help="How many letters, from the first.")  # fmt: skip
@GUIDES
@reports_failures
def preview_command(*, name: str, output: Path | None, limit: int, guides: Path | None) -> None:
    """Write letters of campaign NAME as .eml files for a mail program. Nothing is sent or changed.

    Links in them lead nowhere as long as the campaign's files are not made.
    """
    from publisher.delivery.campaigns.campaign import find  # noqa: PLC0415
    from publisher.delivery.campaigns.previewing import Preview  # noqa: PLC0415
    from publisher.delivery.sending.claim import UnsendableError  # noqa: PLC0415

    places = _places(guides)
    folder = output or Path(f"preview-{name}")
    with told(), ledger(places) as found, TemporaryDirectory() as scratch:
        with found.database.reading() as connection:
            campaign = find(connection, name)
        letters = MakeLetters(places, found.keys, imprint_of(places.guides).title).letters
        preview = Preview(found.database, letters, lambda: printer_of(places, None), Path(scratch))
        folder.mkdir(parents=True, exist_ok=True)
        try:
            for number, message in preview.of(campaign, limit):
                file = folder / f"{number}.eml"
                file.write_bytes(message.wire)
                click.echo(str(file))
        except UnsendableError as error:
            raise click.ClickException(f"a letter cannot be written: {error}") from error


@click.command("test")
@click.argument("name")
@click.argument("address")
@GUIDES
@reports_failures
def test_command(*, name: str, address: str, guides: Path | None) -> None:
    """Send one letter of campaign NAME to ADDRESS, with a file and a link of its own.

    It is a campaign of its own with one recipient, in whose place stands a made-up reader.
    """
    from publisher.delivery.campaigns.campaign import find  # noqa: PLC0415
    from publisher.delivery.campaigns.changes import trial  # noqa: PLC0415

    places, whom = _places(guides), address_of(address)
    with told(), ledger(places) as found:
        mailing = Mailing.of(places, found, imprint_of(places.guides).title)
        with found.database.writing() as connection:
            campaign = find(connection, name)
            made = trial(connection, found.keys, campaign, whom, mailing.domain)
        status = deliver(mailing, made)
    click.echo(f"{status.name}: {status.words}")
    sys.exit(0 if status.counts["sent"] else 1)


@click.command("send")
@click.argument("name")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option("--workers", default=1, show_default=True, type=click.IntRange(1, 64),
              help="Processes that send, with 24 connections each.")  # fmt: skip
@click.option("--rate", type=RateOption(), help="At most so many messages, as 10/s or 2000/h.")
@click.option("--domain-rate", type=RateOption(), help="And to each domain of recipients.")
@click.option("--wait", is_flag=True, help="Wait for those that are to be tried again later.")
@GUIDES
@reports_failures
def send_command(*, name: str, yes: bool, guides: Path | None, **options: Any) -> None:
    """Make the files of campaign NAME and send what is due. Give it again to go on.

    Exit status 0 if all were sent, 1 if any failed, is unknown, is left for later, or is still in
    the hands of another process that sends.
    """
    from publisher.delivery.campaigns.campaign import find  # noqa: PLC0415
    from publisher.delivery.sending.course import ENDED  # noqa: PLC0415

    places = _places(guides)
    with told(), ledger(places) as found:
        mailing = Mailing.of(places, found, imprint_of(places.guides).title, **options)
        with found.database.reading() as connection:
            campaign = find(connection, name)
            status = _status(found, campaign)
        _say(mailing, campaign, status)
        if campaign.state not in ENDED:
            sure("Send?", yes=yes)
            status = deliver(mailing, campaign.id)
    because = f" ({status.cause})" if status.cause else ""
    click.echo(f"{status.name}: {status.state}{because}; of {status.total}: {status.words}")
    sys.exit(0 if all_sent(status) else 1)


def deliver(mailing: Mailing, campaign_id: int) -> "Status":
    """Prepare a campaign, and send it; how it stands then."""
    from sqlalchemy import select  # noqa: PLC0415

    from publisher.cli.progress import shown  # noqa: PLC0415
    from publisher.delivery.campaigns.preparing import Preparing  # noqa: PLC0415
    from publisher.delivery.sending.course import ENDED, CourseError  # noqa: PLC0415
    from publisher.delivery.store.tables import CAMPAIGN  # noqa: PLC0415

    database, places = mailing.ledger.database, mailing.places

    def row() -> "Row[Any]":
        with database.reading() as connection:
            return connection.execute(select(CAMPAIGN).where(CAMPAIGN.c.id == campaign_id)).one()

    campaign = row()
    status = _status(mailing.ledger, campaign)
    planned = status.counts["planned"]
    try:
        if planned and campaign.state in ("ready", "sending"):
            preparing = Preparing(database, printer_of(places, None), places.files)
            copies = 1 if campaign.edition == "handbook" else planned
            with closing(preparing.run(campaign_id)) as receipts:
                for _ in shown(receipts, copies):
                    pass
        mailing.send(campaign_id, status.total)
    except CourseError:
        if row().state not in ENDED:  # which another process has brought it to
            raise
    except KeyboardInterrupt:
        click.echo("stopped; the same command goes on from here", err=True)
        sys.exit(INTERRUPTED)
    return _status(mailing.ledger, row())


def all_sent(status: "Status") -> bool:
    """Whether everybody who may be written to was."""
    well = ("sent", "suppressed", "cancelled", "bounced", "complained")
    return sum(status.counts[state] for state in well) == status.total


def _status(found: Ledger, campaign: "Row[Any]") -> "Status":
    from publisher.delivery.campaigns.reporting import status  # noqa: PLC0415

    with found.database.reading() as connection:
        return status(connection, campaign)


def _say(mailing: Mailing, campaign: "Row[Any]", status: "Status") -> None:
    """What is about to be sent, and how."""
    what = {"guide": "each their own guide", "handbook": f"the handbook {campaign.career}"}
    files = "attached and by link" if campaign.attach else "by link"
    told = what.get(campaign.edition, campaign.edition)
    click.echo(f"{campaign.name}: {told}, {files}; of {status.total}: {status.words}", err=True)
    click.echo(
        f"from {mailing.places.sender} through {mailing.relay}; links to {mailing.places.base_url}",
        err=True,
    )


def _places(guides: Path | None) -> Settings:
    places = settings()
    return places.model_copy(update={"guides": guides or places.guides})
