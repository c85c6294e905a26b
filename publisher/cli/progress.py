"""Shows how many of many books are done: a bar on a terminal, plain lines elsewhere."""

import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from threading import Event, Thread

import click
from sqlalchemy.exc import SQLAlchemyError
from tqdm import tqdm

from publisher.build.orders import Receipt

EVERY = 10.0
"""Seconds between plain lines."""

LOOK = 0.5
"""Seconds between two looks for a bar."""


def shown(receipts: Iterable[Receipt], total: int) -> Iterator[Receipt]:
    """Pass receipts on as they come; tell of each that failed, and of the pace."""
    if not sys.stderr.isatty():
        yield from PlainLines(total).watch(receipts)
        return
    with tqdm(total=total, unit="copy", file=sys.stderr, dynamic_ncols=True) as bar:
        for receipt in receipts:
            for line in _errors(receipt):
                bar.write(line, file=sys.stderr)
            bar.update()
            yield receipt


@dataclass
class PlainLines:
    """A line every ten seconds, and one at the end."""

    total: int
    began: float = field(default_factory=time.monotonic)
    told: float = field(default_factory=time.monotonic)

    def watch(self, receipts: Iterable[Receipt]) -> Iterator[Receipt]:
        """Pass receipts on."""
        for done, receipt in enumerate(receipts, start=1):
            for line in _errors(receipt):
                click.echo(line, err=True)
            if time.monotonic() - self.told > EVERY or done == self.total:
                self.told = time.monotonic()
                click.echo(self._line(done), err=True)
            yield receipt

    def _line(self, done: int) -> str:
        rate = done / max(self.told - self.began, 0.001)
        left = (self.total - done) / rate
        ahead = f", {left:.0f} s left" if done < self.total else ""
        return f"{done} of {self.total} done, {rate:.1f} a second{ahead}"


def _errors(receipt: Receipt) -> Iterator[str]:
    """What went wrong with a book, each finding with the book's name."""
    for error in receipt.errors:
        yield error if error.startswith(f"{receipt.name}: ") else f"{receipt.name}: {error}"


@contextmanager
def watching(settled: Callable[[], int], total: int) -> Iterator[None]:
    """Show, while the block runs, how many of `total` messages are settled, as `settled` says."""
    ended = Event()
    on_terminal = sys.stderr.isatty()
    show = _bar if on_terminal else _lines
    watcher = Thread(target=show, args=(settled, total, ended), daemon=True)
    watcher.start()
    try:
        yield
    finally:
        ended.set()
        watcher.join()


def _bar(settled: Callable[[], int], total: int, ended: Event) -> None:
    with tqdm(total=total, unit="message", file=sys.stderr, dynamic_ncols=True) as bar:
        going = True
        while going:
            going = not ended.wait(LOOK)
            with suppress(SQLAlchemyError):  # whoever sends tells of it
                bar.update(settled() - bar.n)


def _lines(settled: Callable[[], int], total: int, ended: Event) -> None:
    while not ended.wait(EVERY):
        with suppress(SQLAlchemyError):
            click.echo(f"{settled()} of {total} settled", err=True)
