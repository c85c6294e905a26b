"""What people do while a campaign is sent acts at once, and harm to one is no harm to others."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection, func, insert, select, update

from publisher.delivery.breaker import Limits
from publisher.delivery.sending.course import CourseError, cancel, pause, resume
from publisher.delivery.sending.team import send
from publisher.delivery.store.database import Database, now
from publisher.delivery.store.states import DeliveryState
from publisher.delivery.store.tables import ATTEMPT, CAMPAIGN, DELIVERY, SOFT_BOUNCE, SUPPRESSION
from tests.delivery.sending.campaigns import (
    QUICK,
    assert_lawful,
    campaign,
    hash_of,
    job,
    readers,
    rows,
)
from tests.servers.faults import FaultServer

ONE = replace(QUICK, connections=1)


def suppressed(database: Database) -> int:
    """How many addresses are suppressed."""
    with database.reading() as connection:
        return connection.execute(select(func.count()).select_from(SUPPRESSION)).scalar_one()


def then(
    database: Database, faults: FaultServer, number: int, act: Callable[[Connection], object]
) -> None:
    """Do something in the database while the `number`-th message is being accepted."""

    def look(count: int) -> None:
        if count == number:
            with database.writing() as connection:
                act(connection)

    faults.on_accepted = look


@pytest.mark.parametrize("connections", [1, 4])
def test_pause_acts_within_one_message(
    database: Database, database_url: str, faults: FaultServer, tmp_path: Path, connections: int
) -> None:
    """Each connection may end the message whose text is leaving, and begins no other."""
    sent = campaign(database, readers(50))
    then(database, faults, 10, lambda connection: pause(connection, sent, "a person said so"))
    pace = replace(QUICK, connections=connections)
    work = job(database_url, sent, faults.port, tmp_path, pace=pace)
    ended = send(work)
    assert "paused" == ended.state
    assert 10 <= len(faults.accepted) < 10 + connections
    assert {"sent", "ready"} == set(ended.counts)
    with pytest.raises(CourseError, match="paused"):
        send(work)
    with database.writing() as connection:
        resume(connection, sent)
    assert {"sent": 50} == send(work).counts
    assert_lawful(database, sent, faults, 50)


def test_cancel_acts_within_one_message(
    database: Database, database_url: str, faults: FaultServer, tmp_path: Path
) -> None:
    sent = campaign(database, readers(50))
    then(database, faults, 10, lambda connection: cancel(connection, sent))
    ended = send(job(database_url, sent, faults.port, tmp_path, pace=ONE))
    assert "cancelled" == ended.state
    assert {"sent": 10, "cancelled": 40} == ended.counts
    assert_lawful(database, sent, faults, 50)


@pytest.mark.parametrize("scope", ["all", "guides", "another list"])
def test_whoever_unsubscribes_now_is_not_written_to(
    database: Database, database_url: str, faults: FaultServer, tmp_path: Path, scope: str
) -> None:
    """Not even what is claimed already: all of these are, when the first one is accepted."""
    sent = campaign(database, readers(2))

    def unsubscribe(connection: Connection) -> None:
        for address in readers(2):
            connection.execute(
                insert(SUPPRESSION).values(
                    address_hash=hash_of(address), scope=scope, cause="unsubscribed",
                    since=now(connection),
                )
            )  # fmt: skip

    then(database, faults, 1, unsubscribe)
    ended = send(job(database_url, sent, faults.port, tmp_path, pace=ONE))
    spared = {"sent": 2} if scope == "another list" else {"sent": 1, "suppressed": 1}
    assert spared == ended.counts
    assert "done" == ended.state


def test_too_late_is_too_late(
    database: Database, database_url: str, faults: FaultServer, tmp_path: Path
) -> None:
    sent = campaign(database, readers(30))

    def end(connection: Connection) -> None:
        past = now(connection) - timedelta(seconds=1)
        connection.execute(update(CAMPAIGN).values(not_after=past))

    then(database, faults, 5, end)
    ended = send(job(database_url, sent, faults.port, tmp_path, pace=ONE))
    assert {"sent": 5, "expired": 25} == ended.counts


def test_too_early_is_too_early(
    database: Database, database_url: str, faults: FaultServer, tmp_path: Path
) -> None:
    with database.reading() as connection:
        tomorrow = now(connection) + timedelta(days=1)
    sent = campaign(database, readers(3), not_before=tomorrow)
    ended = send(job(database_url, sent, faults.port, tmp_path))
    assert ({"ready": 3}, tomorrow) == (ended.counts, ended.next_at)
    assert [] == faults.accepted


def test_a_failure_of_one_is_its_own(
    database: Database, database_url: str, faults: FaultServer, tmp_path: Path
) -> None:
    """Dead, full, unmakeable: each has its cause, and only the dead one is spared in future."""
    gone, broken, bug = "rcpt-550.x@faults.example", "broken.x@inbox.example", "bug.x@inbox.example"
    sent = campaign(database, [gone, broken, bug, *readers(40)])
    ended = send(job(database_url, sent, faults.port, tmp_path))
    assert {"sent": 40, "failed": 3} == ended.counts
    found = rows(database, sent)
    dead = found[gone]
    assert ("dead-address", 550, "5.1.1") == (dead.cause, dead.code, dead.enhanced)
    assert ("message-fault", "its file has gone") == (found[broken].cause, found[broken].text)
    assert "the message could not be made: KeyError" == found[bug].text
    assert 1 == suppressed(database)


@pytest.mark.parametrize("earlier", [(40, 2), (2, 1)])
def test_a_mailbox_that_stays_full_is_given_up(
    database: Database,
    database_url: str,
    faults: FaultServer,
    tmp_path: Path,
    earlier: tuple[int, ...],
) -> None:
    """On the third such day within thirty."""
    full = "rcpt-552full.x@faults.example"
    sent = campaign(database, [full])
    with database.writing() as connection:
        today = now(connection).date()
        for days in earlier:
            day = today - timedelta(days=days)
            connection.execute(insert(SOFT_BOUNCE).values(address_hash=hash_of(full), day=day))
    assert {"failed": 1} == send(job(database_url, sent, faults.port, tmp_path)).counts
    assert "soft" == rows(database, sent)[full].cause
    assert (max(earlier) < 30) == suppressed(database)


def test_a_refusal_of_us_suppresses_nobody_and_pauses(
    database: Database, database_url: str, faults: FaultServer, tmp_path: Path
) -> None:
    """500 × 5.7.515: our DMARC is wrong, which is no reader's fault."""
    sent = campaign(database, [f"dot-550refused.{i}@faults.example" for i in range(500)])
    pace = replace(QUICK, breaker=Limits())
    ended = send(job(database_url, sent, faults.port, tmp_path, pace=pace), 2)
    assert "paused" == ended.state
    assert 3 <= ended.counts[DeliveryState.FAILED] <= 3 + 2 * QUICK.connections
    assert 500 == sum(ended.counts.values())
    assert {"failed", "ready"} == set(ended.counts)
    assert 0 == suppressed(database)
    with database.reading() as connection:
        cause = connection.execute(select(CAMPAIGN.c.cause)).scalar_one()
        texts = connection.execute(select(ATTEMPT.c.text)).scalars().all()
        causes = connection.execute(
            select(DELIVERY.c.cause).where(DELIVERY.c.state == DeliveryState.FAILED)
        )
        assert {"sender-fault"} == set(causes.scalars())
    assert "doctor" in cause
    assert "@" not in "".join(texts)


