"""Makes many books: those that are due, on many workers, with a receipt for each."""

import os
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Literal

from publisher.build.book import composed
from publisher.build.digests import code_digest, digest_of, digest_of_files, file_digests
from publisher.build.executors import NewExecutor, local_pool, run
from publisher.build.fragments import fragments_for
from publisher.build.orders import GuideOrder, HandbookOrder, Order, Receipt, failed
from publisher.build.places import folder_at
from publisher.build.receipts import Receipts
from publisher.build.worker import Place, make
from publisher.build.workshop import Workshop
from publisher.editions.edition import Edition
from publisher.editions.handbook import Handbook
from publisher.planning.reader import Reader
from publisher.records.catalogue import Catalogue
from publisher.records.diagnostics import DiagnosedError
from publisher.rendering.codes import finding

PRELOAD = ("publisher.build.worker", "publisher.rendering.pdf.layout")


@dataclass(frozen=True, slots=True)
class Due:
    """An order that is to be made, and why. `previous` is a receipt whose files are whole."""

    order: Order
    why: str
    previous: Receipt | None = None


@dataclass(frozen=True, slots=True)
class Sources:
    """What all books of a run are made from: file to digest, and the digests of all together."""

    files: Mapping[str, str]
    inputs: Mapping[str, str]

    @classmethod
    def of(cls, guides: Path, theme: Path) -> "Sources":
        """Read the records and the theme."""
        records, style = file_digests(guides, "guides"), file_digests(theme, "theme")
        inputs = {
            "records": digest_of_files(records),
            "theme": digest_of_files(style),
            "code": code_digest(),
        }
        return cls(records | style, inputs)

    def order_for(self, name: str, reader: Reader, formats: Sequence[str], line: int) -> Order:
        """The order of a reader's guide."""
        text = digest_of([reader.model_dump_json(), *sorted(formats)])
        inputs = {**self.inputs, "reader": text}
        return Order(name, GuideOrder(reader), tuple(formats), inputs, line)

    def orders_of(self, catalogue: Catalogue, formats: Sequence[str]) -> Iterator[Order]:
        """Every path's guide on every track, and every career's handbook and sample."""
        for career, records in catalogue.careers.items():
            for background, path in records.paths.items():
                for track in path.headline.months:
                    other = "" if track == path.headline.track else f"-{track}"
                    reader = Reader(background=background, career=career, track=track)
                    name = f"{career}-for-{background}{other}"
                    yield self._compared(name, GuideOrder(reader), formats)
            yield self._compared(f"{career}-handbook", HandbookOrder(career), formats)
            sample = HandbookOrder(career, sample=True)
            yield self._compared(f"{career}-handbook-sample", sample, formats)

    def _compared(
        self, name: str, what: GuideOrder | HandbookOrder, formats: Sequence[str]
    ) -> Order:
        inputs = {**self.inputs, "formats": ",".join(sorted(formats))}
        return Order(name, what, tuple(formats), inputs, compared=True)


def due(
    orders: Iterable[Order], receipts: Receipts, earlier: Mapping[str, Receipt]
) -> Iterator[Due]:
    """The orders that are not made yet, or from other things, or whose files have gone."""
    for order in orders:
        receipt = earlier.get(order.name)
        if receipt is None:
            yield Due(order, "new")
        elif receipt.status == "failed":
            yield Due(order, "failed before")
        elif not receipts.whole(receipt):
            yield Due(order, "a file is missing or damaged")
        elif receipt.inputs != dict(order.inputs):
            words = sorted(w for w in order.inputs if receipt.inputs.get(w) != order.inputs[w])
            yield Due(order, f"changed: {', '.join(words)}", receipt)


@dataclass(frozen=True)
class Press:
    """Workers, and the place where they find everything.

    `cluster` makes an executor of other machines; without it there are `workers` processes here.
    """

    place: Place
    workers: int
    cluster: NewExecutor | None = None

    def print(self, dues: Sequence[Due]) -> Generator[Receipt, None, None]:
        """Make what is due; receipts come as they are written, in no order."""
        work = partial(_make, place=self.place)
        for task, result in run(dues, work, self.cluster or self._pool, self.workers):
            yield result if isinstance(result, Receipt) else self._lost(task.order, result)

    def _lost(self, order: Order, error: Exception) -> Receipt:
        """The receipt of an order whose worker was lost, perhaps only before it could tell."""
        receipts = Receipts(folder_at(self.place.output))
        found = receipts.made(order)
        if found:
            return found
        text = f"no worker finished it: {str(error) or type(error).__name__}"
        receipt = failed(order, [finding(order.name, "B205", text)])
        receipts.keep(receipt)
        return receipt

    def _pool(self) -> Executor:
        return local_pool(self.workers, PRELOAD)


def _make(task: Due, place: Place) -> Receipt:
    return make(task.order, place, task.previous)


def lay_out_shared(orders: Iterable[Order], catalogue: Catalogue, workshop: Workshop) -> None:
    """Put what the orders share into the cache, so that workers do not all lay out the same.

    What is wrong with it is told by the books that it is wrong in.
    """
    laid_out = (order for order in orders if _has_pages(order))
    for career, paper in sorted({_kind(order, catalogue) for order in laid_out}):
        handbook = Handbook(catalogue, catalogue.careers[career]).edition()
        with suppress(DiagnosedError):
            _lay_out_shared(replace(handbook, paper=paper), catalogue, workshop)


def _lay_out_shared(edition: Edition, catalogue: Catalogue, workshop: Workshop) -> None:
    pages = [page for page in composed(edition, catalogue, workshop) if page.section.shared]
    jobs = {job.key: job for job in (workshop.job(page, edition) for page in pages)}
    fragments_for(list(jobs.values()), workshop)


def _has_pages(order: Order) -> bool:
    """Whether something is laid out for an order: a handbook's EPUB names the pages of its PDF."""
    return "pdf" in order.formats or isinstance(order.what, HandbookOrder)


def _kind(order: Order, catalogue: Catalogue) -> tuple[str, Literal["a4", "letter"]]:
    """The career of an order, and its paper."""
    if isinstance(order.what, HandbookOrder):
        return order.what.career, "a4"
    reader = order.what.reader
    return reader.career or next(iter(catalogue.careers)), reader.paper


def cores() -> int:
    """The processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
