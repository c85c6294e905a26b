"""What a report leaves in the ledger. Each function writes into the caller's transaction."""

from contextlib import suppress
from typing import Any

from sqlalchemy import Connection, Row, update

from publisher.delivery.people.suppression import EVERY_LIST
from publisher.delivery.people.suppression import suppress as suppress_address
from publisher.delivery.sending.course import CountsError, finish
from publisher.delivery.sending.marks import Mark, mark
from publisher.delivery.store.database import now
from publisher.delivery.store.states import DeliveryState
from publisher.delivery.store.tables import DELIVERY

UNDECIDED = frozenset({
    DeliveryState.UNKNOWN, DeliveryState.HANDOFF,
    DeliveryState.READY, DeliveryState.CLAIMED, DeliveryState.DEFERRED,
})  # fmt: skip
"""Of a delivery in one of these it is not known that the relay has taken it. Those of the second
line are about to be sent (again), which a report of theirs shows to be once too often."""


def move(
    connection: Connection, delivery: Row[Any], state: DeliveryState, cause: str, **values: object
) -> None:
    """Bring a delivery into a state, and keep that as an event.

    One that was not known to be sent evidently was, which is kept as an event of its own.
    """
    moment = now(connection)
    was = DeliveryState(delivery.state)
    for step in dict.fromkeys([DeliveryState.SENT, state] if was in UNDECIDED else [state]):
        detail = {"attempt": delivery.attempts, "cause": cause, "by": "report"}
        mark(connection, moment, [Mark(step, delivery.id, delivery.campaign_id, detail)])
    connection.execute(
        update(DELIVERY)
        .where(DELIVERY.c.id == delivery.id)
        .values(
            state=state, cause=cause, changed_at=moment,
            owner=None, lease_until=None, next_at=None, **values,
        )
    )  # fmt: skip
    if was in UNDECIDED:
        with suppress(CountsError):  # whoever sends is told of that
            finish(connection, delivery.campaign_id)


def give_up(connection: Connection, delivery: Row[Any], cause: str, evidence: str) -> None:
    """Never write to a delivery's address again, on any list."""
    suppress_address(connection, (delivery.address_hash,), EVERY_LIST, cause, evidence)
