"""Whoever is erased is nowhere any more, and is still not written to."""

import json
from pathlib import Path

import pytest
from sqlalchemy import event, select

from publisher.delivery.addresses import Address
from publisher.delivery.people.dossier import dossier
from publisher.delivery.people.erasure import Erased, erase
from publisher.delivery.people.outcomes import Outcome
from publisher.delivery.people.segments import Segment, recipients
from publisher.delivery.people.wishes import keep_off
from publisher.delivery.store.database import Database
from publisher.delivery.store.states import DeliveryState
from publisher.delivery.store.tables import (
    ARTIFACT,
    DELIVERY,
    DOWNLOAD,
    EVENT,
    GRANT,
    METADATA,
    SOFT_BOUNCE,
    SUBSCRIBER,
    SUPPRESSION,
)
from tests.delivery.people.rows import (
    ADA,
    ADA_LINE,
    BOB_LINE,
    HEADER,
    KEYS,
    MOMENT,
    all_rows,
    attempt,
    campaign,
    delivery,
    download,
    everyone,
    take_in,
)

BOB = Address.of("bob@inbox.example")
TRACES = (b"ada@", b"Ada", b"Lovelace", b"adas-", "Løvelåce".encode())


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """The folder of files that readers download."""
    folder = tmp_path / "files"
    folder.mkdir()
    return folder


@pytest.fixture
def people(database: Database, files: Path) -> Database:
    """Ada and Bob with messages in two campaigns, and files; both share one."""
    take_in(database, HEADER + ADA_LINE + BOB_LINE)
    with database.writing() as connection:
        first, second = campaign(connection, "first"), campaign(connection, "second")
        sent = delivery(connection, first, state=DeliveryState.SENT)
        attempt(connection, sent)
        delivery(connection, second, state=DeliveryState.READY)
        bobs = delivery(connection, first, BOB, DeliveryState.SENT)
        for number, path, name in ((sent, "adas-own.pdf", "Ada"), (bobs, "shared.pdf", "Bob")):
            download(connection, number, path, f"guide for {name}.pdf")
            (files / path).write_bytes(b"Ada Lovelace")
        connection.execute(
            ARTIFACT.insert().values(
                delivery_id=sent, path="shared.pdf", filename="Ada Lovelace.pdf",
                media_type="application/pdf", sha256="0" * 64, size=1,
            )
        )  # fmt: skip
        connection.execute(
            SOFT_BOUNCE.insert().values(address_hash=KEYS.address_hash(ADA.key), day=MOMENT.date())
        )
    return database


def everything_in(database: Database) -> str:
    """All rows of all tables."""
    with database.reading() as connection:
        return repr([
            connection.execute(select(table)).all() for table in METADATA.sorted_tables
        ])  # fmt: skip


def left_on_disk(folder: Path) -> list[tuple[str, bytes]]:
    """Files that hold a trace of Ada, their names as well."""
    return [
        (path.name, trace)
        for path in folder.rglob("*")
        for trace in TRACES
        if path.is_file() and (trace in path.read_bytes() or trace in path.name.encode())
    ]


def test_nothing_is_left_of_one_who_is_erased(people: Database, files: Path) -> None:
    assert Erased(True, 2, 1, 1, False) == erase(people, KEYS, files, ADA)
    said = everything_in(people)
    assert not [trace for trace in TRACES if trace.decode() in said]
    assert ["shared.pdf"] == [path.name for path in files.iterdir()]
    ((bobs,), (grant,), (bobs_download,)) = (
        all_rows(people, table) for table in (ARTIFACT, GRANT, DOWNLOAD)
    )
    assert ("shared.pdf", bobs.delivery_id, bobs.id) == (
        bobs.path, grant.delivery_id, bobs_download.artifact_id,
    )  # fmt: skip
    assert [] == all_rows(people, SOFT_BOUNCE)


def test_bob_is_as_he_was(people: Database, files: Path) -> None:
    with people.reading() as connection:
        before = dossier(connection, KEYS, BOB)
    erase(people, KEYS, files, ADA)
    with people.reading() as connection:
        assert before == dossier(connection, KEYS, BOB)


def test_what_has_not_left_is_cancelled(people: Database, files: Path) -> None:
    erase(people, KEYS, files, ADA)
    rows = {row.id: row for row in all_rows(people, DELIVERY)}
    assert ["sent", "cancelled", "sent"] == [rows[number].state for number in sorted(rows)]
    assert {None} == {rows[1].address, rows[1].reader, rows[2].address_key}
    assert ["delivery-cancelled", "person-erased"] == [
        row.kind for row in all_rows(people, EVENT) if not row.kind.startswith("subscriber")
    ]


def test_the_files_of_the_database_hold_nothing(tmp_path: Path) -> None:
    """Neither its pages nor its log; what was changed or grew long before counts as well."""
    url = f"sqlite:///{tmp_path / 'data' / 'delivery.sqlite'}"
    database = Database.at(url)
    # Some builds of SQLite overwrite what they delete, as far as they do, and others do not.
    database.close()
    event.listen(
        database.engine, "connect", lambda each, _: each.execute("PRAGMA secure_delete = OFF")
    )
    filler = "".join(f"p{n}@b.example,Reader {n},2026-01-01,fair\n" for n in range(700))
    head = "email,name,consent_time,consent_source\n"
    take_in(database, head + filler + f"{ADA.written},Ada Lovelace,2026-01-01,fair\n")
    for name in ("Løvelåce", "Ada " + "Lovelace" * 12, "Ada King"):
        take_in(database, f"email,name\n{ADA.written},{name}\n", proven=False)
    with database.writing() as connection:
        for number in range(30):
            state = DeliveryState.FAILED if number % 2 else DeliveryState.READY
            attempt(
                connection, delivery(connection, campaign(connection, f"c{number}"), ADA, state)
            )
    take_in(database, head + filler.replace("Reader", "A reader"))
    assert left_on_disk(tmp_path)
    assert Erased(True, 30, 15) == erase(database, KEYS, tmp_path, ADA)
    assert [] == left_on_disk(tmp_path)
    database.close()
    assert [] == left_on_disk(tmp_path)


