"""publisher plan."""

from pathlib import Path
from typing import Any

import click

from publisher.cli.plan_text import plan_text
from publisher.cli.report import reports_failures
from publisher.cli.workplace import reader_from, reader_options, settings
from publisher.planning.export import plan_json
from publisher.planning.plan import plan as make_plan
from publisher.records.catalogue import load_catalogue


@click.command("plan")
@click.argument("background", required=False)
@reader_options
@click.option("--format", "form", type=click.Choice(["text", "json", "ics"]), default="text")
@click.option("--guides", type=click.Path(path_type=Path), help="Folder of the records.")
@reports_failures
def command(form: str, guides: Path | None, **answers: Any) -> None:
    """Print the plan for a reader who comes from BACKGROUND."""
    records = load_catalogue(guides or settings().guides)
    made = make_plan(reader_from(answers, records), records)
    if form == "json":
        click.echo(plan_json(made), nl=False)
    elif form == "ics":
        from publisher.rendering.calendar import calendar_text  # noqa: PLC0415

        # The format wants CRLF line ends, on every system.
        click.echo(calendar_text(made).encode(), nl=False)
    else:
        click.echo(plan_text(made))
