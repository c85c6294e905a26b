"""publisher assess."""

import sys
from pathlib import Path

import click

from publisher.cli.report import reports_failures
from publisher.cli.workplace import settings
from publisher.planning.answers import Answers
from publisher.planning.reader import Reader
from publisher.records.catalogue import Catalogue, load_catalogue

INTERRUPTED = 130
"""Exit status of a command that Ctrl-C has ended, as shells have it."""


@click.command("assess")
@click.option("--answers", "answers_file", type=click.Path(path_type=Path, dir_okay=False),
              help="A YAML file of answers; without it, the terminal asks.")  # fmt: skip
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False),
              help="Write a reader file, which publisher guide --reader takes.")  # fmt: skip
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text")
@click.option("--guides", type=click.Path(path_type=Path), help="Folder of the records.")
@reports_failures
def command(answers_file: Path | None, output: Path | None, form: str, guides: Path | None) -> None:
    """Find out where you stand: which track fits, why, and what to do next.

    Eighteen questions, each of which may stay open. Nothing is kept unless you ask for it.
    """
    records = load_catalogue(guides or settings().guides)
    if records.assessment is None:
        raise click.ClickException("these records have no assessment.yaml")
    from publisher.cli.assess_text import result_text  # noqa: PLC0415
    from publisher.planning.assessment import assess  # noqa: PLC0415
    from publisher.planning.assessment_export import result_json  # noqa: PLC0415

    result = assess(_answers(answers_file, records), records)
    click.echo(result_json(result) if form == "json" else result_text(result), nl=form == "text")
    made = result.recommendation
    if output is not None:
        if made is None:
            text = f"{output} is not written: name a background or rate your skills first"
            raise click.ClickException(text)
        _write(output, made.reader)
    elif made is not None and answers_file is None:
        _offer(made.reader)


def _answers(path: Path | None, records: Catalogue) -> Answers:
    if path is not None:
        from publisher.cli.answers_file import answers_in  # noqa: PLC0415

        return answers_in(path, records)
    if not sys.stdin.isatty():
        raise click.UsageError("there is no terminal to ask in; give --answers FILE")
    from publisher.cli.interview import ask_all  # noqa: PLC0415

    try:
        return ask_all(records)
    except (click.Abort, KeyboardInterrupt):
        click.echo("\nStopped; nothing was kept.", err=True)
        sys.exit(INTERRUPTED)


def _offer(reader: Reader) -> None:
    """Write the reader file where somebody at the terminal wants it, if they do."""
    words = "\nWrite a reader file for your guide? Its name, or Enter for none"
    try:
        while name := str(click.prompt(words, default="", show_default=False, err=True)).strip():
            try:
                _write(Path(name), reader)
            except click.ClickException as error:  # ten minutes of answers are worth a second try
                error.show()
            else:
                return
    except (click.Abort, KeyboardInterrupt):
        click.echo("\nNo file was written.", err=True)


def _write(path: Path, reader: Reader) -> None:
    """Write the reader file, whole or not at all. Raises `click.ClickException`."""
    from publisher.build.folders import write_whole  # noqa: PLC0415
    from publisher.planning.assessment_export import reader_yaml  # noqa: PLC0415

    try:
        write_whole(path, reader_yaml(reader).encode())
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise click.ClickException(f"{path} cannot be written: {reason}") from error
    click.echo(f"{path} is written. Your guide: publisher guide --reader {path}", err=True)
