"""Writes down, in the transaction that changes a state, that it has changed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert

from publisher.delivery.store.states import DeliveryState
from publisher.delivery.store.tables import EVENT


@dataclass(frozen=True, slots=True)
class Mark:
    """A delivery has come into a state; `detail` never holds an address."""

    state: DeliveryState
    delivery_id: int
    campaign_id: int
    detail: Mapping[str, Any]


def mark(connection: Connection, moment: datetime, marks: Iterable[Mark]) -> None:
    """Enter that deliveries have come into states."""
    rows = [
        {
            "at": moment, "kind": f"delivery-{each.state}", "campaign_id": each.campaign_id,
            "delivery_id": each.delivery_id, "detail": dict(each.detail),
        }
        for each in marks
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
