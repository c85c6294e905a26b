"""publisher batch."""

import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from publisher.cli.output import formats_from, output_folder
from publisher.cli.press import Run, earlier_receipts, press_options, seconds_since
from publisher.cli.report import reports_failures
from publisher.cli.workplace import settings
from publisher.planning.readers import Line, Readers, clashes, read_readers, unreadable
from publisher.records.catalogue import Catalogue, load_catalogue
from publisher.records.diagnostics import DiagnosedError

if TYPE_CHECKING:  # loading the renderer takes longer than --help
    from publisher.build.orders import Order, Receipt
    from publisher.build.press import Due, Sources


@click.command("batch")
@click.argument("readers")
@press_options
@click.option("--only", type=click.Choice(["failed"], case_sensitive=False),
              help="Only those that failed in the last run.")  # fmt: skip
@reports_failures
def command(
    *,
    readers: str,
    formats: str,
    output: str | None,
    guides: Path | None,
    workers: int | None,
    executor: str | None,
    dry_run: bool,
    only: str | None,
) -> None:
    """Make a PDF and an EPUB for each reader in READERS (CSV or JSON Lines; - for standard input).

    What is made already from the same answers and records is kept; a run that was killed is
    taken up where it was. Exit status 1 if a line is no reader or a copy failed.
    """
    began = time.monotonic()
    wanted = formats_from(formats)
    places = settings()
    places = places.model_copy(update={"guides": guides or places.guides})
    from publisher.build.press import Sources  # noqa: PLC0415
    from publisher.build.receipts import Receipts  # noqa: PLC0415

    # Before the records are loaded, so that an edit in between is noticed.
    sources = Sources.of(places.guides, places.theme)
    catalogue = load_catalogue(places.guides)
    found = _readers(readers, catalogue)
    receipts = Receipts(output_folder(output or places.output, used=not dry_run))
    orders = [_order(sources, line, wanted) for line in found.lines]
    run = Run(places, catalogue, sources, receipts, orders, workers, executor)
    earlier = earlier_receipts(receipts)
    due = run.due(earlier)
    dues = [task for task in due if not only or _failed(earlier.get(task.order.name))]
    if dry_run:
        _say_what_is_due(dues, len(orders), found)
        sys.exit(1 if found.diagnostics else 0)
    made = run.make(dues)
    refused = [str(each) for each in found.diagnostics]
    written = run.finish(made, earlier, refused)
    end = End(len(orders), made, len(due) - len(dues), len(refused))
    click.echo(end.summary(began), err=True)
    sys.exit(0 if end.well and written else 1)


@dataclass(frozen=True)
class End:
    """What became of a batch of `total` readers, `later` of whom are due and were left for later.

    `refused` is the number of findings in the file of readers.
    """

    total: int
    made: dict[str, "Receipt"]
    later: int
    refused: int

    @property
    def failed(self) -> int:
        """How many copies failed."""
        return sum(not receipt.done for receipt in self.made.values())

    @property
    def well(self) -> bool:
        """Whether nothing failed and no line was refused."""
        return not self.failed and not self.refused

    def summary(self, began: float) -> str:
        """One line for the end."""
        counts = [
            f"{len(self.made) - self.failed} made",
            f"{self.total - len(self.made) - self.later} kept",
            f"{self.failed} failed",
            _in_the_file(self.refused),
        ]
        if self.later:
            counts.insert(2, f"{self.later} left for later")
        return ", ".join((*counts, seconds_since(began)))


def _readers(file: str, catalogue: Catalogue) -> Readers:
    """The readers of a file, whose mistakes are told. Raises `DiagnosedError`."""
    try:
        text = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
    except OSError as error:
        raise unreadable(file, error) from error
    found = read_readers(text, file, catalogue)
    for each in found.diagnostics:
        click.echo(str(each), err=True)
    same = clashes(found.lines)
    if same:
        raise DiagnosedError(list(same))
    return found


def _order(sources: "Sources", line: Line, formats: list[str]) -> "Order":
    return sources.order_for(line.out_name, line.reader, formats, line.number)


def _failed(receipt: "Receipt | None") -> bool:
    return receipt is not None and not receipt.done


def _say_what_is_due(dues: list["Due"], total: int, found: Readers) -> None:
    for task in dues:
        click.echo(f"{task.order.name}: {task.why}")
    refused = _in_the_file(len(found.diagnostics))
    click.echo(f"{len(dues)} of {total} would be made; {refused}", err=True)


def _in_the_file(findings: int) -> str:
    """How many findings there are in the file of readers."""
    return f"{findings} finding{'' if findings == 1 else 's'} in the file"
