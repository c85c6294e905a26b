"""Makes single copies while a reader waits. Runs in worker processes that have all at hand."""

import pickle
import signal
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from os import getpid
from pathlib import Path
from typing import Literal

from publisher.build.guide import make_guide
from publisher.build.orders import GuideOrder, Order
from publisher.build.press import lay_out_shared
from publisher.build.reporter import Silent
from publisher.build.store import Store
from publisher.build.workshop import Workshop
from publisher.planning.plan import plan
from publisher.planning.reader import Reader
from publisher.records.catalogue import Catalogue
from publisher.records.diagnostics import DiagnosedError
from publisher.rendering.theme import Theme

Form = Literal["pdf", "epub"]

PAPERS: tuple[Literal["a4", "letter"], ...] = ("a4", "letter")


@dataclass(frozen=True, slots=True)
class Stock:
    """What copies are made from: `records` is a pickled `Catalogue`, `cache` a path or URL.

    All workers have the same records, whatever is edited meanwhile; a theme is read from its
    folder, and so wants a restart when it is edited.
    """

    records: str
    theme: str
    cache: str

    @classmethod
    def of(cls, catalogue: Catalogue, theme: Path, cache: str, folder: Path) -> "Stock":
        """The stock of a catalogue, for which a file is left in `folder`."""
        file = folder / "records"
        file.write_bytes(pickle.dumps(catalogue))
        return cls(str(file), str(theme), cache)


@dataclass(frozen=True, eq=False)
class Counter:
    """A worker with everything loaded."""

    catalogue: Catalogue
    workshop: Workshop


@lru_cache(maxsize=1)
def counter_at(stock: Stock) -> Counter:
    """Load a stock."""
    # The server has the word: it ends its workers when their copies are made.
    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, signal.SIG_IGN)
    records: Catalogue = pickle.loads(Path(stock.records).read_bytes())  # noqa: S301  # our own
    workshop = Workshop(
        Theme(Path(stock.theme)), Store(stock.cache), Silent(), workers=1, many=True
    )
    return Counter(records, workshop)


def identify() -> int:
    """The process's number."""
    return getpid()


def warm(stock: Stock) -> None:
    """Have ready what copies share, so that only what is a reader's own is left to be made.

    With an empty cache this takes a minute or more; `publisher build` fills it.
    """
    counter = counter_at(stock)
    lay_out_shared(_samples(counter.catalogue), counter.catalogue, counter.workshop)
    for order in _samples(counter.catalogue):
        if isinstance(order.what, GuideOrder):  # what is wrong with one is told to who asks for it
            with suppress(DiagnosedError):
                make_guide(plan(order.what.reader, counter.catalogue), ("pdf",), counter.workshop)


def make_copy(reader: Reader, form: Form, stock: Stock, target: str) -> tuple[str, ...]:
    """Write a reader's copy to the file `target`; the codes of what is wrong, if it cannot be."""
    counter = counter_at(stock)
    try:
        files = make_guide(plan(reader, counter.catalogue), (form,), counter.workshop).files
    except DiagnosedError as error:
        return tuple(sorted({each.code for each in error.diagnostics}))
    Path(target).write_bytes(files[form])
    return ()


def _samples(catalogue: Catalogue) -> Iterator[Order]:
    """One order for each career and paper."""
    for career, records in catalogue.careers.items():
        for background in list(records.paths)[:1]:
            for paper in PAPERS:
                reader = Reader(career=career, background=background, paper=paper)
                yield Order(career, GuideOrder(reader), ("pdf",), {})
