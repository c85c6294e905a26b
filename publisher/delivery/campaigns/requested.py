"""The letters of a guide that somebody asked for on a page: the question first, then the guide.

They go through the same ledger as campaigns do, and so none goes out twice.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, select, update

from publisher.delivery.addresses import Address
from publisher.delivery.campaigns.campaign import freeze
from publisher.delivery.campaigns.outbox import REQUESTS, draft_of
from publisher.delivery.keys import Keys
from publisher.delivery.people.person import Consent, Person
from publisher.delivery.people.requests import STANDS
from publisher.delivery.people.subscribing import Subscribing
from publisher.delivery.store.database import now
from publisher.delivery.store.states import DeliveryState
from publisher.delivery.store.tables import DELIVERY, REQUEST
from publisher.planning.reader_rows import Row as Line
from publisher.records.catalogue import Catalogue

SOURCE = "website"
"""Where somebody agreed."""


def question(connection: Connection, keys: Keys, domain: str) -> str | None:
    """Enter a letter to each who asked and was not written to, which asks whether it was they.

    The name of the campaign that holds the letters; None if there is nobody to ask. Of one address
    that asked several times, the others wait for the next time.
    """
    rows = _waiting(connection, REQUEST.c.delivery_id.is_(None), REQUEST.c.confirmed_at.is_(None))
    if not rows:
        return None
    draft = draft_of("request", REQUESTS, now(connection))
    letters = [{**_recipient(row, keys), "reader": {}, "facts": _facts(row)} for row in rows]
    campaign, _ = freeze(connection, draft, letters, domain, DeliveryState.READY)
    made = connection.execute(
        select(DELIVERY.c.id, DELIVERY.c.address_key).where(DELIVERY.c.campaign_id == campaign)
    )
    delivery = {each.address_key: each.id for each in made}
    for row in rows:
        this = update(REQUEST).where(REQUEST.c.id == row.id)
        connection.execute(this.values(delivery_id=delivery[row.address_key]))
    return draft.name


def anyone_agreed(connection: Connection) -> bool:
    """Whether somebody has confirmed and waits for their guide."""
    return bool(_waiting(connection, *_AGREED))


def fulfil(connection: Connection, keys: Keys, catalogue: Catalogue, domain: str) -> str | None:
    """Enter the guide of each who has confirmed, and subscribe those who want to hear more.

    The name of the campaign, whose files are still to be made; None if nobody waits.
    """
    rows = _waiting(connection, *_AGREED)
    if not rows:
        return None
    moment = now(connection)
    draft = draft_of("own-guide", REQUESTS, moment)
    letters = [{**_recipient(row, keys), "reader": row.reader} for row in rows]
    freeze(connection, draft, letters, domain, DeliveryState.PLANNED)
    done = update(REQUEST).where(REQUEST.c.id.in_([row.id for row in rows]))
    connection.execute(done.values(answered_at=moment))
    people = [_person(row) for row in rows if row.news]
    if people:
        Subscribing(connection, keys, catalogue, proven=True, by=SOURCE).keep(people)
    return draft.name


_AGREED = REQUEST.c.confirmed_at.is_not(None), REQUEST.c.answered_at.is_(None)


def _waiting(connection: Connection, *which: ColumnElement[bool]) -> Sequence[Row[Any]]:
    """Requests, the first of each address."""
    found = select(REQUEST).where(*which).order_by(REQUEST.c.id)
    rows = connection.execute(found.with_for_update(skip_locked=True)).all()
    first: dict[str, Row[Any]] = {}
    for row in rows:
        first.setdefault(row.address_key, row)
    return list(first.values())


def _recipient(row: Row[Any], keys: Keys) -> dict[str, Any]:
    return {
        "subscriber_id": None, "address": row.address, "address_key": row.address_key,
        "address_hash": keys.address_hashes(row.address_key)[0],
        "domain": row.address.rpartition("@")[2],
    }  # fmt: skip


def _facts(row: Row[Any]) -> dict[str, Any]:
    ends = (row.created_at + STANDS).date()
    return {"title": row.title, "news": row.news, "valid_until": ends.isoformat()}


def _person(row: Row[Any]) -> Person:
    consent = Consent(row.confirmed_at, SOURCE, row.consent_text)
    return Person(Line((0, 0), discreet=True), Address.of(row.address), row.reader, consent)
