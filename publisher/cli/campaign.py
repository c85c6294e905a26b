"""publisher campaign: makes campaigns, and keeps their course."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import click

from publisher.cli.campaign_report import report_command
from publisher.cli.campaign_send import preview_command, send_command, test_command
from publisher.cli.ledger import ledger
from publisher.cli.mailing import domain_of, sure, told
from publisher.cli.report import reports_failures
from publisher.cli.workplace import settings

if TYPE_CHECKING:  # they take longer to load than --help
    from sqlalchemy import Connection

    from publisher.delivery.campaigns.campaign import Draft
    from publisher.records.catalogue import Catalogue

LIST_NAME = "guides"
"""The list that campaigns go to unless they say otherwise."""


@click.group("campaign")
def command() -> None:
    """Send a guide or a handbook to many, each once."""


for each in (preview_command, test_command, send_command, report_command):
    command.add_command(each)


@command.command("create")
@click.argument("name")
@click.option("--edition", type=click.Choice(["guide", "handbook"]), required=True,
              help="Each reader's own guide, or the handbook for all.")  # fmt: skip
@click.option("--career", help="Only those who want to go there; and whose handbook it is.")
@click.option("--background", help="Only those who come from there.")
@click.option("--received", metavar="CAMPAIGN", help="Only those who got that one.")
@click.option("--missed", metavar="CAMPAIGN", help="Only those who did not get that one.")
@click.option("--list", "list_slug", default=LIST_NAME, show_default=True,
              help="What its readers unsubscribe from.")  # fmt: skip
@click.option("--attach", is_flag=True, help="Send the files along, up to 10 MB.")
@click.option("--not-after", type=click.DateTime(["%Y-%m-%d"]), metavar="DATE",
              help="The last day (UTC) of sending; three days after it begins.")  # fmt: skip
@click.option("--on-unknown", type=click.Choice(["hold", "assume-sent"]), default="hold",
              show_default=True, help="What to do where the relay's answer was lost.")  # fmt: skip
@click.option("--guides", type=click.Path(path_type=Path), help="Folder of the records.")
@reports_failures
def create_command(*, name: str, guides: Path | None, **options: Any) -> None:
    """Choose the recipients of campaign NAME now and for good. Nothing is sent.

    Recipients have confirmed, have not left the list and are not suppressed.
    """
    from publisher.delivery.campaigns.campaign import LIST, NAME, create  # noqa: PLC0415
    from publisher.delivery.people.segments import Segment  # noqa: PLC0415
    from publisher.records.catalogue import load_catalogue  # noqa: PLC0415

    if not NAME.fullmatch(name):
        raise click.UsageError("NAME: use letters, digits, dots, hyphens and underscores")
    if not LIST.fullmatch(options["list_slug"]) or len(options["list_slug"]) > 80:  # noqa: PLR2004  # the column's
        raise click.UsageError("--list: write lower case words joined by hyphens")
    places = settings()
    catalogue = load_catalogue(guides or places.guides)
    _check(catalogue, options["career"], options["background"])
    segment = Segment(
        options["list_slug"], options["edition"], options["background"], options["career"],
        options["received"], options["missed"],
    )  # fmt: skip
    draft = _draft(name, segment, catalogue, options)
    with told(), ledger(places) as found, found.database.writing() as connection:
        total = create(connection, found.keys, draft, segment, domain_of(places))
    click.echo(f"{name}: {total} recipient{'' if total == 1 else 's'}, frozen")
    click.echo(f"next: publisher campaign preview {name}; publisher campaign send {name}", err=True)


@command.command("list")
def list_command() -> None:
    """List the campaigns, the newest first."""
    from publisher.delivery.campaigns.reporting import campaigns  # noqa: PLC0415

    with ledger(settings()) as found, found.database.reading() as connection:
        for row in campaigns(connection):
            sent = f"{row.sent} of {row.total} sent"
            told = (row.name, row.edition, row.state, f"{row.created_at:%Y-%m-%d}", sent, row.cause)
            click.echo("\t".join(told).rstrip("\t"))


@command.command("status")
@click.argument("name")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text")
def status_command(*, name: str, form: str) -> None:
    """Say how campaign NAME stands."""
    from publisher.delivery.campaigns.campaign import find  # noqa: PLC0415
    from publisher.delivery.campaigns.reporting import status  # noqa: PLC0415

    with told(), ledger(settings()) as found, found.database.reading() as connection:
        now = status(connection, find(connection, name))
    if form == "json":
        shown = {"name": now.name, "state": now.state, "counts": now.counts, "total": now.total}
        click.echo(json.dumps(shown, ensure_ascii=False, indent=1))
        return
    because = f" ({now.cause})" if now.cause else ""
    click.echo(f"{now.name}: {now.state}{because}; of {now.total}: {now.words}")


@command.command("pause")
@click.argument("name")
@click.option("--cause", default="by the operator", show_default=True, help="Why.")
def pause_command(*, name: str, cause: str) -> None:
    """Hand no further message of campaign NAME to the relay."""
    from publisher.delivery.sending.course import pause  # noqa: PLC0415

    with _changing(name) as (connection, campaign):
        pause(connection, campaign.id, cause[:200])
    click.echo(f"{name} is paused; `publisher campaign resume {name}` lets it go on")


@command.command("resume")
@click.argument("name")
def resume_command(*, name: str) -> None:
    """Let campaign NAME go on; `send` then sends."""
    from publisher.delivery.sending.course import resume  # noqa: PLC0415

    with _changing(name) as (connection, campaign):
        resume(connection, campaign.id)
    click.echo(f"{name} may go on; `publisher campaign send {name}` sends what is left")


@command.command("cancel")
@click.argument("name")
@click.option("--yes", is_flag=True, help="Do not ask.")
def cancel_command(*, name: str, yes: bool) -> None:
    """Send nothing more of campaign NAME, ever."""
    from publisher.delivery.sending.course import cancel  # noqa: PLC0415

    sure(f"Cancel {name} for good?", yes=yes)
    with _changing(name) as (connection, campaign):
        count = cancel(connection, campaign.id)
    click.echo(f"{name} is cancelled; {count} are not sent")


@command.command("retry")
@click.argument("name")
@click.option("--state", type=click.Choice(["failed", "expired"]), required=True,
              help="Which deliveries.")  # fmt: skip
@click.option("--cause", help="Only those of this cause, as the report has it.")
def retry_command(*, name: str, state: Literal["failed", "expired"], cause: str | None) -> None:
    """Let what failed or came too late in campaign NAME be tried again; `send` then sends."""
    from publisher.delivery.campaigns.changes import retry  # noqa: PLC0415
    from publisher.delivery.store.states import DeliveryState  # noqa: PLC0415

    with _changing(name) as (connection, campaign):
        count = retry(connection, campaign, DeliveryState(state), cause)
    click.echo(f"{count} will be tried again by `publisher campaign send {name}`")


@command.command("resolve")
@click.argument("delivery", type=click.IntRange(1))
@click.option("--as", "decision", type=click.Choice(["sent", "resend", "failed"]), required=True,
              help="What is known, or shall be done.")  # fmt: skip
def resolve_command(*, delivery: int, decision: Literal["sent", "resend", "failed"]) -> None:
    """Decide on a DELIVERY whose answer was lost; its number stands in the report."""
    from publisher.delivery.sending.resolve import resolve  # noqa: PLC0415

    with _changing(None) as (connection, _):
        resolve(connection, delivery, decision)
    click.echo(f"delivery {delivery}: {decision}")


@command.command("reconcile")
@click.argument("name")
@click.option("--postfix-log", "logs", multiple=True, required=True,
              type=click.Path(path_type=Path, dir_okay=False, exists=True),
              help="A log of the Postfix that is the relay. Repeat it.")  # fmt: skip
def reconcile_command(*, name: str, logs: tuple[Path, ...]) -> None:
    """Decide, by the relay's log, on what is unknown in campaign NAME."""
    from publisher.delivery.sending.resolve import reconcile  # noqa: PLC0415

    with _changing(name) as (connection, campaign):
        try:
            done = reconcile(connection, campaign.id, logs)
        except ValueError as error:
            raise click.UsageError(f"--postfix-log: {error}") from error
    click.echo(
        f"{done.sent} were accepted, {done.resend} were not and will be sent again, "
        f"{done.unknown} stay unknown"
    )