def test_greylisting_is_waited_out(
    database: Database, database_url: str, faults: FaultServer, tmp_path: Path
) -> None:
    """A 450 comes again; who is to come later than the worker's patience is left for later."""
    sent = campaign(database, ["rcpt-450.x@faults.example", *readers(5)])
    pace = replace(QUICK, backoff=(300,))
    ended = send(job(database_url, sent, faults.port, tmp_path, pace=pace))
    assert {"sent": 5, "deferred": 1} == ended.counts
    assert "sending" == ended.state
    row = rows(database, sent)["rcpt-450.x@faults.example"]
    assert ended.next_at == row.next_at
    wait = (row.next_at - row.changed_at).total_seconds()
    assert 150 <= wait <= 450
    with database.writing() as connection:
        connection.execute(update(DELIVERY).values(next_at=now(connection)))
    assert {"sent": 6} == send(job(database_url, sent, faults.port, tmp_path, pace=pace)).counts
    assert_lawful(database, sent, faults, 6)


def test_a_domain_that_finds_us_too_fast_rests_alone(
    database: Database, database_url: str, faults: FaultServer, tmp_path: Path
) -> None:
    busy = ["rcpt-450policy-1.x@busy.example", *readers(8, "busy.example")]
    sent = campaign(database, busy + readers(20))
    pace = replace(QUICK, connections=1, rest=300, longest_rest=300)
    ended = send(job(database_url, sent, faults.port, tmp_path, pace=pace))
    assert {"sent", "ready", "deferred"} == set(ended.counts)
    found = rows(database, sent)
    assert {"sent"} == {found[each].state for each in readers(20)}
    assert "ready" in {found[each].state for each in busy}
