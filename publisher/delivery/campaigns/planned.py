"""Deliveries whose files are not made yet: who works on which, and what becomes of them."""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from pydantic import ValidationError
from sqlalchemy import Connection, Row, or_, select, update

from publisher.delivery.campaigns.enclosures import allow
from publisher.delivery.sending.marks import Mark, mark
from publisher.delivery.sending.tending import move
from publisher.delivery.store.database import now
from publisher.delivery.store.states import CampaignState, DeliveryState
from publisher.delivery.store.tables import CAMPAIGN, DELIVERY
from publisher.planning.reader import Reader, reader_problems
from publisher.records.catalogue import Catalogue

AT_ONCE = 200
"""So many guides a process takes on at once."""

LEASE = timedelta(minutes=10)
"""Other processes leave alone for so long what one has taken on, if there is something else."""

LATEST = timedelta(days=3)
"""After the beginning; what was not sent by then is not sent by accident, either."""

NOT_MADE = "not-made"
"""The cause of a delivery whose guide cannot be made."""

LONGEST = 500
"""Characters that are kept of what is wrong with a guide."""


def begin(connection: Connection, campaign_id: int) -> None:
    """Set the end of a campaign that begins, and close what is too late."""
    moment = now(connection)
    this = CAMPAIGN.c.id == campaign_id
    connection.execute(
        update(CAMPAIGN).where(this, CAMPAIGN.c.not_after.is_(None)).values(
            not_after=moment + LATEST
        )
    )  # fmt: skip
    late = select(CAMPAIGN.c.id).where(this, CAMPAIGN.c.not_after <= moment)
    move(
        connection, moment, DeliveryState.EXPIRED,
        DELIVERY.c.campaign_id.in_(late), DELIVERY.c.state == DeliveryState.PLANNED,
    )  # fmt: skip


def is_on(connection: Connection, campaign_id: int, moment: datetime) -> bool:
    """Whether a campaign is neither paused, cancelled, ended nor too late."""
    found = select(CAMPAIGN.c.id).where(
        CAMPAIGN.c.id == campaign_id,
        CAMPAIGN.c.state.in_((CampaignState.READY, CampaignState.SENDING)),
        or_(CAMPAIGN.c.not_after.is_(None), CAMPAIGN.c.not_after > moment),
    )
    return connection.execute(found).one_or_none() is not None


def take(connection: Connection, campaign_id: int) -> Sequence[Row[Any]]:
    """Planned deliveries to work on now, those that nobody has in hand first; none if it is off."""
    moment = now(connection)
    if not is_on(connection, campaign_id, moment):
        return ()
    found = select(DELIVERY.c.id).where(
        DELIVERY.c.campaign_id == campaign_id, DELIVERY.c.state == DeliveryState.PLANNED
    )
    found = found.order_by(DELIVERY.c.lease_until.nulls_first(), DELIVERY.c.id)
    found = found.limit(AT_ONCE).with_for_update(skip_locked=True)
    return connection.execute(
        update(DELIVERY)
        .where(DELIVERY.c.id.in_(connection.scalars(found).all()))
        .values(lease_until=moment + LEASE)
        .returning(*DELIVERY.c)
    ).all()


def give_up(connection: Connection, delivery_id: int, why: str) -> None:
    """A planned delivery has failed, since its book cannot be made."""
    mine = (DELIVERY.c.id == delivery_id, DELIVERY.c.state == DeliveryState.PLANNED)
    if move(connection, now(connection), DeliveryState.FAILED, *mine, cause=NOT_MADE):
        text = {"text": why[:LONGEST]}
        connection.execute(update(DELIVERY).where(DELIVERY.c.id == delivery_id).values(text))


def has_planned(connection: Connection, campaign_id: int) -> bool:
    """Whether files are still to be made for somebody."""
    found = select(DELIVERY.c.id).where(
        DELIVERY.c.campaign_id == campaign_id, DELIVERY.c.state == DeliveryState.PLANNED
    )
    return connection.execute(found.limit(1)).first() is not None


def become_ready(
    connection: Connection, rows: Sequence[Row[Any]], facts: dict[str, Any], moment: datetime
) -> bool:
    """Bring planned deliveries into `ready` with leave to download; whether any was planned."""
    changed: list[Row[Any]] = []
    for first in range(0, len(rows), AT_ONCE):
        some = [row.id for row in rows[first : first + AT_ONCE]]
        changed += connection.execute(
            update(DELIVERY)
            .where(DELIVERY.c.id.in_(some), DELIVERY.c.state == DeliveryState.PLANNED)
            .values(
                state=DeliveryState.READY, facts=facts, lease_until=None, changed_at=moment
            )
            .returning(DELIVERY.c.id, DELIVERY.c.campaign_id, DELIVERY.c.subscriber_id)
        ).all()  # fmt: skip
    allow(connection, changed, moment)
    ready = DeliveryState.READY
    mark(connection, moment, (Mark(ready, row.id, row.campaign_id, {}) for row in changed))
    return bool(changed)


def reader_of(delivery: Row[Any], catalogue: Catalogue) -> Reader:
    """The reader of a delivery. Raises `ValueError` when no guide can be made for them."""
    try:
        reader = Reader.model_validate_json(json.dumps(delivery.reader))
    except ValidationError as error:
        place = ".".join(map(str, error.errors(include_url=False)[0]["loc"]))
        raise ValueError(f"the answers have a mistake: {place}") from None
    for field, problem, _ in reader_problems(reader, catalogue):
        raise ValueError(f"{field}: {problem}")
    return reader
