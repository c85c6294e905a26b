"""Compares sending with the durable ledger to a bare loop: `python -m tests.benchmarks.mail`.

The bare loop is `smtplib` on one connection, which remembers nothing; it composes each message,
as the worker does. Both send as many messages of the same kind to the same server, in turns, to a
real Postfix and to `smtp-sink`, which only throws away. PostgreSQL waits for its disk (fsync), as
SQLite does. Each figure is the median of the rounds, in messages a second; a worker's counts from
the call to its end, with the last look at the ledger. Root and Debian's postfix and postgresql
are needed.
"""

import argparse
import os
import platform
import smtplib
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from sqlalchemy import select, update

from publisher.delivery.sending.pace import Pace
from publisher.delivery.sending.relay import TimeOuts
from publisher.delivery.sending.team import send
from publisher.delivery.store.database import Database, now
from publisher.delivery.store.tables import CAMPAIGN, DELIVERY
from tests.delivery.sending.campaigns import campaign, compose, job, readers
from tests.runs import until
from tests.servers.folders import answers, free_port
from tests.servers.postfix import postfix
from tests.servers.postgres import postgresql

Figures = dict[str, list[float]]


@dataclass(frozen=True)
class Bench:
    """`messages` are sent in each measurement."""

    messages: int
    rounds: int
    connections: int
    workers: tuple[int, ...]
    folder: Path

    def measure(self, urls: dict[str, str], port: int) -> Figures:
        """Messages a second, by what sent them."""
        figures: Figures = {}
        names = count()
        for _ in range(self.rounds):
            for kind, url in urls.items():
                database = Database.at(url)
                new = (
                    campaign(database, readers(self.messages), name=f"{port} {n}") for n in names
                )
                figures.setdefault("bare loop", []).append(self._bare(database, next(new), port))
                for workers in self.workers:
                    name = f"{kind}, {workers} worker{'s' * (workers > 1)}"
                    speed = self._ours(url, next(new), port, workers)
                    figures.setdefault(name, []).append(speed)
                database.close()
        return figures

    def _bare(self, database: Database, campaign_id: int, port: int) -> float:
        with database.writing() as connection:
            connection.execute(update(DELIVERY).values(date=now(connection)))
        with database.reading() as connection:
            head = connection.execute(select(CAMPAIGN).where(CAMPAIGN.c.id == campaign_id)).one()
            wanted = select(DELIVERY).where(DELIVERY.c.campaign_id == campaign_id)
            rows = connection.execute(wanted).all()
            began = time.perf_counter()
            with smtplib.SMTP("127.0.0.1", port) as client:
                for row in rows:
                    message = compose(connection, row, head)
                    client.sendmail(message.sender, [message.recipient], message.wire)
            return len(rows) / (time.perf_counter() - began)

    def _ours(self, url: str, campaign_id: int, port: int, workers: int) -> float:
        pace = Pace(connections=self.connections)
        work = job(url, campaign_id, port, self.folder, pace=pace)
        work = replace(work, relay=replace(work.relay, times=TimeOuts()))
        began = time.perf_counter()
        ended = send(work, workers)
        speed = self.messages / (time.perf_counter() - began)
        if ended.counts != {"sent": self.messages}:
            raise RuntimeError(f"not all were sent: {ended}")
        return speed


@contextmanager
def sink() -> Iterator[int]:
    """The port of a server that takes everything and keeps nothing."""
    port = free_port()
    server = subprocess.Popen(["smtp-sink", "-u", "nobody", f"127.0.0.1:{port}", "1000"])
    until(lambda: answers(port))
    try:
        yield port
    finally:
        server.terminate()
        server.wait()


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="Messages a second")
    parser.add_argument("--messages", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--connections", type=int, default=Pace().connections)
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2])
    given = parser.parse_args()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory()))
        server = stack.enter_context(postgresql(fsync=True))
        urls = {
            "SQLite": f"sqlite:///{folder / 'delivery.sqlite'}",
            "PostgreSQL": stack.enter_context(server.database()),
        }
        ports = {
            "Postfix": stack.enter_context(postfix()).port,
            "smtp-sink": stack.enter_context(sink()),
        }
        bench = Bench(given.messages, given.rounds, given.connections, tuple(given.workers), folder)
        say(f"{platform.system()}, {os.cpu_count()} cores, {given.messages} messages")
        for name, port in ports.items():
            figures = {who: median(all_) for who, all_ in bench.measure(urls, port).items()}
            for who, speed in figures.items():
                times = speed / figures["bare loop"]
                say(f"{name:10} {who:24} {speed:7.0f} a second {times:6.2f} ×")


def say(text: str) -> None:
    """One line."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
