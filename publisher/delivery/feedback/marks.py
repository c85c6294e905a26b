"""What a report leaves in the ledger. Each function writes into the caller's transaction."""

from collections.abc import Mapping
from datetime import timedelta
from itertools import pairwise
from typing import Any

from sqlalchemy import Connection, Row, Table, delete, func, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from publisher.delivery.store.database import now
from publisher.delivery.store.states import CampaignState, DeliveryState
from publisher.delivery.store.tables import CAMPAIGN, DELIVERY, EVENT, SOFT_BOUNCE, SUPPRESSION

EVERY_LIST = "all"

MEMORY = timedelta(days=30)
"""How long a day on which an address answered "not now" counts."""

STRIKES = 3
"""Such days after which an address is given up."""


UNDECIDED = (DeliveryState.UNKNOWN, DeliveryState.HANDOFF)
"""Of a delivery in one of these it is not known whether the relay has taken it."""


def insert_once(connection: Connection, table: Table, **values: object) -> bool:
    """Insert a row unless one with its key is there, also if another process inserts it now."""
    dialect = sqlite if connection.dialect.name == "sqlite" else postgresql
    made = dialect.insert(table).values(**values).on_conflict_do_nothing()
    return connection.execute(made.returning(*table.primary_key)).first() is not None


def move(
    connection: Connection, delivery: Row[Any], state: DeliveryState, cause: str, **values: object
) -> None:
    """Bring a delivery into a state, and keep that as an event.

    One whose fate was unknown was evidently sent, which is kept as an event of its own.
    """
    moment = now(connection)
    was = DeliveryState(delivery.state)
    steps = [was, DeliveryState.SENT, state] if was in UNDECIDED else [was, state]
    for before, after in pairwise(dict.fromkeys(steps)):
        _tell(connection, delivery, after.value, {"from": before.value, "cause": cause})
    connection.execute(
        update(DELIVERY)
        .where(DELIVERY.c.id == delivery.id)
        .values(
            state=state, cause=cause, changed_at=moment,
            owner=None, lease_until=None, next_at=None, **values,
        )
    )  # fmt: skip
    if was in UNDECIDED:
        _settle(connection, delivery.campaign_id)


def suppress(connection: Connection, delivery: Row[Any], cause: str, evidence: str) -> bool:
    """Never write to a delivery's address again, on any list; False if that was so already."""
    new = insert_once(
        connection, SUPPRESSION, address_hash=delivery.address_hash, scope=EVERY_LIST,
        cause=cause, since=now(connection), evidence=evidence,
    )  # fmt: skip
    if new:
        about = {"scope": EVERY_LIST, "cause": cause}
        _tell(connection, delivery, "address-suppressed", about)
    return new


def strike(connection: Connection, address_hash: str) -> bool:
    """Count today as a day on which an address answered "not now"; True if it is one too many."""
    today = now(connection).date()
    insert_once(connection, SOFT_BOUNCE, address_hash=address_hash, day=today)
    connection.execute(delete(SOFT_BOUNCE).where(SOFT_BOUNCE.c.day <= today - MEMORY))
    counted = select(func.count()).where(SOFT_BOUNCE.c.address_hash == address_hash)
    return connection.execute(counted).scalar_one() >= STRIKES


def _tell(connection: Connection, about: Row[Any], kind: str, detail: Mapping[str, str]) -> None:
    connection.execute(
        insert(EVENT).values(
            at=now(connection), kind=kind, detail=detail,
            campaign_id=about.campaign_id, delivery_id=about.id,
        )
    )  # fmt: skip


def _settle(connection: Connection, campaign_id: int) -> None:
    """A campaign that was done but for what nobody knew is done when the last of it is known."""
    unknown = select(DELIVERY.c.id).where(
        DELIVERY.c.campaign_id == campaign_id, DELIVERY.c.state == DeliveryState.UNKNOWN
    )
    done = connection.execute(
        update(CAMPAIGN)
        .where(
            CAMPAIGN.c.id == campaign_id,
            CAMPAIGN.c.state == CampaignState.DONE_WITH_UNKNOWN,
            ~unknown.exists(),
        )
        .values(state=CampaignState.DONE)
    )
    if done.rowcount:
        told = insert(EVENT).values(
            at=now(connection),
            kind="campaign-done",
            campaign_id=campaign_id,
            detail={"by": "report"},
        )
        connection.execute(told)