def test_while_another_reads_it_is_told_that_traces_are_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("publisher.delivery.store.database.PATIENCE", 0.1)
    url = f"sqlite:///{tmp_path / 'delivery.sqlite'}"
    database, other = Database.at(url), Database.at(url)
    take_in(database, HEADER + ADA_LINE)
    with other.reading() as connection:
        connection.execute(select(SUBSCRIBER)).all()
        assert Erased(subscriber=True, traces=True) == erase(database, KEYS, tmp_path, ADA)
        assert Erased(traces=True) == erase(database, KEYS, tmp_path, ADA)
        assert left_on_disk(tmp_path)
    assert Erased() == erase(database, KEYS, tmp_path, ADA)
    assert [] == left_on_disk(tmp_path)
    other.close()
    database.close()


def test_who_is_suppressed_stays_so_when_erased_and_imported_again(
    people: Database, files: Path
) -> None:
    with people.writing() as connection:
        keep_off(connection, KEYS, ADA.key, "all", "unsubscribed")
    erase(people, KEYS, files, ADA)
    assert 1 == take_in(people, HEADER + ADA_LINE).counts[Outcome.KEPT_OUT]
    assert ["bob@inbox.example"] == [each.address for each in everyone(people)]
    with people.reading() as connection:
        found = recipients(connection, KEYS, Segment("guides", "handbook"))
        assert ["bob@inbox.example"] == [each.address for each in found]


def test_who_left_a_list_stays_off_it_when_erased_and_imported_again(
    people: Database, files: Path
) -> None:
    with people.writing() as connection:
        keep_off(connection, KEYS, ADA.key, "guides", "unsubscribed")
    erase(people, KEYS, files, ADA)
    take_in(people, HEADER + ADA_LINE)
    with people.reading() as connection:
        lists = {
            each: [one.address for one in recipients(connection, KEYS, Segment(each, "handbook"))]
            for each in ("guides", "handbooks")
        }
    assert ADA.written not in lists["guides"]
    assert ADA.written in lists["handbooks"]


def test_erasing_twice_is_erasing_once(people: Database, files: Path) -> None:
    erase(people, KEYS, files, ADA)
    before = everything_in(people)
    assert Erased() == erase(people, KEYS, files, ADA)
    assert before == everything_in(people)


def test_a_stranger_is_nobody(people: Database, files: Path) -> None:
    assert Erased() == erase(people, KEYS, files, Address.of("eve@inbox.example"))


def test_one_whose_row_is_gone_is_erased_from_deliveries(people: Database, files: Path) -> None:
    with people.writing() as connection:
        connection.execute(SUBSCRIBER.delete().where(SUBSCRIBER.c.address_key == ADA.key))
    assert Erased(False, 2, 1, 1, False) == erase(people, KEYS, files, ADA)
    assert "ada@" not in everything_in(people)


def test_a_file_that_cannot_be_removed_keeps_the_rows_that_name_it(
    people: Database, files: Path
) -> None:
    (files / "adas-own.pdf").unlink()
    (files / "adas-own.pdf").mkdir()  # nobody can unlink a folder
    before = everything_in(people)
    with pytest.raises(OSError, match="adas-own"):
        erase(people, KEYS, files, ADA)
    assert before == everything_in(people)


# Everything that is held


def test_an_export_is_everything(people: Database) -> None:
    with people.reading() as connection:
        held = dossier(connection, KEYS, ADA)
    assert held is not None
    assert held == json.loads(json.dumps(held))
    columns = ("name", "answers", "consent_time")
    assert ["Ada Lovelace", {"skills": {"drawing": 1}}, "2026-11-01T09:00:00+00:00"] == [
        held["subscriber"][each] for each in columns
    ]
    assert ["subscriber-added"] == [each["kind"] for each in held["events"]]
    assert [("first", "sent", 1), ("second", "ready", 0)] == [
        (each["campaign"], each["state"], len(each["attempts"])) for each in held["deliveries"]
    ]
    assert ["adas-own.pdf", "shared.pdf"] == [each["path"] for each in held["files"]]
    assert ([1], ["0001"]) == (
        [each["delivery_id"] for each in held["grants"]],
        [each["served"] for each in held["downloads"]],
    )
    assert 1 == len(held["soft_bounces"])
    assert "bob" not in json.dumps(held).lower()


def test_after_erasing_an_export_has_what_cannot_be_read_as_anybodys(
    people: Database, files: Path
) -> None:
    with people.writing() as connection:
        keep_off(connection, KEYS, ADA.key, "all", "asked")
    erase(people, KEYS, files, ADA)
    with people.reading() as connection:
        held = dossier(connection, KEYS, ADA)
    assert held is not None
    assert (None, 2) == (held["subscriber"], len(held["deliveries"]))
    assert ["all"] == [each["scope"] for each in held["suppression"]]


def test_nothing_is_held_on_a_stranger(people: Database) -> None:
    with people.reading() as connection:
        assert dossier(connection, KEYS, Address.of("eve@inbox.example")) is None
    assert all_rows(people, SUPPRESSION) == []
