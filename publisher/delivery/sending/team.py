"""Sends a campaign with one or several processes, and looks after them."""

import asyncio
import os
import platform
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from multiprocessing import connection, get_context, parent_process
from multiprocessing.connection import Connection as Pipe
from multiprocessing.process import BaseProcess
from pathlib import Path
from threading import Thread
from types import FrameType
from uuid import uuid4

from publisher.delivery.sending.claim import MakeCompose
from publisher.delivery.sending.claiming import Task, next_due
from publisher.delivery.sending.course import begin, counts, finish
from publisher.delivery.sending.instance import instance_of
from publisher.delivery.sending.ledger import LedgerGoneError
from publisher.delivery.sending.pace import Pace
from publisher.delivery.sending.recovery import recover
from publisher.delivery.sending.relay import Relay
from publisher.delivery.sending.seats import Seats
from publisher.delivery.sending.session import RelayRefusesError
from publisher.delivery.sending.steps import Observe, unobserved
from publisher.delivery.sending.tending import tend
from publisher.delivery.sending.worker import Worker
from publisher.delivery.store.database import Database, now
from publisher.delivery.store.states import CampaignState, DeliveryState

DEATHS = 10
"""So many workers may die for each that was asked for; then something else is wrong."""

SIGNALS = (signal.SIGTERM, signal.SIGINT)


class SendingError(Exception):
    """Nothing can be sent until somebody does something; the text says what."""


@dataclass(frozen=True, slots=True)
class Job:
    """What a worker process needs; it goes through `pickle`.

    `seats` is a folder of this machine, not shared with others.
    """

    url: str
    campaign_id: int
    relay: Relay
    make_compose: MakeCompose
    seats: Path
    pace: Pace
    observe: Observe = unobserved


@dataclass(frozen=True, slots=True)
class Sent:
    """How far a campaign has come; `next_at` is when something is due again, None for never."""

    state: CampaignState
    counts: dict[DeliveryState, int]
    next_at: datetime | None


def send(job: Job, workers: int = 1) -> Sent:
    """Send what is due, until nothing more is due within `job.pace.patience`.

    SIGTERM and Ctrl-C let each worker end the message whose text is leaving, and give back the
    rest. Raises `CourseError` if the campaign is not one to send, `StrangerError` for a copied
    ledger, `SendingError`, `CountsError`, and `ValueError` for the database's URL.
    """
    database = Database.at(job.url)
    try:
        with database.writing() as writing:
            folder = job.seats / instance_of(writing)
            begin(writing, job.campaign_id)
        recover(database, folder, job.pace)
        if workers == 1:
            _work(job, database, folder)
        else:
            _Team(job, database, folder, workers).run()
        return _ended(job, database)
    finally:
        database.close()


def _ended(job: Job, database: Database) -> Sent:
    task = _task(job)
    with database.writing() as writing:
        moment = now(writing)
        tend(writing, task, (), moment)
        state = finish(writing, job.campaign_id)
        return Sent(state, counts(writing, job.campaign_id), next_due(writing, task, moment))


def _task(job: Job) -> Task:
    owner = f"{platform.node()[:30] or 'host'}-{os.getpid()}-{uuid4().hex}".replace("/", "_")
    return Task(job.campaign_id, owner, job.relay, job.pace)


def _work(job: Job, database: Database, folder: Path) -> None:
    """Be one worker. Raises `SendingError`."""
    task = _task(job)
    seats = Seats(folder, task.owner, job.pace.connections)
    clean = False
    try:
        compose = job.make_compose()
        worker = Worker(database, task, compose, seats, job.observe)
        asyncio.run(_until_told(worker))
        clean = True
    except RelayRefusesError as error:
        clean = True
        raise SendingError(str(error)) from error
    except LedgerGoneError as error:
        raise SendingError(f"{error}; what the relay answered is kept for the next time") from error
    finally:
        seats.leave(clean=clean)


async def _until_told(worker: Worker) -> None:
    loop = asyncio.get_running_loop()
    for number in SIGNALS:
        loop.add_signal_handler(number, worker.stop)
    if parent := parent_process():
        sentinel = parent.sentinel
        told = Thread(target=_wait_for, args=(sentinel, loop, worker), daemon=True)
        told.start()
    await worker.run()


def _wait_for(sentinel: int, loop: asyncio.AbstractEventLoop, worker: Worker) -> None:
    """Stop when the parent has gone."""
    connection.wait([sentinel])
    loop.call_soon_threadsafe(worker.stop)


def _be_worker(job: Job, folder: Path, says: Pipe) -> None:
    database = Database.at(job.url)
    try:
        _work(job, database, folder)
    except SendingError as error:
        says.send(str(error))
    finally:
        database.close()


class _Team:
    """Worker processes; one that dies is followed by another, and what it held is freed."""

    def __init__(self, job: Job, database: Database, folder: Path, workers: int) -> None:
        self._job, self._database, self._folder = job, database, folder
        self._deaths_left = DEATHS * workers
        self._stopping = False
        self._trouble = ""
        self._running: dict[BaseProcess, Pipe] = {}
        self._count = workers

    def run(self) -> None:
        """Until all have ended. Raises `SendingError`."""
        with self._told():
            for _ in range(self._count):
                self._start()
            while self._running:
                connection.wait([process.sentinel for process in self._running])
                for process in [each for each in self._running if not each.is_alive()]:
                    self._end(process)
        if self._trouble:
            raise SendingError(self._trouble)

    def _start(self) -> None:
        # Not a fork of this process, whose threads and connections would not outlive one.
        context = get_context("forkserver")
        context.set_forkserver_preload([__name__])
        hears, says = context.Pipe(duplex=False)
        process = context.Process(target=_be_worker, args=(self._job, self._folder, says))
        process.start()
        says.close()
        self._running[process] = hears

    def _end(self, process: BaseProcess) -> None:
        hears = self._running.pop(process)
        process.join()
        with suppress(EOFError):
            self._trouble = self._trouble or (hears.recv() if hears.poll() else "")
        hears.close()
        if process.exitcode == 0:
            if self._trouble:
                self._stop()
            return
        recover(self._database, self._folder, self._job.pace)
        self._deaths_left -= 1
        if self._deaths_left < 0:
            self._trouble = "the workers die again and again; see what they say"
            self._stop()
        elif not self._stopping:
            self._start()

    def _stop(self, *_: "int | FrameType | None") -> None:
        self._stopping = True
        for process in self._running:
            process.terminate()

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Pass the word on when this process is told to end."""
        before = {number: signal.signal(number, self._stop) for number in SIGNALS}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)
