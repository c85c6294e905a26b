"""publisher guide."""

from pathlib import Path
from typing import Any

import click

from publisher.cli.output import formats_from, new_workshop, output_folder, write_files
from publisher.cli.report import reports_failures
from publisher.cli.workplace import reader_from, reader_options, settings
from publisher.planning.out_names import OUT_NAME
from publisher.planning.plan import plan
from publisher.planning.reader import Reader
from publisher.records.catalogue import load_catalogue


@click.command("guide")
@click.argument("background", required=False)
@reader_options
@click.option("--from", "earlier", type=click.Path(path_type=Path, dir_okay=False),
              help="A guide made earlier (PDF): plan again from its answers.")  # fmt: skip
@click.option("--format", "formats", default="pdf,epub", help="pdf, epub or pdf,epub.")
@click.option("-o", "--output", help="Folder for the files, a path or URL; out/ if left out.")
@click.option("--out-name", help="Name of the files without suffix.")
@click.option("--guides", type=click.Path(path_type=Path), help="Folder of the records.")
@click.option("--workers", type=click.IntRange(1, 64), help="Processes; one a core if left out.")
@reports_failures
def command(
    *,
    earlier: Path | None,
    formats: str,
    output: str | None,
    out_name: str | None,
    guides: Path | None,
    workers: int | None,
    **answers: Any,
) -> None:
    """Make the guide of a reader who comes from BACKGROUND, as PDF and EPUB."""
    places = settings()
    wanted = formats_from(formats)
    if out_name and not OUT_NAME.fullmatch(out_name):
        raise click.UsageError("--out-name: use letters, digits, dots, hyphens and underscores")
    records = load_catalogue(guides or places.guides)
    reader = reader_from(answers, records, _earlier_reader(earlier) if earlier else None)
    from publisher.build.guide import make_guide  # noqa: PLC0415

    workshop = new_workshop(places, workers)
    missing = workshop.theme.missing(reader.name or "")
    if missing:
        shown = ", ".join(f"{c} (U+{ord(c):04X})" for c in missing[:5])
        raise click.UsageError(f"--name: no bundled font has {shown}; write the name otherwise")
    folder = output_folder(output or places.output)
    made = plan(reader, records)
    files = make_guide(made, wanted, workshop).files
    name = out_name or f"{made.here.records.slug}-for-{reader.background}"
    write_files(folder, {f"{name}.{form}": content for form, content in files.items()})
    workshop.store.trim()


def _earlier_reader(path: Path) -> Reader:
    """The reader of a guide made earlier. Raises `click.UsageError`."""
    from publisher.planning.export import reader_from_json  # noqa: PLC0415
    from publisher.rendering.pdf.attachments import attachment  # noqa: PLC0415

    try:
        return reader_from_json(attachment(path, "plan.json"))
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it carries no plan of ours"
        raise click.UsageError(f"--from: {path}: {reason}") from error
