"""publisher campaign report: a reader a line."""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import fields
from typing import TYPE_CHECKING, Literal

import click

from publisher.cli.cells import cells
from publisher.cli.ledger import ledger
from publisher.cli.mailing import told
from publisher.cli.workplace import settings

if TYPE_CHECKING:  # they take longer to load than --help
    from publisher.delivery.campaigns.reporting import Line


@click.command("report")
@click.argument("name")
@click.option("--state", help="Only those in this state.")
@click.option("--format", "form", type=click.Choice(["text", "csv", "json"]), default="text")
def report_command(*, name: str, state: str | None, form: Literal["text", "csv", "json"]) -> None:
    """Say what became of each reader of campaign NAME: state, cause, code, time."""
    from publisher.delivery.campaigns.campaign import find  # noqa: PLC0415
    from publisher.delivery.campaigns.reporting import lines  # noqa: PLC0415
    from publisher.delivery.store.states import DeliveryState  # noqa: PLC0415

    if state is not None and state not in set(DeliveryState):
        raise click.UsageError(f"--state: choose one of {', '.join(DeliveryState)}")
    with told(), ledger(settings()) as found, found.database.reading() as connection:
        for text in FORMS[form](lines(connection, find(connection, name), state)):
            click.echo(text)


def as_text(found: "Iterable[Line]") -> Iterator[str]:
    """A line for each, with tabs."""
    for each in found:
        reply = " ".join(str(part) for part in (each.code, each.enhanced) if part)
        told = (str(each.id), each.address or "(erased)", each.state, each.cause, reply, each.time)
        yield "\t".join((*told, each.text)).rstrip("\t")


def as_csv(found: "Iterable[Line]") -> Iterator[str]:
    """A header, and a line for each. A cell that a spreadsheet would compute begins with '."""
    from publisher.delivery.campaigns.reporting import Line  # noqa: PLC0415

    yield cells([field.name for field in fields(Line)])
    for each in found:
        yield cells(["" if value is None else str(value) for value in each.values.values()])


def as_json(found: "Iterable[Line]") -> Iterator[str]:
    """An array of objects."""
    before = "["
    for each in found:
        yield before + json.dumps(each.values, ensure_ascii=False)
        before = ","
    yield "]" if before == "," else "[]"


FORMS: "dict[str, Callable[[Iterable[Line]], Iterator[str]]]" = {
    "text": as_text, "csv": as_csv, "json": as_json,
}  # fmt: skip
