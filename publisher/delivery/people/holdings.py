"""Which rows are about one person, however they are known."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Table, false, or_, select

from publisher.delivery.addresses import Address
from publisher.delivery.keys import Keys
from publisher.delivery.store.tables import DELIVERY, REQUEST, SUBSCRIBER


@dataclass(frozen=True, slots=True)
class Holdings:
    """The row of a subscriber, if there is one, and the ids of deliveries to their address.

    `hashes` are what the address may be kept as, newest first; `requests` the ids of what was
    asked for with the address.
    """

    subscriber: Row[Any] | None
    deliveries: tuple[int, ...]
    hashes: tuple[str, ...]
    requests: tuple[int, ...] = ()

    @classmethod
    def of(cls, connection: Connection, keys: Keys, address: Address) -> "Holdings":
        """What is held on an address, also if its person was erased before."""
        hashes = keys.address_hashes(address.key)
        subscriber = connection.execute(
            select(SUBSCRIBER).where(SUBSCRIBER.c.address_key == address.key)
        ).one_or_none()
        same = [DELIVERY.c.address_key == address.key, DELIVERY.c.address_hash.in_(hashes)]
        if subscriber:
            same.append(DELIVERY.c.subscriber_id == subscriber.id)
        found = connection.scalars(select(DELIVERY.c.id).where(or_(*same)).order_by(DELIVERY.c.id))
        asked = select(REQUEST.c.id).where(REQUEST.c.address_key == address.key)
        requests = connection.scalars(asked.order_by(REQUEST.c.id))
        return cls(subscriber, tuple(found), hashes, tuple(requests))

    def owned(self, table: Table) -> ColumnElement[bool]:
        """Which rows of a table that names deliveries, subscribers or both are this person's."""
        same: list[ColumnElement[bool]] = [false()]
        if "delivery_id" in table.c:
            same.append(table.c.delivery_id.in_(self.deliveries))
        if self.subscriber and "subscriber_id" in table.c:
            same.append(table.c.subscriber_id == self.subscriber.id)
        return or_(*same)

    def rows(self, connection: Connection, table: Table) -> Sequence[Row[Any]]:
        """The rows of such a table."""
        return connection.execute(select(table).where(self.owned(table))).all()
