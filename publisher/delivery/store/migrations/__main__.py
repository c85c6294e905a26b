"""Writes a migration from what the tables say now and the migrations do not yet.

    python -m publisher.delivery.store.migrations "Words for the change"

writes the next one. Before the first release, `--first` writes the first one anew instead.
"""

import subprocess
import sys

import click
from sqlalchemy import create_engine

from publisher.delivery.store.migrations import HERE, config_for, newest_revision

FIRST = "The first tables"


@click.command()
@click.argument("words", default="")
@click.option("--first", is_flag=True, help="Write the first migration anew.")
def main(*, words: str, first: bool) -> None:
    """Write a migration called WORDS."""
    from alembic import command  # noqa: PLC0415

    if bool(words) == first:
        raise click.UsageError("give words for the change, or --first")
    if first:
        for old in (HERE / "versions").glob("[0-9]*.py"):
            old.unlink()
    number = 1 if first else int(newest_revision()) + 1
    with create_engine("sqlite://").connect() as connection:
        config = config_for(connection)
        if not first:
            command.upgrade(config, "head")
        title = FIRST if first else words
        command.revision(config, title, autogenerate=True, rev_id=f"{number:04}")
    for tidy in (["check", "--quiet", "--fix", "--select", "I"], ["format", "--quiet"]):
        subprocess.run([sys.executable, "-m", "ruff", *tidy, HERE / "versions"], check=True)


main()
