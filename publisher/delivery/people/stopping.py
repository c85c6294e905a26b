"""Stops messages that have not begun to leave."""

from sqlalchemy import ColumnElement, Connection, insert, update

from publisher.delivery.store.database import now
from publisher.delivery.store.states import OPEN, DeliveryState
from publisher.delivery.store.tables import DELIVERY, EVENT

STOPPABLE = OPEN - {DeliveryState.HANDOFF}
"""Deliveries whose text has not begun to leave. A worker that has claimed one finds out when it
is about to begin."""


def stop_deliveries(
    connection: Connection, which: ColumnElement[bool], state: DeliveryState, cause: str
) -> int:
    """Bring the stoppable ones among some deliveries into a final state; how many there were."""
    moment = now(connection)
    stopped = connection.execute(
        update(DELIVERY)
        .where(which, DELIVERY.c.state.in_(STOPPABLE))
        .values(
            state=state, cause=cause, changed_at=moment,
            owner=None, lease_until=None, next_at=None,
        )
        .returning(DELIVERY.c.id, DELIVERY.c.campaign_id)
    ).all()  # fmt: skip
    events = [
        {
            "at": moment, "kind": f"delivery-{state}", "campaign_id": row.campaign_id,
            "delivery_id": row.id, "detail": {"cause": cause},
        }
        for row in stopped
    ]  # fmt: skip
    if events:
        connection.execute(insert(EVENT), events)
    return len(events)
