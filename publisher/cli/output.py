"""What the commands that make books share: formats, folder, workshop."""

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from publisher.records.diagnostics import DiagnosedError
from publisher.rendering.codes import finding
from publisher.settings import Settings

if TYPE_CHECKING:  # loading the renderer takes longer than --help
    from publisher.build.folders import Folder
    from publisher.build.workshop import Workshop


def formats_from(text: str) -> list[str]:
    """The formats named in `pdf,epub`. Raises `click.UsageError`."""
    wanted = list(dict.fromkeys(part.strip() for part in text.split(",")))
    unknown = [part for part in wanted if part not in ("pdf", "epub")]
    if unknown or not wanted:
        raise click.UsageError(f"--format: {unknown[0]!r} is neither pdf nor epub")
    return wanted


def output_folder(place: Path | str, *, used: bool = True) -> "Folder":
    """The folder for the files, which takes some if it is to be `used`; exit with 1 if it does not.

    Raises `click.UsageError` when the place is none.
    """
    from publisher.build.places import folder_at  # noqa: PLC0415

    try:
        folder = folder_at(place)
    except ValueError as error:
        raise click.UsageError(f"--output: {error}") from error
    if used:
        prepare_folder(folder)
    return folder


def prepare_folder(folder: "Folder") -> None:
    """See that a folder takes files; exit with 1 if it does not."""
    try:
        folder.prepare()
    except OSError as error:
        text = f"takes no files: {error.strerror or error}"
        click.echo(str(finding(str(folder), "B203", text)), err=True)
        sys.exit(1)


def write_files(folder: "Folder", files: Mapping[str, bytes]) -> None:
    """Write finished files, each whole or not at all, and print where they are.

    Raises `DiagnosedError` (B203) when one cannot be written.
    """
    for name, content in files.items():
        try:
            folder.write(name, content)
        except OSError as error:
            text = f"cannot be written: {error.strerror or error}"
            raise DiagnosedError([finding(f"{folder}/{name}", "B203", text)]) from error
    for name in files:
        click.echo(f"{folder}/{name}")


def new_workshop(places: Settings, workers: int | None) -> "Workshop":
    """The workshop of a command that tells what it does on standard error."""
    from publisher.build.reporter import Lines  # noqa: PLC0415
    from publisher.build.store import Store  # noqa: PLC0415
    from publisher.build.workshop import Workshop  # noqa: PLC0415
    from publisher.rendering.theme import Theme  # noqa: PLC0415

    reporter = Lines(lambda text: click.echo(text, err=True))
    return Workshop(Theme(places.theme), Store(places.cache, places.cache_size), reporter, workers)
