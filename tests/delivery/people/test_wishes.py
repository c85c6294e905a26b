"""What people say by a click takes effect at once, once, and no further than they meant."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

from publisher.delivery.addresses import Address
from publisher.delivery.keys import Keys
from publisher.delivery.people.erasure import erase
from publisher.delivery.people.suppression import is_suppressed, suppress, suppressed_hashes
from publisher.delivery.people.wishes import (
    confirm,
    keep_off,
    mark_asked,
    pending_without_mail,
    unsubscribe,
)
from publisher.delivery.store.database import Database, now
from publisher.delivery.store.states import OPEN, DeliveryState, SubscriberState
from publisher.delivery.store.tables import DELIVERY, EVENT, SUBSCRIBER, SUPPRESSION
from tests.delivery.people.rows import (
    ADA,
    ADA_LINE,
    BOB_LINE,
    HEADER,
    KEYS,
    all_rows,
    campaign,
    delivery,
    everyone,
    take_in,
)

BOB = Address.of("bob@inbox.example")
NEWER = Keys.of(f"a newer secret key,{KEYS.values[0]}")


@pytest.fixture
def people(database: Database) -> Database:
    """A database with Ada and Bob, who wait for their confirmation."""
    take_in(database, HEADER + ADA_LINE + BOB_LINE, proven=False)
    return database


def states(database: Database) -> dict[int, str]:
    """Deliveries and their states."""
    return {row.id: row.state for row in all_rows(database, DELIVERY)}


def kinds(database: Database, *beginnings: str) -> list[str]:
    """The kinds of all events that begin so."""
    return [row.kind for row in all_rows(database, EVENT) if row.kind.startswith(beginnings)]


# Confirming


def test_who_confirms_is_confirmed(people: Database) -> None:
    ada = everyone(people)[0]
    with people.writing() as connection:
        assert confirm(connection, ada.token)
    after, bob = everyone(people)
    assert (SubscriberState.CONFIRMED, SubscriberState.PENDING) == (after.state, bob.state)
    assert after.confirmed_at is not None
    assert (ada.consent_time, "fair") == (after.consent_time, after.consent_source)


def test_a_confirmation_is_a_consent_by_itself(database: Database) -> None:
    take_in(database, "email\nada@inbox.example\n", proven=False)
    with database.writing() as connection:
        confirm(connection, everyone(database)[0].token)
    (ada,) = everyone(database)
    assert (ada.confirmed_at, "double opt-in") == (ada.consent_time, ada.consent_source)


def test_a_question_stands_to_the_end_of_its_last_day(people: Database) -> None:
    ada, bob = everyone(people)
    with people.writing() as connection:
        moment = now(connection)
        for person, days in ((ada, 30), (bob, 31)):
            asked = update(SUBSCRIBER).where(SUBSCRIBER.c.id == person.id)
            connection.execute(asked.values(asked_at=moment - timedelta(days=days)))
        assert confirm(connection, ada.token)
        assert not confirm(connection, bob.token)
    assert [SubscriberState.CONFIRMED, SubscriberState.PENDING] == [
        each.state for each in everyone(people)
    ]


def test_confirming_twice_changes_nothing(people: Database) -> None:
    token = everyone(people)[0].token
    for _ in range(2):
        with people.writing() as connection:
            assert confirm(connection, token)
        seen = everyone(people)
    assert seen == everyone(people)
    assert ["subscriber-confirmed"] == kinds(people, "subscriber-confirmed")


def test_a_token_of_nobody_confirms_nobody(people: Database) -> None:
    before = everyone(people)
    with people.writing() as connection:
        assert not confirm(connection, "none")
    assert before == everyone(people)


def test_an_old_link_does_not_bring_back_who_unsubscribed(people: Database) -> None:
    token = everyone(people)[0].token
    with people.writing() as connection:
        keep_off(connection, KEYS, ADA.key, "all", "unsubscribed")
        assert not confirm(connection, token)
    assert SubscriberState.UNSUBSCRIBED == everyone(people)[0].state


def test_each_is_asked_once(people: Database) -> None:
    with people.writing() as connection:
        ada, bob = pending_without_mail(connection)
        assert mark_asked(connection, ada.id)
        assert not mark_asked(connection, ada.id)
        assert [bob.id] == [each.id for each in pending_without_mail(connection)]
        confirm(connection, bob.token)
        assert [] == pending_without_mail(connection)
        assert not mark_asked(connection, bob.id)
    assert everyone(people)[0].asked_at is not None
    assert ["subscriber-asked"] == kinds(people, "subscriber-asked")


# Leaving


@pytest.mark.parametrize("keys", [KEYS, NEWER])
def test_leaving_stops_what_has_not_left_and_only_on_that_list(
    people: Database, keys: Keys
) -> None:
    with people.writing() as connection:
        first, second = campaign(connection, "first"), campaign(connection, "second")
        other = campaign(connection, "other", "handbooks")
        left = delivery(connection, first, state=DeliveryState.SENT)
        stopped = delivery(connection, second)
        bobs = delivery(connection, second, BOB)
        kept = delivery(connection, other)
        token = connection.scalar(select(DELIVERY.c.token).where(DELIVERY.c.id == left))
    for _ in range(2):
        with people.writing() as connection:
            assert unsubscribe(connection, keys, token)
    assert {left: "sent", stopped: "suppressed", bobs: "ready", kept: "ready"} == states(people)
    with people.reading() as connection:
        assert [True, False] == [
            is_suppressed(connection, keys, ADA.key, each) for each in ("guides", "handbooks")
        ]
        assert not is_suppressed(connection, keys, BOB.key, "guides")
        # Also when the keys with which the campaign began are given up one day.
        assert is_suppressed(connection, Keys(keys.values[:1]), ADA.key, "guides")
    (row,) = all_rows(people, SUPPRESSION)
    assert ("guides", "unsubscribed", f"delivery {left}") == (row.scope, row.cause, row.evidence)
    assert everyone(people)[0].unsubscribed_at is not None
    assert SubscriberState.PENDING == everyone(people)[0].state
    assert ["address-suppressed", "delivery-suppressed", "subscriber-left-list"] == sorted(
        kinds(people, "address", "delivery", "subscriber-left")
    )


@pytest.mark.parametrize("state", sorted(DeliveryState))
def test_a_message_is_stopped_unless_its_text_has_begun_to_leave(
    tmp_path_factory: pytest.TempPathFactory, state: DeliveryState
) -> None:
    database = Database.at(f"sqlite:///{tmp_path_factory.mktemp('state') / 'delivery.sqlite'}")
    with database.writing() as connection:
        number = delivery(connection, campaign(connection, "first"), state=state)
        unsubscribe(connection, KEYS, "t0")
    stopped = state in OPEN - {DeliveryState.HANDOFF}
    assert {number: DeliveryState.SUPPRESSED if stopped else state} == states(database)
    database.close()


def test_the_token_of_no_delivery_takes_nobody_off(people: Database) -> None:
    with people.writing() as connection:
        assert not unsubscribe(connection, KEYS, "none")
    assert [] == all_rows(people, SUPPRESSION)


def test_one_who_was_erased_can_still_leave(people: Database, tmp_path: Path) -> None:
    with people.writing() as connection:
        delivery(connection, campaign(connection, "first"), state=DeliveryState.SENT)
    assert erase(people, KEYS, tmp_path, ADA).subscriber
    with people.writing() as connection:
        assert unsubscribe(connection, KEYS, "t0")
        assert is_suppressed(connection, KEYS, ADA.key, "guides")


# Suppression


def test_a_suppression_for_all_holds_on_every_list_and_under_newer_keys(people: Database) -> None:
    with people.writing() as connection:
        assert suppress(connection, KEYS.address_hashes(ADA.key), "all", "dead-address", "5.1.1")
        assert not suppress(connection, NEWER.address_hashes(ADA.key), "all", "complaint")
        assert is_suppressed(connection, NEWER, ADA.key, "guides")
        assert is_suppressed(connection, NEWER, ADA.key, "all")
        assert not is_suppressed(connection, NEWER, BOB.key, "guides")
    (row,) = all_rows(people, SUPPRESSION)
    assert ("dead-address", "5.1.1") == (row.cause, row.evidence)


def test_a_suppression_on_one_list_is_none_for_all(people: Database) -> None:
    with people.writing() as connection:
        suppress(connection, KEYS.address_hashes(ADA.key), "guides", "asked")
        assert not is_suppressed(connection, KEYS, ADA.key, "all")
        assert suppress(connection, KEYS.address_hashes(ADA.key), "all", "asked")


def test_hashes_in_bulk_are_those_of_the_list_and_of_all(people: Database) -> None:
    hashes = [KEYS.address_hash(each) for each in ("a", "b", "c")]
    with people.writing() as connection:
        for each, scope in zip(hashes, ("all", "guides", "handbooks"), strict=True):
            suppress(connection, (each,), scope, "asked")
        assert frozenset(hashes[:2]) == suppressed_hashes(connection, "guides")
        assert frozenset(hashes[:1]) == suppressed_hashes(connection, "all")


def test_no_event_and_no_suppression_has_a_name_or_an_address(people: Database) -> None:
    token = everyone(people)[0].token
    with people.writing() as connection:
        delivery(connection, campaign(connection, "first"))
        confirm(connection, token)
        unsubscribe(connection, KEYS, "t0")
        keep_off(connection, KEYS, ADA.key, "all", "asked")
    said = repr([all_rows(people, table) for table in (EVENT, SUPPRESSION)])
    assert "subscriber-unsubscribed" in said
    assert not [word for word in ("ada", "Ada", "Lovelace", "inbox") if word in said]


def test_keeping_off_is_for_anyone(people: Database) -> None:
    stranger = Address.of("eve@inbox.example")
    with people.writing() as connection:
        assert keep_off(connection, KEYS, stranger.key, "all", "asked")
        assert not keep_off(connection, KEYS, stranger.key, "all", "asked")
        assert keep_off(connection, KEYS, ADA.key, "guides", "asked")
    assert {SubscriberState.PENDING} == {each.state for each in everyone(people)}
