"""publisher list."""

from collections.abc import Iterator
from pathlib import Path

import click

from publisher.cli.report import reports_failures
from publisher.cli.workplace import settings
from publisher.records.catalogue import Catalogue, load_catalogue

KINDS = ("careers", "backgrounds", "skills", "modules", "paths")


@click.command("list")
@click.argument("kind", type=click.Choice(KINDS))
@click.option("--guides", type=click.Path(path_type=Path), help="Folder of the records.")
@reports_failures
def command(kind: str, guides: Path | None) -> None:
    """List records: the slug to type, a tab, and what it stands for."""
    for slug, name in _rows(load_catalogue(guides or settings().guides), kind):
        click.echo(f"{slug}\t{name}")


def _rows(records: Catalogue, kind: str) -> Iterator[tuple[str, str]]:
    match kind:
        case "careers":
            yield from ((slug, career.career.title) for slug, career in records.careers.items())
        case "backgrounds":
            yield from ((slug, record.name) for slug, record in records.backgrounds.items())
        case "skills":
            yield from ((slug, skill.name) for slug, skill in records.skills.items())
        case "modules":
            yield from (
                (slug, f"{module.title} ({module.hours:g} h)")
                for slug, module in records.modules.items()
            )
        case _:
            for slug, career in records.careers.items():
                for background, path in career.paths.items():
                    headline = path.headline
                    months = ", ".join(f"{track} {n}" for track, n in headline.months.items())
                    text = f"months at {headline.hours_per_week:g} h a week: {months}"
                    yield f"{background} → {slug}", text
