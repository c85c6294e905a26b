"""Rates as token buckets in the ledger, so that all workers of all machines share them."""

from datetime import datetime

from sqlalchemy import Connection, select, update

from publisher.delivery.sending.ensure import ensure
from publisher.delivery.store.tables import BUCKET


def take(connection: Connection, key: str, rate: float | None, most: int, moment: datetime) -> int:
    """Take up to `most` tokens of a bucket that fills with `rate` a second; how many there were.

    It holds what comes in within a second, and at least one. The transaction that takes them is
    the one that claims what they are for.
    """
    if rate is None or most == 0:
        return most
    size = max(1.0, rate)
    ensure(connection, BUCKET, key=key, tokens=size, at=moment)
    row = connection.execute(select(BUCKET).where(BUCKET.c.key == key).with_for_update()).one()
    # The clock may have been set back; then nothing has come in.
    come_in = max(0.0, (moment - row.at).total_seconds()) * rate
    tokens = min(size, row.tokens + come_in)
    taken = min(most, int(tokens))
    connection.execute(
        update(BUCKET).where(BUCKET.c.key == key).values(tokens=tokens - taken, at=moment)
    )
    return taken
