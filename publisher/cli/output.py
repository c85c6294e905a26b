"""What the commands that make books share: formats, folder, workshop."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from publisher.settings import Settings

if TYPE_CHECKING:  # loading the renderer takes longer than --help
    from publisher.build.workshop import Workshop


def formats_from(text: str) -> list[str]:
    """The formats named in `pdf,epub`. Raises `click.UsageError`."""
    wanted = list(dict.fromkeys(part.strip() for part in text.split(",")))
    unknown = [part for part in wanted if part not in ("pdf", "epub")]
    if unknown or not wanted:
        raise click.UsageError(f"--format: {unknown[0]!r} is neither pdf nor epub")
    return wanted


def check_folder(folder: Path) -> None:
    """Find out before the work whether the folder can take the result; exit with 1 if not."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        click.echo(f"{folder}: B203 cannot be made: {error.strerror}", err=True)
        sys.exit(1)


def new_workshop(places: Settings, workers: int | None) -> "Workshop":
    """The workshop of a command that tells what it does on standard error."""
    from publisher.build.reporter import Lines  # noqa: PLC0415
    from publisher.build.store import Store  # noqa: PLC0415
    from publisher.build.workshop import Workshop  # noqa: PLC0415
    from publisher.rendering.theme import Theme  # noqa: PLC0415

    reporter = Lines(lambda text: click.echo(text, err=True))
    return Workshop(Theme(places.theme), Store(places.cache), reporter, workers)
