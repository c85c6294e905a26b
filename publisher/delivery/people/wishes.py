"""What people say by a click: yes, write to me; no, no more of this list."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, select, update

from publisher.delivery.keys import Keys
from publisher.delivery.people.events import enter, enter_all
from publisher.delivery.people.suppression import EVERY_LIST, suppress
from publisher.delivery.store.database import now
from publisher.delivery.store.states import SubscriberState
from publisher.delivery.store.tables import CAMPAIGN, DELIVERY, SUBSCRIBER

QUESTION_STANDS = timedelta(days=30)
"""How long a mail that asks for confirmation can be answered; until the end of the last day."""

DOUBLE_OPT_IN = "double opt-in"
"""The source of a consent of which nothing is known but that it was confirmed."""

UNSUBSCRIBED = "unsubscribed"
"""The cause of a suppression that its person asked for."""


def pending_without_mail(connection: Connection) -> Sequence[Row[Any]]:
    """The subscribers' rows whom nobody has asked yet whether they want to be written to."""
    waiting = SUBSCRIBER.c.state == SubscriberState.PENDING
    found = select(SUBSCRIBER).where(waiting, SUBSCRIBER.c.asked_at.is_(None))
    return connection.execute(found.order_by(SUBSCRIBER.c.id)).all()


def mark_asked(connection: Connection, subscriber: int) -> bool:
    """Keep that a mail asks somebody to confirm; False if one did already, or there is no need.

    Commit it before the mail's text leaves: a crash then costs a mail, and never makes two.
    """
    marked = connection.execute(
        update(SUBSCRIBER)
        .where(
            SUBSCRIBER.c.id == subscriber,
            SUBSCRIBER.c.state == SubscriberState.PENDING,
            SUBSCRIBER.c.asked_at.is_(None),
        )
        .values(asked_at=now(connection))
    )
    if marked.rowcount:
        enter(connection, "subscriber-asked", subscriber)
    return bool(marked.rowcount)


def stands_until(asked_at: datetime) -> date:
    """The last day (UTC) on which a question can be answered."""
    return (asked_at.astimezone(UTC) + QUESTION_STANDS).date()


def confirm(connection: Connection, token: str) -> bool:
    """Keep that the subscriber with this token agrees to be written to.

    False if there is none, if they have unsubscribed since, or if the question no longer stands.
    The second time changes nothing.
    """
    found = connection.execute(
        select(SUBSCRIBER).where(SUBSCRIBER.c.token == token).with_for_update()
    ).one_or_none()
    if found is None or found.state == SubscriberState.UNSUBSCRIBED:
        return False
    if found.state == SubscriberState.PENDING:
        moment = now(connection)
        if found.asked_at and moment.date() > stands_until(found.asked_at):
            return False
        connection.execute(
            update(SUBSCRIBER)
            .where(SUBSCRIBER.c.id == found.id)
            .values(
                state=SubscriberState.CONFIRMED,
                confirmed_at=moment,
                consent_time=found.consent_time or moment,
                consent_source=found.consent_source or DOUBLE_OPT_IN,
            )
        )
        enter(connection, "subscriber-confirmed", found.id, by="link")
    return True


def unsubscribe(connection: Connection, keys: Keys, delivery_token: str) -> bool:
    """Take the recipient of a delivery off its campaign's list, at once and for good.

    Messages of that list to them that have not begun to leave are stopped; other lists are none
    of this. False if there is no such delivery. The second time changes nothing.
    """
    found = connection.execute(
        select(DELIVERY, CAMPAIGN.c.list)
        .join(CAMPAIGN, CAMPAIGN.c.id == DELIVERY.c.campaign_id)
        .where(DELIVERY.c.token == delivery_token)
    ).one_or_none()
    if found is None:
        return False
    # The address is gone once its person was erased; the hash is not.
    now_known = keys.address_hashes(found.address_key) if found.address_key else ()
    hashes = tuple(dict.fromkeys((*now_known, found.address_hash)))
    if suppress(connection, hashes, found.list, UNSUBSCRIBED, f"delivery {found.id}"):
        _note_leaving(connection, found)
    return True


def keep_off(connection: Connection, keys: Keys, address_key: str, scope: str, cause: str) -> bool:
    """Never write to an address again on a list (`scope`), or at all ("all"); False if so already.

    It need not be a subscriber's.
    """
    new = suppress(connection, keys.address_hashes(address_key), scope, cause)
    if scope == EVERY_LIST:
        left = connection.scalars(
            update(SUBSCRIBER)
            .where(
                SUBSCRIBER.c.address_key == address_key,
                SUBSCRIBER.c.state != SubscriberState.UNSUBSCRIBED,
            )
            .values(state=SubscriberState.UNSUBSCRIBED, unsubscribed_at=now(connection))
            .returning(SUBSCRIBER.c.id)
        ).all()
        enter_all(connection, "subscriber-unsubscribed", left, cause=cause)
    return new


def _note_leaving(connection: Connection, delivery: Row[Any]) -> None:
    left = connection.scalars(
        update(SUBSCRIBER)
        .where(SUBSCRIBER.c.id == delivery.subscriber_id)
        .values(unsubscribed_at=now(connection))
        .returning(SUBSCRIBER.c.id)
    ).all()
    enter_all(connection, "subscriber-left-list", left, list=delivery.list)
