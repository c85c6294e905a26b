"""The line before the workers: who waits, who is refused, and who has gone."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import BinaryIO
from uuid import uuid4

from anyio import CancelScope

from publisher.build.counter import Form, Stock
from publisher.delivery.web.copies.seat import Seat
from publisher.planning.reader import Reader
from publisher.records.catalogue import Catalogue

WORKERS = 2
MOST_WAITING = 128
REST = 30.0
"""Seconds until it is tried again to have a worker, where none can be had."""


class BusyError(Exception):
    """Too many wait already."""


@dataclass(frozen=True, slots=True)
class Press:
    """How copies are made: so many processes, and so many readers who wait for them at most."""

    theme: Path
    cache: str
    workers: int = WORKERS
    most_waiting: int = MOST_WAITING


@dataclass
class Pool:
    """Makes copies while it is `open`. All of it is used from one event loop."""

    press: Press
    catalogue: Catalogue
    seats: list[Seat] = field(default_factory=list)
    free: "asyncio.Queue[Seat]" = field(default_factory=asyncio.Queue)
    waiting: int = 0
    making: int = 0
    warm: int = 0
    folder: Path = Path()
    logger: logging.Logger = field(default_factory=lambda: logging.getLogger("publisher.web"))

    @property
    def ready(self) -> bool:
        """Whether a worker has everything at hand."""
        return self.warm > 0

    @asynccontextmanager
    async def open(self) -> AsyncIterator[None]:
        """Have workers until the block ends. They get ready meanwhile, one after the other."""
        with TemporaryDirectory(prefix="copies-") as folder:  # nobody else may read it
            self.folder = Path(folder)
            stock = Stock.of(self.catalogue, self.press.theme, self.press.cache, self.folder)
            self.seats = [Seat(stock) for _ in range(self.press.workers)]
            getting_ready = asyncio.create_task(self._warm())
            try:
                yield
            finally:
                getting_ready.cancel()
                with suppress(asyncio.CancelledError):
                    await getting_ready
                for seat in self.seats:
                    seat.end()

    async def copy(self, reader: Reader, form: Form) -> BinaryIO:
        """An open file with a reader's copy, which is in no folder any more.

        Who is cancelled before it is their turn costs nothing. Raises `BusyError` when too many
        wait, and `NotMadeError`.
        """
        if self.waiting >= self.press.most_waiting:
            raise BusyError
        self.waiting += 1
        try:
            seat = await self.free.get()
        finally:
            self.waiting -= 1
        # What has begun comes to its end, since its worker cannot be asked to stop.
        with CancelScope(shield=True):
            self.making += 1
            try:
                made = await self._copy(seat, reader, form)
            finally:
                self.making -= 1
                self.free.put_nowait(seat)
        return made

    async def _copy(self, seat: Seat, reader: Reader, form: Form) -> BinaryIO:
        target = self.folder / uuid4().hex
        try:
            await seat.copy(reader, form, target)
            return target.open("rb")  # it is in memory yet
        finally:
            target.unlink(missing_ok=True)

    async def _warm(self) -> None:
        for seat in self.seats:
            while not await self._warmed(seat):  # noqa: ASYNC110  # no event tells of room
                await asyncio.sleep(REST)
            self.warm += 1
            self.free.put_nowait(seat)
        self.logger.info("copies can be made", extra={"fields": {"workers": self.warm}})

    async def _warmed(self, seat: Seat) -> bool:
        try:
            await seat.warm()
        except Exception:  # a server without copies is better than none
            self.logger.exception("no worker can be had")
            seat.end()
            return False
        return True
