"""publisher schema."""

import sys

import click

from publisher.cli.workplace import settings
from publisher.records.schema import stale_schemas, write_schemas


@click.command("schema")
@click.option("--check", is_flag=True, help="Write nothing; exit with 1 if any schema is stale.")
def command(check: bool) -> None:
    """Write the JSON Schemas of the records, by which editors complete and check YAML."""
    folder = settings().schemas
    if check:
        stale = stale_schemas(folder)
        for name in stale:
            click.echo(f"{folder.name}/{name} is stale; run `publisher schema`")
        sys.exit(1 if stale else 0)
    written = write_schemas(folder)
    click.echo(f"{len(written)} schemas written to {folder.name}/" if written else "up to date")
