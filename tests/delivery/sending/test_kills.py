"""Workers that are killed or frozen at each step, and databases that go away."""

import multiprocessing
import os
import random
import signal
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

import pytest

from publisher.delivery.sending.relay import TimeOuts
from publisher.delivery.sending.steps import Step
from publisher.delivery.sending.team import Job, SendingError, send
from publisher.delivery.store.database import Database
from tests.delivery.sending.campaigns import (
    QUICK,
    acting,
    assert_lawful,
    campaign,
    job,
    readers,
    states,
)
from tests.runs import until
from tests.servers.faults import FaultServer
from tests.servers.postgres import postgresql

FORK_SERVER = multiprocessing.get_context("forkserver")


def started(work: Job) -> BaseProcess:
    """A process that sends."""
    process = FORK_SERVER.Process(target=send, args=(work,))
    process.start()
    return process


def stopped(process: BaseProcess) -> bool:
    """Whether it is frozen."""
    return Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()[0] == "T"


@pytest.mark.parametrize("step", list(Step))
def test_killed_at_each_step(
    database: Database, database_url: str, faults: FaultServer, tmp_path: Path, step: Step
) -> None:
    """Only the message is unknown whose text was on its way; what else was known is not lost."""
    sent = campaign(database, readers(40))
    pace = replace(QUICK, connections=1)
    watched = acting(step, tmp_path)
    send(job(database_url, sent, faults.port, tmp_path, pace=pace, observe=watched), 3)
    assert (tmp_path / "acted").exists()
    assert_lawful(database, sent, faults, 40)
    unknown = {"unknown": 1} if step == Step.TEXT_LEFT else {}
    assert {"sent": 40 - len(unknown)} | unknown == states(database, sent)


@pytest.mark.parametrize("step", [Step.LIMITED, Step.OFFERED, Step.HANDED_OFF, Step.REPLIED])
def test_killed_on_a_machine_that_does_not_come_back(
    database: Database, database_url: str, faults: FaultServer, tmp_path: Path, step: Step
) -> None:
    """Nobody finds what it noted, so the lease decides, and a handoff is unknown."""
    sent = campaign(database, readers(20))
    pace = replace(QUICK, connections=1, lease=timedelta(seconds=1), grace=timedelta(0))
    work = job(database_url, sent, faults.port, tmp_path, pace=pace)
    process = started(replace(work, observe=acting(step, tmp_path)))
    process.join()
    assert -signal.SIGKILL == process.exitcode
    lasting = replace(pace, lease=QUICK.lease)  # so that no stall of this machine ends it
    elsewhere = replace(work, seats=tmp_path / "another machine", pace=lasting)
    until(lambda: not set(send(elsewhere).counts) & {"ready", "claimed", "handoff"})
    assert set() == faults.twice
    found = states(database, sent)
    assert 20 == found["sent"] + found["unknown"]
    assert bool(found["unknown"]) == (step >= Step.HANDED_OFF)


def test_fifty_random_kills(
    database: Database, database_url: str, faults: FaultServer, tmp_path: Path
) -> None:
    """25 on each database, of three processes that are each started again."""
    chance = random.Random(5)  # noqa: S311  # no secret
    addresses = [f"dot-slow-9.{i}@faults.example" for i in range(400)]
    sent = campaign(database, addresses)
    work = job(database_url, sent, faults.port, tmp_path)
    running = [started(work) for _ in range(3)]
    until(lambda: faults.accepted)
    for _ in range(25):
        time.sleep(chance.uniform(0.05, 0.25))  # that is what is random
        victim = chance.randrange(3)
        with suppress(ProcessLookupError):
            running[victim].kill()
        running[victim].join()
        running[victim] = started(work)
    for process in running:
        process.join()
    send(work)
    assert_lawful(database, sent, faults, 400)
    assert {"sent", "unknown"} >= {state for state, number in states(database, sent).items()}