@command.command("adopt")
@click.option("--yes", is_flag=True, help="Do not ask.")
def adopt_command(*, yes: bool) -> None:
    """Use a database that was moved here. One that was restored forgets what was sent since."""
    from publisher.delivery.sending.instance import adopt  # noqa: PLC0415

    sure("Is this the only database, with everything in it that was sent?", yes=yes)
    with _changing(None) as (connection, _):
        adopt(connection)
    click.echo("the database belongs to this machine now")


@contextmanager
def _changing(name: str | None) -> Iterator[tuple["Connection", Any]]:
    """A transaction, and the row of a campaign if it has a name."""
    from publisher.delivery.campaigns.campaign import find  # noqa: PLC0415

    with told(), ledger(settings()) as found, found.database.writing() as connection:
        yield connection, find(connection, name) if name else None


def _check(catalogue: "Catalogue", career: str | None, background: str | None) -> None:
    """Raises `click.UsageError` for a word that no record has."""
    from publisher.records.hints import nearest  # noqa: PLC0415

    for option, word, known in (
        ("--career", career, catalogue.careers), ("--background", background, catalogue.backgrounds)
    ):  # fmt: skip
        if word is not None and word not in known:
            hint = nearest(word, list(known))
            raise click.UsageError(f"{option}: unknown {option[2:]} {word[:80]!r}; {hint}")


def _draft(name: str, segment: Any, catalogue: "Catalogue", options: dict[str, Any]) -> "Draft":
    from publisher.delivery.campaigns.campaign import Draft  # noqa: PLC0415

    career = options["career"] or next(iter(catalogue.careers))
    return Draft(
        name, options["edition"], career, options["list_slug"], catalogue.publication.date,
        asdict(segment), options["attach"], options["on_unknown"], _end_of(options["not_after"]),
    )  # fmt: skip


def _end_of(day: date | None) -> datetime | None:
    if day is None:
        return None
    end = datetime.combine(day, time(), UTC) + timedelta(days=1)
    if end <= datetime.now(UTC):
        raise click.UsageError("--not-after: that day is over")
    return end
