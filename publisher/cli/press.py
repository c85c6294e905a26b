"""What `batch` and `build` share: options, the run, and its end."""

import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import reduce
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from publisher.cli.output import new_workshop
from publisher.records.catalogue import Catalogue
from publisher.rendering.codes import finding
from publisher.settings import Settings

if TYPE_CHECKING:  # loading the renderer takes longer than --help
    from publisher.build.cluster import Cluster
    from publisher.build.orders import Order, Receipt
    from publisher.build.press import Due, Sources
    from publisher.build.receipts import Receipts

F = TypeVar("F", bound=Callable[..., Any])

OPTIONS = (
    click.option("--format", "formats", default="pdf,epub", help="pdf, epub or pdf,epub."),
    click.option("-o", "--output", help="Folder for the files, a path or URL; out/ if left out."),
    click.option("--guides", type=click.Path(path_type=Path), help="Folder of the records."),
    click.option("--workers", type=click.IntRange(1, 64), help="Processes; one a core."),
    click.option("--executor", help="dask://HOST:PORT, to use the workers of a Dask scheduler."),
    click.option("--dry-run", is_flag=True, help="Only say what would be made, and why."),
)


INTERRUPTED = 130
"""Exit status of a command that Ctrl-C has ended, as shells have it."""


def press_options(command: F) -> F:
    """Give a command the options of a run."""
    return reduce(lambda decorated, option: option(decorated), reversed(OPTIONS), command)


@dataclass(frozen=True)
class Run:
    """Many books to be made into one folder."""

    places: Settings
    catalogue: Catalogue
    sources: "Sources"
    receipts: "Receipts"
    orders: Sequence["Order"]
    workers: int | None
    executor: str | None

    def due(self, earlier: Mapping[str, "Receipt"]) -> list["Due"]:
        """What is to be made."""
        from publisher.build.press import due  # noqa: PLC0415

        return list(due(self.orders, self.receipts, earlier))

    def make(self, dues: Sequence["Due"]) -> dict[str, "Receipt"]:
        """Make what is due: name to receipt. Raises `click.UsageError`.

        Ctrl-C ends the command with exit status 130; what is made by then is kept.
        """
        if not dues:
            return {}
        cluster = self._cluster()
        try:
            return self._made(dues, cluster)
        except KeyboardInterrupt:
            click.echo("stopped; the same command goes on from here", err=True)
            sys.exit(INTERRUPTED)
        finally:
            if cluster:
                cluster.close()

    def _made(self, dues: Sequence["Due"], cluster: "Cluster | None") -> dict[str, "Receipt"]:
        from publisher.build.press import Press, cores, lay_out_shared  # noqa: PLC0415
        from publisher.build.worker import Place  # noqa: PLC0415
        from publisher.cli.progress import shown  # noqa: PLC0415

        workshop = new_workshop(self.places, self.workers)
        lay_out_shared((task.order for task in dues), self.catalogue, workshop)
        if workshop.store.trouble:
            click.echo(f"cache {workshop.store.folder}: {workshop.store.trouble}", err=True)
        place = Place.of(self.places, str(self.receipts.folder))
        workers = cluster.workers if cluster else self.workers or cores()
        press = Press(place, workers, cluster.new_executor if cluster else None)
        with closing(press.print(dues)) as printed:
            made = {receipt.name: receipt for receipt in shown(printed, len(dues))}
        workshop.store.trim()
        return made

    def finish(
        self,
        made: Mapping[str, "Receipt"],
        kept: Mapping[str, "Receipt"],
        refused: Iterable[str] = (),
        stays: "Callable[[Receipt], bool]" = lambda _: True,
        beside: "Iterable[Receipt]" = (),
    ) -> bool:
        """Write the manifest, and tell if it cannot be; whether it was. See `Receipts.collect`.

        `beside` are the receipts of what was made beside the orders.
        """
        known = {**kept, **made}
        receipts = [
            known[order.name].model_copy(update={"line": order.line})
            for order in self.orders
            if order.name in known
        ]
        try:
            self.receipts.collect([*receipts, *beside], self.sources.files, refused, stays)
        except OSError as error:
            text = f"the manifest cannot be written: {error.strerror or error}"
            place = str(self.receipts.folder)
            click.echo(str(finding(place, "B203", text)), err=True)
            return False
        return True

    def _cluster(self) -> "Cluster | None":
        if not self.executor:
            return None
        from publisher.build.cluster import Cluster  # noqa: PLC0415

        try:
            return Cluster.at(self.executor)
        except ValueError as error:
            raise click.UsageError(f"--executor: {error}") from error


def earlier_receipts(receipts: "Receipts") -> dict[str, "Receipt"]:
    """The receipts of runs before this one. Raises `click.ClickException`."""
    try:
        return receipts.earlier()
    except OSError as error:
        reason = error.strerror or str(error)
        raise click.ClickException(f"{receipts.folder} cannot be read: {reason}") from error


def seconds_since(began: float) -> str:
    """A time span for a summary."""
    return f"{time.monotonic() - began:.1f} s"