@pytest.mark.parametrize("step", [Step.OFFERED, Step.HANDED_OFF, Step.TEXT_LEFT])
def test_frozen_past_its_lease(
    database: Database, database_url: str, faults: FaultServer, tmp_path: Path, step: Step
) -> None:
    """When it goes on, what it had claimed is fenced off; what it learns of a text still counts."""
    sent = campaign(database, readers(1))  # a second one may freeze it in a transaction of SQLite
    pace = replace(QUICK, lease=timedelta(seconds=1), grace=timedelta(0))
    work = job(database_url, sent, faults.port, tmp_path, pace=pace)
    watched = acting(step, tmp_path, number=1, signum=signal.SIGSTOP)
    frozen = started(replace(work, observe=watched))
    until(lambda: stopped(frozen))
    until(lambda: set(send(work).counts) <= {"sent", "unknown"})
    before = states(database, sent)
    assert frozen.pid
    os.kill(frozen.pid, signal.SIGCONT)
    frozen.join()
    assert 0 == frozen.exitcode
    assert_lawful(database, sent, faults, 1)
    assert {"sent" if step == Step.OFFERED else "unknown": 1} == before
    assert {"sent": 1} == states(database, sent)


def patient(work: Job) -> Job:
    """The job, whose worker waits for a server that does something else meanwhile."""
    times = TimeOuts(command=60, data=60, end=60)
    return replace(work, relay=replace(work.relay, times=times))


@pytest.fixture
def own_postgres() -> Iterator[tuple[Any, str]]:
    """A PostgreSQL to kill, and a database of it."""
    with postgresql() as server, server.database() as url:
        yield server, url


def test_postgresql_killed_between_the_commits(
    own_postgres: tuple[Any, str], faults: FaultServer, tmp_path: Path
) -> None:
    """It goes just before a message's reply comes, and comes back: all goes on."""
    server, url = own_postgres
    database = Database.at(url)
    sent = campaign(database, readers(60))

    def restart(number: int) -> None:
        if number in (20, 40):
            server.kill()
            server.start()

    faults.on_accepted = restart
    work = patient(job(url, sent, faults.port, tmp_path))
    ended = send(work, 2)
    assert {"sent": 60} == ended.counts
    assert_lawful(database, sent, faults, 60)
    database.close()


def test_postgresql_gone_for_good_between_the_commits(
    own_postgres: tuple[Any, str], faults: FaultServer, tmp_path: Path
) -> None:
    """What the relay answered is kept, and entered when the database is there again."""
    server, url = own_postgres
    database = Database.at(url)
    sent = campaign(database, readers(30))
    faults.on_accepted = lambda number: server.kill() if number == 10 else None
    pace = replace(QUICK, database_patience=0.3)
    work = job(url, sent, faults.port, tmp_path, pace=pace)
    work = patient(work)
    with pytest.raises(SendingError, match="kept for the next time"):
        send(work)
    assert 10 <= len(faults.accepted) < 30
    faults.on_accepted = None
    server.start()
    assert {"sent": 30} == send(work).counts
    assert_lawful(database, sent, faults, 30)
    database.close()


def test_a_message_that_kills_its_worker_is_set_aside(
    database: Database, database_url: str, faults: FaultServer, tmp_path: Path
) -> None:
    """After three times; the others, which happened to be claimed with it, are sent."""
    sent = campaign(database, ["deadly.1@inbox.example", *readers(20)])
    ended = send(job(database_url, sent, faults.port, tmp_path), 2)
    assert {"sent": 20, "failed": 1} == ended.counts
    assert_lawful(database, sent, faults, 21)


def test_told_to_end(
    database: Database, database_url: str, faults: FaultServer, tmp_path: Path
) -> None:
    """What is in DATA is ended, and all else is given back; nothing waits for a lease."""
    sent = campaign(database, [f"dot-slow.{i}@faults.example" for i in range(60)])
    team = FORK_SERVER.Process(
        target=_send_with_three, args=(job(database_url, sent, faults.port, tmp_path),)
    )
    team.start()
    until(lambda: len(faults.accepted) >= 8)
    team.terminate()
    team.join()
    assert 0 == team.exitcode
    found = states(database, sent)
    assert {"sent", "ready"} == set(found)
    assert len(faults.accepted) == found["sent"] < 60
    assert [] == list((tmp_path / "seats").rglob("*.seats"))
    assert {"sent": 60} == send(job(database_url, sent, faults.port, tmp_path)).counts
    assert_lawful(database, sent, faults, 60)


def _send_with_three(work: Job) -> None:
    send(work, 3)
