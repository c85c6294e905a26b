"""Takes care of what no worker has in hand: leases that are over, and what may not be sent."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, exists, select, tuple_, update

from publisher.delivery.sending.allowed import is_suppressed
from publisher.delivery.sending.claim import Claim
from publisher.delivery.sending.claiming import DUE, Task
from publisher.delivery.sending.marks import Mark, mark
from publisher.delivery.store.states import CampaignState, DeliveryState
from publisher.delivery.store.tables import ATTEMPT, CAMPAIGN, DELIVERY

GONE = "worker-gone"


def tend(connection: Connection, task: Task, held: Sequence[Claim], moment: datetime) -> None:
    """Renew one's own leases, take back those that are over, close what may not be sent.

    A claim whose lease is over has sent no text and is due again. A handoff may have; it becomes
    unknown, and nobody sends it again without evidence.
    """
    _renew(connection, task, held, moment)
    mine = DELIVERY.c.campaign_id == task.campaign_id
    move(
        connection, moment, DeliveryState.READY,
        mine, DELIVERY.c.state == DeliveryState.CLAIMED, DELIVERY.c.lease_until <= moment,
        cause="lease-over",
    )  # fmt: skip
    move(
        connection, moment, DeliveryState.UNKNOWN,
        mine, DELIVERY.c.state == DeliveryState.HANDOFF,
        DELIVERY.c.lease_until <= moment - task.pace.grace, cause=GONE,
    )  # fmt: skip
    due = DELIVERY.c.state.in_(DUE)
    move(connection, moment, DeliveryState.SUPPRESSED, mine, due, is_suppressed())
    cancelled = _campaign(CAMPAIGN.c.state == CampaignState.CANCELLED)
    move(connection, moment, DeliveryState.CANCELLED, mine, due, cancelled)
    late = _campaign(CAMPAIGN.c.not_after <= moment)
    move(connection, moment, DeliveryState.EXPIRED, mine, due, late)


def move(
    connection: Connection,
    moment: datetime,
    state: DeliveryState,
    *which: ColumnElement[bool],
    cause: str = "",
) -> int:
    """Bring deliveries, which nobody has in hand, into a state; how many."""
    values: dict[str, Any] = {"cause": cause} if cause else {}
    rows = connection.execute(
        update(DELIVERY)
        .where(*which)
        .values(
            state=state, owner=None, lease_until=None, next_at=None, changed_at=moment, **values
        )
        .returning(DELIVERY.c.id, DELIVERY.c.campaign_id, DELIVERY.c.attempts)
    ).all()
    marks = (
        Mark(state, row.id, row.campaign_id, {"attempt": row.attempts, **values}) for row in rows
    )
    mark(connection, moment, marks)
    if state == DeliveryState.UNKNOWN and rows:
        numbers = [(row.id, row.attempts) for row in rows]
        connection.execute(
            update(ATTEMPT)
            .where(tuple_(ATTEMPT.c.delivery_id, ATTEMPT.c.number).in_(numbers))
            .values(ended_at=moment, text=cause)
        )
    return len(rows)


def _renew(connection: Connection, task: Task, held: Sequence[Claim], moment: datetime) -> None:
    if not held:
        return
    numbers = [(claim.id, claim.number) for claim in held]
    connection.execute(
        update(DELIVERY)
        .where(DELIVERY.c.owner == task.owner, DELIVERY.c.state == DeliveryState.CLAIMED)
        .where(DELIVERY.c.lease_until > moment)  # what is over may be somebody else's already
        .where(tuple_(DELIVERY.c.id, DELIVERY.c.attempts).in_(numbers))
        .values(lease_until=moment + task.pace.lease)
    )


def _campaign(how: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists(select(CAMPAIGN.c.id).where(CAMPAIGN.c.id == DELIVERY.c.campaign_id, how))
