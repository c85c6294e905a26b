"""publisher handbook."""

from pathlib import Path

import click

from publisher.cli.output import formats_from, new_workshop, output_folder, write_files
from publisher.cli.report import reports_failures
from publisher.cli.workplace import settings
from publisher.records.catalogue import CareerRecords, Catalogue, load_catalogue
from publisher.records.hints import nearest


@click.command("handbook")
@click.option("--career", help="Slug of the career; the first one if left out.")
@click.option("--sample", is_flag=True, help="Only title, contents and one chapter.")
@click.option("--format", "formats", default="pdf,epub", help="pdf, epub or pdf,epub.")
@click.option("-o", "--output", help="Folder for the files, a path or URL; out/ if left out.")
@click.option("--guides", type=click.Path(path_type=Path), help="Folder of the records.")
@click.option("--workers", type=click.IntRange(1, 64), help="Processes; one a core if left out.")
@reports_failures
def command(
    *,
    career: str | None,
    sample: bool,
    formats: str,
    output: str | None,
    guides: Path | None,
    workers: int | None,
) -> None:
    """Make the combined handbook of a career: every path, every module once."""
    places = settings()
    wanted = formats_from(formats)
    catalogue = load_catalogue(guides or places.guides)
    records = career_from(career, catalogue)
    from publisher.build.book import make_book  # noqa: PLC0415
    from publisher.editions.handbook import Handbook  # noqa: PLC0415

    folder = output_folder(output or places.output)
    handbook = Handbook(catalogue, records)
    edition = handbook.sample() if sample else handbook.edition()
    workshop = new_workshop(places, workers)
    book = make_book(edition, catalogue, wanted, workshop)
    write_files(folder, {f"{edition.name}.{form}": data for form, data in book.files.items()})
    workshop.store.trim()


def career_from(slug: str | None, catalogue: Catalogue) -> CareerRecords:
    """The career named, or the first. Raises `click.UsageError`."""
    careers = catalogue.careers
    wanted = slug or next(iter(careers))
    if wanted not in careers:
        hint = nearest(wanted, list(careers))
        raise click.UsageError(f"--career: unknown career {wanted!r}{f'; {hint}' if hint else ''}")
    return careers[wanted]
