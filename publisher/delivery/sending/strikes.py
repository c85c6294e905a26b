"""Addresses that answer "not now" on several days are given up in the end."""

from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, func, select

from publisher.delivery.sending.ensure import ensure
from publisher.delivery.store.tables import SOFT_BOUNCE

MEMORY = timedelta(days=30)
"""How long a day on which an address answered "not now" counts."""

STRIKES = 3
"""Such days after which an address is given up."""

GIVEN_UP = "soft-bounces"
"""The cause of a suppression after so many days."""


def strike(connection: Connection, address_hash: str, moment: datetime) -> bool:
    """Count today as a day on which an address answered "not now"; True if it is one too many."""
    today = moment.date()
    ensure(connection, SOFT_BOUNCE, address_hash=address_hash, day=today)
    connection.execute(delete(SOFT_BOUNCE).where(SOFT_BOUNCE.c.day <= today - MEMORY))
    counted = select(func.count()).where(SOFT_BOUNCE.c.address_hash == address_hash)
    return connection.execute(counted).scalar_one() >= STRIKES
