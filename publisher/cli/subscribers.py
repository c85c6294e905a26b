"""publisher subscribers."""

import json
import re
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryFile
from typing import TYPE_CHECKING, BinaryIO, Literal

import click

from publisher.cli.ledger import address_of, ledger
from publisher.cli.outbox import invite_command
from publisher.cli.report import reports_failures
from publisher.cli.workplace import settings

if TYPE_CHECKING:  # they take longer to load than --help
    from publisher.delivery.people.outcomes import Counts
    from publisher.planning.source import Source

STATES = ("pending", "confirmed", "unsubscribed", "suppressed")
CAUSE = re.compile(r"[a-z][a-z0-9-]{0,39}")
SCOPE = re.compile(r"[a-z][a-z0-9-]{0,79}")


@click.group("subscribers")
def command() -> None:
    """Keep the people who may be written to."""


command.add_command(invite_command)


@command.command("import")
@click.argument("file")
@click.option("--confirmed", is_flag=True,
              help="All have agreed already; each line says when (consent_time) and where "
                   "(consent_source).")  # fmt: skip
@click.option("--guides", type=click.Path(path_type=Path), help="Folder of the records.")
@reports_failures
def import_command(*, file: str, confirmed: bool, guides: Path | None) -> None:
    """Take in the people of FILE (CSV or JSON Lines; - for standard input).

    Columns: email, those of a reader, consent_time, consent_source, consent_text. What is given
    of known people is updated. Who has unsubscribed or is suppressed stays so. Exit status 1 if a
    line was refused; the others are taken in.
    """
    from publisher.delivery.people.importing import Importer  # noqa: PLC0415
    from publisher.delivery.people.outcomes import Outcome  # noqa: PLC0415
    from publisher.records.catalogue import load_catalogue  # noqa: PLC0415

    places = settings()
    with _source(file) as source, ledger(places) as found:
        catalogue = load_catalogue(guides or places.guides)
        importer = Importer(found.database, found.keys, catalogue, confirmed)
        counts = importer.run(source, lambda each: click.echo(str(each), err=True))
    for line in _summary(counts, confirmed=confirmed):
        click.echo(line, err=True)
    sys.exit(1 if counts[Outcome.REFUSED] else 0)


@command.command("list")
@click.option("--state", type=click.Choice(STATES),
              help="Only these; unsubscribed also holds those who left one list.")  # fmt: skip
@click.option("--background", help="Only those who come from there.")
@click.option("--career", help="Only those who want to go there.")
@click.option("--format", "form", type=click.Choice(["text", "csv", "json"]), default="text")
def list_command(
    *,
    state: Literal["pending", "confirmed", "unsubscribed", "suppressed"] | None,
    background: str | None,
    career: str | None,
    form: Literal["text", "csv", "json"],
) -> None:
    """List subscribers, and the lists on which they are not written to."""
    from publisher.cli.subscribers_list import FORMS  # noqa: PLC0415
    from publisher.delivery.people.listing import listed  # noqa: PLC0415

    with ledger(settings()) as found, found.database.reading() as connection:
        people = listed(connection, found.keys, state, background, career)
        for text in FORMS[form](people):
            click.echo(text)


@command.command("export")
@click.argument("address")
def export_command(*, address: str) -> None:
    """Print everything that is held on the person of ADDRESS, as JSON."""
    from publisher.delivery.people.dossier import dossier  # noqa: PLC0415

    whose = address_of(address)
    with ledger(settings()) as found, found.database.reading() as connection:
        held = dossier(connection, found.keys, whose)
    if held is None:
        raise click.ClickException("nothing is held on this address")
    click.echo(json.dumps(held, indent=1, ensure_ascii=False))


@command.command("erase")
@click.argument("address")
@click.option("--yes", is_flag=True, help="Do not ask.")
def erase_command(*, address: str, yes: bool) -> None:
    """Erase the person of ADDRESS: address, name, answers and files.

    Messages to them that have not left are cancelled. A suppression stays, blinded, so that they
    are not written to if somebody imports them again.
    """
    from publisher.delivery.people.erasure import Erased, erase  # noqa: PLC0415

    whose, places = address_of(address), settings()
    if not yes:
        click.confirm("Erase all that is held on this address, for good?", abort=True)
    with ledger(places) as found:
        try:
            erased = erase(found.database, found.keys, places.files, whose)
        except OSError as error:
            wrong = error.strerror or error
            raise click.ClickException(
                f"a file cannot be removed, so nothing is: {wrong}"
            ) from None
    if erased == Erased():
        raise click.ClickException("nothing is held on this address that could be erased")
    click.echo(
        f"erased: {int(erased.subscriber)} subscriber, who they are in {erased.deliveries} "
        f"deliveries ({erased.stopped} cancelled), {erased.files} files"
    )
    if erased.traces:
        raise click.ClickException(
            "another process uses the database, in whose files a copy is left until you repeat this"
        )


@command.command("suppress")
@click.argument("address")
@click.option("--scope", default="all", show_default=True, help="A list, or all.")
@click.option("--cause", default="asked", show_default=True, help="Why, in a word or two.")
def suppress_command(*, address: str, scope: str, cause: str) -> None:
    """Never write to ADDRESS again; it need not be a subscriber's."""
    from publisher.delivery.people.wishes import keep_off  # noqa: PLC0415

    for option, text, form in (("--scope", scope, SCOPE), ("--cause", cause, CAUSE)):
        if not form.fullmatch(text):
            raise click.UsageError(f"{option}: write lower case words joined by hyphens")
    whose = address_of(address)
    with ledger(settings()) as found, found.database.writing() as connection:
        new = keep_off(connection, found.keys, whose.key, scope, cause)
    where = "on any list" if scope == "all" else f"on the list {scope}"
    click.echo(f"not written to {where} {'from now on' if new else 'already'}")


@contextmanager
def _source(file: str) -> Iterator["Source"]:
    """A file that can be read twice. Raises `DiagnosedError` when it cannot be read."""
    from publisher.planning.readers import unreadable  # noqa: PLC0415
    from publisher.planning.source import Source  # noqa: PLC0415

    try:
        stream: BinaryIO = sys.stdin.buffer if file == "-" else Path(file).open("rb")  # noqa: SIM115
    except OSError as error:
        raise unreadable(file, error) from error
    with stream:
        if stream.seekable() and file != "-":
            yield Source(stream, file)
            return
        with TemporaryFile() as kept:  # it has no name, and goes with this process
            try:
                shutil.copyfileobj(stream, kept)
            except OSError as error:
                raise unreadable(file, error) from error
            yield Source(kept, file)


def _summary(counts: "Counts", *, confirmed: bool) -> Iterator[str]:
    """What became of the lines; each thing that someone may wonder about has a line of its own."""
    from publisher.delivery.people.outcomes import Outcome  # noqa: PLC0415

    told = (Outcome.ADDED, Outcome.UPDATED, Outcome.UNCHANGED, Outcome.KEPT_OUT, Outcome.REFUSED)
    yield ", ".join(f"{counts[each]} {each}" for each in told)
    notes = {
        "new ones are not written to before they confirm": not confirmed and counts[Outcome.ADDED],
        "have unsubscribed or are suppressed, and stay so": counts[Outcome.KEPT_OUT],
        "have left a list, and stay off it": counts[Outcome.OFF_A_LIST],
        "gave no background: a handbook can be sent to them, a guide cannot":
            counts[Outcome.NO_BACKGROUND],
    }  # fmt: skip
    for words, number in notes.items():
        if number:
            yield f"  {number} {words}"
