"""The ledger's own rules: whose it is, whom it lets go on, what a person may decide."""

import shutil
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import insert, update

from publisher.delivery.sending.buckets import take
from publisher.delivery.sending.course import CountsError, finish
from publisher.delivery.sending.instance import StrangerError, adopt, instance_of
from publisher.delivery.sending.pace import Pace, Rates
from publisher.delivery.sending.resolve import Decision, NotUnknownError, resolve
from publisher.delivery.sending.rests import rest, resting_until
from publisher.delivery.sending.seats import Note, Seats, abandoned
from publisher.delivery.sending.team import send
from publisher.delivery.sending.verdict import of_reply, without_address
from publisher.delivery.store.database import Database, now
from publisher.delivery.store.states import CampaignState, DeliveryState
from publisher.delivery.store.tables import DELIVERY, INSTANCE, SUPPRESSION
from tests.delivery.sending.campaigns import campaign, hash_of, job, readers, rows, states
from tests.servers.faults import FaultServer

SECOND = timedelta(seconds=1)


def test_a_ledger_belongs_to_one_host(database: Database) -> None:
    with database.writing() as connection:
        first = instance_of(connection)
        assert first == instance_of(connection)
        connection.execute(update(INSTANCE).values(host_key="another host's"))
        with pytest.raises(StrangerError, match="copied or restored"):
            instance_of(connection)
        adopt(connection)
        assert first == instance_of(connection)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_copied_file_is_a_stranger(database: Database, tmp_path: Path) -> None:
    """As after a backup was put back: it does not know what was sent since."""
    with database.writing() as connection:
        instance_of(connection)
    database.close()
    shutil.copy(tmp_path / "delivery.sqlite", tmp_path / "copy.sqlite")
    copy = Database.at(f"sqlite:///{tmp_path / 'copy.sqlite'}")
    with copy.writing() as connection, pytest.raises(StrangerError):
        instance_of(connection)
    copy.close()


@pytest.mark.parametrize(
    "decided",
    [("sent", "sent", "done"), ("failed", "failed", "done"), ("resend", "ready", "sending")],
)
def test_a_person_decides_on_the_unknown(
    database: Database,
    database_url: str,
    faults: FaultServer,
    tmp_path: Path,
    decided: tuple[Decision, str, str],
) -> None:
    decision, state, campaign_state = decided
    sent = campaign(database, ["dot-accept-then-cut.x@faults.example", *readers(2)])
    assert "done-with-unknown" == send(job(database_url, sent, faults.port, tmp_path)).state
    found = rows(database, sent)
    with database.writing() as connection:
        resolve(connection, found["dot-accept-then-cut.x@faults.example"].id, decision)
        assert campaign_state == finish(connection, sent)
        with pytest.raises(NotUnknownError):
            resolve(connection, found["reader1@inbox.example"].id, decision)
    assert state == rows(database, sent)["dot-accept-then-cut.x@faults.example"].state


def test_a_campaign_may_assume_that_the_unknown_is_sent(
    database: Database, database_url: str, faults: FaultServer, tmp_path: Path
) -> None:
    addresses = ["dot-accept-then-cut.x@faults.example", *readers(2)]
    sent = campaign(database, addresses, on_unknown="assume-sent")
    ended = send(job(database_url, sent, faults.port, tmp_path))
    assert ("done", {"sent": 3}) == (ended.state, ended.counts)
    assert "assumed-sent" == rows(database, sent)["dot-accept-then-cut.x@faults.example"].cause


def test_nothing_ends_when_the_counts_do_not_add_up(database: Database) -> None:
    sent = campaign(database, readers(3), total=4, state=CampaignState.SENDING)
    with database.writing() as connection:
        connection.execute(update(DELIVERY).values(state=DeliveryState.SENT))
        with pytest.raises(CountsError, match="4 recipients, but 3 deliveries"):
            finish(connection, sent)


def test_whoever_is_suppressed_before_is_never_claimed(
    database: Database, database_url: str, faults: FaultServer, tmp_path: Path
) -> None:
    sent = campaign(database, readers(3))
    with database.writing() as connection:
        connection.execute(
            insert(SUPPRESSION).values(
                address_hash=hash_of("reader1@inbox.example"), scope="guides",
                cause="unsubscribed", since=now(connection),
            )
        )  # fmt: skip
    send(job(database_url, sent, faults.port, tmp_path))
    assert {"sent": 2, "suppressed": 1} == states(database, sent)
    assert 0 == rows(database, sent)["reader1@inbox.example"].attempts


def test_rates_are_kept(database: Database) -> None:
    """The database's clock fills the bucket, at most for one second."""
    with database.writing() as connection:
        moment = now(connection)
        assert 10 == take(connection, "relay:x", 10, 25, moment)
        assert 0 == take(connection, "relay:x", 10, 1, moment)
        assert 5 == take(connection, "relay:x", 10, 9, moment + SECOND / 2)
        assert 10 == take(connection, "relay:x", 10, 99, moment + 60 * SECOND)
        assert 0 == take(connection, "relay:x", 10, 1, moment)  # the clock was set back
        assert 7 == take(connection, "relay:y", None, 7, moment)


