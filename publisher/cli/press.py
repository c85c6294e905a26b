"""What `batch` and `build` share: options, the run, and its end."""

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import reduce
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from publisher.cli.output import new_workshop
from publisher.records.catalogue import Catalogue
from publisher.records.diagnostics import DiagnosedError, Diagnostic
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

    def due(self, earlier: dict[str, "Receipt"]) -> list["Due"]:
        """What is to be made."""
        from publisher.build.press import due  # noqa: PLC0415

        return list(due(self.orders, self.receipts, earlier))

    def make(self, dues: Sequence["Due"]) -> dict[str, "Receipt"]:
        """Make what is due: name to receipt. Raises `DiagnosedError`, `click.UsageError`."""
        if not dues:
            return {}
        from publisher.build.press import Press, cores, lay_out_shared  # noqa: PLC0415
        from publisher.build.worker import Place  # noqa: PLC0415
        from publisher.cli.progress import shown  # noqa: PLC0415

        cluster = self._cluster()
        workers = cluster.workers if cluster else self.workers or cores()
        try:
            workshop = new_workshop(self.places, self.workers)
            lay_out_shared((task.order for task in dues), self.catalogue, workshop)
            place = Place.of(self.places, str(self.receipts.folder))
            press = Press(place, workers, cluster.new_executor if cluster else None)
            made = {receipt.name: receipt for receipt in shown(press.print(dues), len(dues))}
            workshop.store.trim()
        finally:
            if cluster:
                cluster.close()
        return made

    def finish(
        self, made: dict[str, "Receipt"], kept: dict[str, "Receipt"], refused: Iterable[str] = ()
    ) -> None:
        """Write the manifest. Raises `DiagnosedError` (B203)."""
        known = kept | made
        receipts = [known[order.name] for order in self.orders if order.name in known]
        try:
            self.receipts.collect(receipts, self.sources.files, refused)
        except OSError as error:
            text = f"the manifest cannot be written: {error.strerror or error}"
            place = str(self.receipts.folder)
            raise DiagnosedError([Diagnostic(place, 0, 0, "B203", text)]) from error

    def _cluster(self) -> "Cluster | None":
        if not self.executor:
            return None
        from publisher.build.cluster import Cluster  # noqa: PLC0415

        try:
            return Cluster.at(self.executor)
        except ValueError as error:
            raise click.UsageError(f"--executor: {error}") from error


def seconds_since(began: float) -> str:
    """A time span for a summary."""
    return f"{time.monotonic() - began:.1f} s"
