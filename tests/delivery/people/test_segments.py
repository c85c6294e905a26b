"""A campaign is for those who agreed, fit, and are not kept off its list."""

from dataclasses import asdict, replace

import pytest
from sqlalchemy import event, insert, select, update

from publisher.delivery.addresses import Address
from publisher.delivery.keys import Keys
from publisher.delivery.people.segments import Segment, recipients
from publisher.delivery.people.suppression import suppress
from publisher.delivery.store.database import Database
from publisher.delivery.store.states import DeliveryState, SubscriberState
from publisher.delivery.store.tables import SUBSCRIBER
from publisher.planning.reader import Reader
from tests.delivery.people.rows import KEYS, MOMENT, campaign, delivery, take_in

HANDBOOKS = Segment(list="handbooks", edition="handbook")
GUIDES = Segment(list="guides", edition="guide")
NEWER = Keys.of(f"a newer secret key,{KEYS.values[0]}")

FILE = """email,name,background,hours_per_week,consent_time,consent_source
ada@inbox.example,Ada,surveyor,5,2026-01-01,fair
bob@inbox.example,Bob,,,2026-01-01,fair
cyd@inbox.example,Cyd,surveyor,,2026-01-01,fair
"""


@pytest.fixture
def people(database: Database) -> Database:
    """A database with Ada, Bob and Cyd, who agreed, and Dan, who has not yet."""
    take_in(database, FILE)
    take_in(database, "email,background\ndan@inbox.example,surveyor\n", proven=False)
    return database


def names(database: Database, segment: Segment, keys: Keys = KEYS) -> list[str]:
    """The first names of the recipients."""
    with database.reading() as connection:
        return [each.address.partition("@")[0] for each in recipients(connection, keys, segment)]


def key_of(name: str) -> str:
    return f"{name}@inbox.example"


def test_only_those_who_agreed_are_written_to(people: Database) -> None:
    assert ["ada", "bob", "cyd"] == names(people, HANDBOOKS)
    with people.writing() as connection:
        connection.execute(update(SUBSCRIBER).values(state=SubscriberState.UNSUBSCRIBED))
    assert [] == names(people, HANDBOOKS)


def test_a_guide_is_for_those_who_said_where_they_come_from(people: Database) -> None:
    assert ["ada", "cyd"] == names(people, GUIDES)


def test_background_and_career_narrow(people: Database) -> None:
    assert ["ada", "cyd"] == names(people, replace(HANDBOOKS, background="surveyor"))
    assert [] == names(people, replace(HANDBOOKS, background="painter"))
    assert ["ada", "bob", "cyd"] == names(people, replace(HANDBOOKS, career="cartographer"))
    assert [] == names(people, replace(HANDBOOKS, career="painter"))


def test_who_is_kept_off_the_list_is_left_out(people: Database) -> None:
    with people.writing() as connection:
        suppress(connection, KEYS.address_hashes(key_of("ada")), "guides", "unsubscribed")
        suppress(connection, KEYS.address_hashes(key_of("bob")), "all", "complaint")
    for keys in (KEYS, NEWER):
        assert ["ada", "cyd"] == names(people, HANDBOOKS, keys)
        assert ["cyd"] == names(people, GUIDES, keys)


def test_editions_received_narrow(people: Database) -> None:
    """What may still arrive is not missed; what has not surely arrived is not received."""
    with people.writing() as connection:
        first = campaign(connection, "first")
        for name, state in (("ada", DeliveryState.SENT), ("bob", DeliveryState.UNKNOWN),
                            ("cyd", DeliveryState.BOUNCED)):  # fmt: skip
            delivery(connection, first, Address.of(key_of(name)), state)
    assert ["ada"] == names(people, replace(HANDBOOKS, received="first"))
    assert ["cyd"] == names(people, replace(HANDBOOKS, missed="first"))
    assert [] == names(people, replace(HANDBOOKS, received="second"))
    assert ["ada", "bob", "cyd"] == names(people, replace(HANDBOOKS, missed="second"))


def test_a_recipient_is_all_that_a_delivery_needs(people: Database) -> None:
    with people.reading() as connection:
        ada, *_ = recipients(connection, NEWER, GUIDES)
        row = connection.execute(select(SUBSCRIBER)).first()
    assert row is not None
    assert (row.id, key_of("ada"), key_of("ada"), "inbox.example") == (
        ada.subscriber_id, ada.address, ada.address_key, ada.domain,
    )  # fmt: skip
    assert NEWER.address_hash(key_of("ada")) == ada.address_hash
    reader = Reader.model_validate(ada.reader)
    assert ("Ada", "surveyor", 5.0, None) == (
        reader.name, reader.background, reader.hours_per_week, reader.email,
    )  # fmt: skip


def test_a_segment_can_be_kept_as_json() -> None:
    segment = replace(GUIDES, background="surveyor", missed="first")
    assert segment == Segment(**asdict(segment))


def test_ten_thousand_recipients_are_two_queries(people: Database) -> None:
    rows = [
        {"address": f"p{n}@b.example", "address_key": f"p{n}@b.example", "token": f"p{n}",
         "state": SubscriberState.CONFIRMED, "answers": {}, "created_at": MOMENT}
        for n in range(10_000)
    ]  # fmt: skip
    with people.writing() as connection:
        connection.execute(insert(SUBSCRIBER), rows)
        suppress(connection, KEYS.address_hashes("p7@b.example"), "handbooks", "asked")
    said: list[str] = []
    event.listen(people.engine, "before_cursor_execute", lambda *call: said.append(call[2]))
    with people.reading() as connection:
        assert 10_002 == sum(1 for _ in recipients(connection, KEYS, HANDBOOKS))
    assert 2 == sum(each.startswith("SELECT") for each in said)