def test_rests_become_longer(database: Database) -> None:
    """5 seconds, 10, 20 … 300, and 5 again after a quiet time."""
    lasted = []
    with database.writing() as connection:
        moment = now(connection)
        for _ in range(9):
            rest(connection, "relay:x", "busy", Pace(), moment)
            rest(connection, "relay:x", "busy", Pace(), moment)  # another connection hears it
            until = resting_until(connection, "relay:x", moment)
            assert until
            lasted.append((until - moment).total_seconds())
            moment = until
        rest(connection, "relay:x", "busy", Pace(), moment + 301 * SECOND)
        until = resting_until(connection, "relay:x", moment + 301 * SECOND)
        assert until == moment + 306 * SECOND
    assert [5, 10, 20, 40, 80, 160, 300, 300, 300] == lasted


def slow(faults: FaultServer) -> bool:
    """Whether the last message was for the slow domain."""
    return faults.recipients[-1].endswith("@slow.example")


def test_a_slow_domain_does_not_hold_up_others(
    database: Database, database_url: str, faults: FaultServer, tmp_path: Path
) -> None:
    """The patience of a worker covers what the lowest rate allows."""
    sent = campaign(database, readers(3, "slow.example") + readers(10))
    work = job(database_url, sent, faults.port, tmp_path)
    rates = Rates(relay=1000, domains={"slow.example": 0.3})
    pace = replace(work.pace, rates=rates, patience=0)
    taken: list[int] = []
    faults.on_accepted = lambda number: taken.append(number) if slow(faults) else None
    ended = send(replace(work, pace=pace))
    assert {"sent": 13} == ended.counts
    assert 3 == len(taken)
    assert 11 < taken[1]  # the others did not wait for the second


def test_seats_outlive_their_worker_but_not_the_machine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While it lives, nobody takes its file; what a file cannot prove is not believed."""
    seats = Seats(tmp_path, "worker", 2)
    seats.note(1, Note(7, 3, "offering"))
    assert [] == list(abandoned(tmp_path))
    seats.leave(clean=False)
    monkeypatch.setattr("publisher.delivery.sending.seats.BOOT", tmp_path / "none")
    content = (tmp_path / "worker.seats").read_bytes()
    (found,) = abandoned(tmp_path)
    assert (False, (Note(7, 3, "offering"),)) == (found.same_boot, found.notes)
    monkeypatch.undo()
    (tmp_path / "worker.seats").write_bytes(content)
    (found,) = abandoned(tmp_path)
    assert found.same_boot
    assert [] == list(abandoned(tmp_path))


@pytest.mark.parametrize("length", [0, 1, 4096, 5000, 8200])
def test_a_torn_file_says_what_is_whole(tmp_path: Path, length: int) -> None:
    seats = Seats(tmp_path, "worker", 2)
    seats.note(0, Note(7, 3, "in-text"))
    seats.leave(clean=False)
    with (tmp_path / "worker.seats").open("r+b") as file:
        file.truncate(length)
    (found,) = abandoned(tmp_path)
    assert found.notes == ((Note(7, 3, "in-text"),) if length >= 4200 else ())


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("550 <ada@example.org>: unknown", "550 <address> unknown"),
        ("5.1.1 ada is not here, Ada!", "5.1.1 <address> is not here, <address>!"),
        ("adage\r\nis a word", "adage is a word"),
        ("x" * 900, "x" * 500),
        ("\ud800", "?"),
        ("full\0up\x1b[2J", "full up [2J"),
    ],
)
def test_replies_name_nobody(said: str, kept: str) -> None:
    assert kept == without_address(said, "ada@example.org")


@pytest.mark.parametrize(
    ("code", "text", "state", "enhanced", "rests"),
    [
        (250, "2.0.0 Ok: queued as 4XyZ", "sent", "2.0.0", (False, False)),
        (251, "will forward", "sent", None, (False, False)),
        (421, "4.3.2 closing", "deferred", "4.3.2", (True, False)),
        (450, "4.2.0 greylisted", "deferred", "4.2.0", (False, False)),
        (451, "4.7.1 too fast", "deferred", "4.7.1", (False, True)),
        (550, "5.1.1 unknown", "failed", "5.1.1", (False, False)),
        (554, "refused by 5.9.8.7, no status", "failed", None, (False, False)),
        (354, "again?", "deferred", None, (False, False)),
        (-1, "garbage", "deferred", None, (False, False)),
    ],
)
def test_what_a_reply_means(
    code: int, text: str, state: str, enhanced: str | None, rests: tuple[bool, bool]
) -> None:
    """B24, before the text; `session` makes what is neither yes nor no after it unknown."""
    verdict = of_reply(code, text, "rcpt", "ada@example.org")
    assert (state, enhanced) == (verdict.state, verdict.enhanced)
    assert rests == (verdict.relay_wants_rest, verdict.domain_wants_rest)
    assert ("4XyZ" if code == 250 else None) == verdict.queue_id
