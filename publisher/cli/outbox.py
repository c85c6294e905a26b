"""publisher outbox, and publisher subscribers invite: letters that readers asked for."""

import sys

import click

from publisher.cli.campaign_send import all_sent, deliver
from publisher.cli.imprint import imprint_of
from publisher.cli.ledger import ledger
from publisher.cli.mailing import Mailing, sure, told
from publisher.cli.report import reports_failures
from publisher.cli.workplace import settings


@click.command("outbox")
@reports_failures
def command() -> None:
    """Send what readers have asked for on the pages: guides and fresh links, each once.

    What is left of earlier ones and of `subscribers invite` goes on as well. For a timer, each
    minute. Exit status 1 if any failed, is unknown, or is left for later.
    """
    from publisher.delivery.campaigns.outbox import answer  # noqa: PLC0415

    places = settings()
    with told(), ledger(places) as found:
        mailing = Mailing.of(places, found, imprint_of(places.guides).title)
        with found.database.writing() as connection:
            answer(connection, mailing.domain)
        answer_requests(mailing)
        well = send_waiting(mailing)
    sys.exit(0 if well else 1)


@click.command("invite")
@click.option("--list", "list_slug", default="guides", show_default=True,
              help="The list that they are asked for.")  # fmt: skip
@click.option("--yes", is_flag=True, help="Do not ask.")
@reports_failures
def invite_command(*, list_slug: str, yes: bool) -> None:
    """Ask those who wait for it, once, whether they want to be written to.

    They are subscribed when they press the button on the page behind the letter's link.
    """
    from publisher.delivery.campaigns.outbox import invite  # noqa: PLC0415
    from publisher.delivery.people.wishes import pending_without_mail  # noqa: PLC0415

    places = settings()
    with told(), ledger(places) as found:
        mailing = Mailing.of(places, found, imprint_of(places.guides).title)
        with found.database.reading() as connection:
            count = len(pending_without_mail(connection))
        click.echo(f"{count} wait to be asked whether they want letters", err=True)
        if count:
            sure("Ask them?", yes=yes)
            with found.database.writing() as connection:
                invite(connection, found.keys, list_slug, mailing.domain)
        well = send_waiting(mailing)
    sys.exit(0 if well else 1)


def answer_requests(mailing: Mailing) -> None:
    """Enter the letters of guides that were asked for, and forget what has had its time."""
    from publisher.delivery.campaigns.requested import (  # noqa: PLC0415
        anyone_agreed,
        fulfil,
        question,
    )
    from publisher.delivery.people.requests import forget  # noqa: PLC0415
    from publisher.records.catalogue import load_catalogue  # noqa: PLC0415

    database, keys = mailing.ledger.database, mailing.ledger.keys
    with database.writing() as connection:
        forget(connection)
        question(connection, keys, mailing.domain)
        agreed = anyone_agreed(connection)
    if agreed:
        catalogue = load_catalogue(mailing.places.guides)
        with database.writing() as connection:
            fulfil(connection, keys, catalogue, mailing.domain)


def send_waiting(mailing: Mailing) -> bool:
    """Send all letters that were asked for and are due; whether none is left or failed."""
    from publisher.delivery.campaigns.outbox import waiting  # noqa: PLC0415

    with mailing.ledger.database.reading() as connection:
        names = waiting(connection)
    well = True
    for campaign in names:
        status = deliver(mailing, campaign.id)
        click.echo(f"{status.name}: {status.words}")
        well = well and all_sent(status)
    return well
