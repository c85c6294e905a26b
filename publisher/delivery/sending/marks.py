"""Writes down, in the transaction that changes a state, that it has changed."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert

from publisher.delivery.store.states import DeliveryState
from publisher.delivery.store.tables import EVENT

Mark = tuple[int, int, dict[str, Any]]
"""A delivery's id, its campaign's, and what is to be said; never an address."""


def mark(
    connection: Connection, moment: datetime, state: DeliveryState, marks: Iterable[Mark]
) -> None:
    """Enter that deliveries have come into a state."""
    rows = [
        {
            "at": moment, "kind": f"delivery-{state}", "campaign_id": campaign,
            "delivery_id": delivery, "detail": detail,
        }
        for delivery, campaign, detail in marks
    ]  # fmt: skip
    if rows:
        connection.execute(insert(EVENT), rows)


def mark_campaign(
    connection: Connection, moment: datetime, kind: str, campaign_id: int, **detail: object
) -> None:
    """Enter something that has happened to a campaign."""
    connection.execute(
        insert(EVENT).values(at=moment, kind=kind, campaign_id=campaign_id, detail=detail)
    )
