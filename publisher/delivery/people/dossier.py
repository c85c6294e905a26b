"""Everything that is held on one person, as plain data for JSON."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy import Connection, Row, Table, select

from publisher.delivery.addresses import Address
from publisher.delivery.keys import Keys
from publisher.delivery.people.holdings import Holdings
from publisher.delivery.store.tables import (
    ARTIFACT,
    ATTEMPT,
    CAMPAIGN,
    DELIVERY,
    DOWNLOAD,
    EVENT,
    GRANT,
    INBOUND,
    REQUEST,
    SOFT_BOUNCE,
    SUPPRESSION,
)

Plain = dict[str, Any]


def dossier(connection: Connection, keys: Keys, address: Address) -> Plain | None:
    """All that is held on an address, or None if nothing is (GDPR, article 15)."""
    held = Holdings.of(connection, keys, address)
    of_hash = [_of_hash(connection, table, held.hashes) for table in (SUPPRESSION, SOFT_BOUNCE)]
    known = held.subscriber or held.deliveries or held.requests
    if not known and not any(of_hash):
        return None
    events = [row for row in held.rows(connection, EVENT) if row.delivery_id is None]
    grants = held.rows(connection, GRANT)
    return {
        "address": address.written,
        "subscriber": _plain(held.subscriber) if held.subscriber else None,
        "requests": _of(connection, REQUEST, "id", held.requests),
        "events": _all(events),
        "suppression": of_hash[0],
        "soft_bounces": of_hash[1],
        "deliveries": [_delivery(connection, each) for each in held.deliveries],
        "files": _all(held.rows(connection, ARTIFACT)),
        "grants": _all(grants),
        "downloads": _of(connection, DOWNLOAD, "grant_id", [row.id for row in grants]),
    }


def _delivery(connection: Connection, delivery: int) -> Plain:
    row = connection.execute(
        select(DELIVERY, CAMPAIGN.c.name.label("campaign"))
        .join(CAMPAIGN, CAMPAIGN.c.id == DELIVERY.c.campaign_id)
        .where(DELIVERY.c.id == delivery)
    ).one()
    parts = {"attempts": ATTEMPT, "events": EVENT, "reports": INBOUND}
    return _plain(row) | {
        name: _of(connection, table, "delivery_id", [delivery]) for name, table in parts.items()
    }


def _of_hash(connection: Connection, table: Table, hashes: tuple[str, ...]) -> list[Plain]:
    return _of(connection, table, "address_hash", hashes)


def _of(connection: Connection, table: Table, column: str, values: Iterable[Any]) -> list[Plain]:
    return _all(connection.execute(select(table).where(table.c[column].in_(list(values)))))


def _all(rows: Iterable[Row[Any]]) -> list[Plain]:
    return [_plain(row) for row in rows]


def _plain(row: Row[Any]) -> Plain:
    return {name: _as_json(value) for name, value in row._mapping.items()}  # noqa: SLF001  # public by its documentation


def _as_json(value: Any) -> Any:
    match value:
        case date():  # or a moment
            return value.isoformat()
        case bytes():
            return value.hex()
        case _:
            return value
