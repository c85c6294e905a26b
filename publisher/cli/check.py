"""publisher check."""

import sys
from pathlib import Path

import click

from publisher.cli.report import print_diagnostics
from publisher.cli.workplace import settings
from publisher.planning.claims import unconfirmed_claims
from publisher.records.catalogue import catalogue_of, cross_check
from publisher.records.checks.style import prose_reads_well
from publisher.records.loader import read_entries


@click.command("check")
@click.option("--format", "form", type=click.Choice(["text", "json", "github"]), default="text")
@click.option("--guides", type=click.Path(path_type=Path), help="Folder of the records.")
def command(form: str, guides: Path | None) -> None:
    """Report every mistake of every record at once.

    Exit status 1 if there is any.
    """
    folder = guides or settings().guides
    entries = read_entries(folder)
    found = cross_check(entries)
    if not found:  # the planner can only confirm what stands in whole records
        found = [*unconfirmed_claims(entries, catalogue_of(entries))]
    found = sorted({*found, *prose_reads_well(entries)})
    print_diagnostics(found, form)
    if form == "text":
        count = len(found)
        records = len(entries.all())
        click.echo(f"{records} records, {count} mistake{'' if count == 1 else 's'}")
    sys.exit(1 if found else 0)
