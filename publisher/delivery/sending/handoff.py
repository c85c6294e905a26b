"""COMMIT 1: a message's text may leave only when this is durable."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    bindparam,
    exists,
    insert,
    select,
    tuple_,
    update,
)

from publisher.delivery.sending.allowed import is_on, is_suppressed
from publisher.delivery.sending.claim import Claim
from publisher.delivery.sending.claiming import Task
from publisher.delivery.sending.marks import Mark, mark
from publisher.delivery.store.columns import UtcTime
from publisher.delivery.store.states import CampaignState, DeliveryState
from publisher.delivery.store.tables import ATTEMPT, CAMPAIGN, DELIVERY

NUMBERED = tuple_(DELIVERY.c.id, DELIVERY.c.attempts)
MOMENT = bindparam("moment", type_=UtcTime())

# Built once, since building a statement takes longer than executing it.
HAND_OFF = (
    update(DELIVERY)
    .where(DELIVERY.c.owner == bindparam("mine"))
    .where(NUMBERED.in_(bindparam("numbers", expanding=True)))
    .where(DELIVERY.c.state == DeliveryState.CLAIMED, DELIVERY.c.lease_until > MOMENT)
    .where(exists().where(CAMPAIGN.c.id == DELIVERY.c.campaign_id, is_on(MOMENT)))
    .where(~is_suppressed())
    .values(state=DeliveryState.HANDOFF, lease_until=bindparam("new_lease"), changed_at=MOMENT)
    .returning(DELIVERY.c.id)
)


def hand_off(
    connection: Connection, task: Task, digests: Mapping[Claim, str], moment: datetime
) -> set[int]:
    """Mark claims as handed off; the ids of those whose text may leave now.

    The others are put back. `digests` has the SHA-256 of each message. When a commit was lost
    with its answer and is tried again, what is handed off already is not marked twice.
    """
    rows = connection.execute(
        HAND_OFF,
        {
            "mine": task.owner, "numbers": _numbers(digests), "moment": moment,
            "new_lease": moment + task.pace.lease,
        },
    ).scalars()  # fmt: skip
    done = set(rows)
    _enter(connection, task, [claim for claim in digests if claim.id in done], digests, moment)
    left = {claim: digest for claim, digest in digests.items() if claim.id not in done}
    if left:
        earlier = select(DELIVERY.c.id).where(
            _mine(task, left), DELIVERY.c.state == DeliveryState.HANDOFF
        )
        done |= set(connection.execute(earlier).scalars())
        put_back(connection, task, [claim for claim in left if claim.id not in done], moment)
    return done


def put_back(connection: Connection, task: Task, claims: Sequence[Claim], moment: datetime) -> None:
    """Give up claims of which no text has left: for others, or for ever if that is forbidden."""
    if not claims:
        return
    rows = connection.execute(
        select(
            DELIVERY.c.id, DELIVERY.c.campaign_id, is_suppressed().label("suppressed"),
            CAMPAIGN.c.state.label("campaign_state"),
            (CAMPAIGN.c.not_after <= moment).label("late"),
        )
        .join(CAMPAIGN, CAMPAIGN.c.id == DELIVERY.c.campaign_id)
        .where(_mine(task, claims), DELIVERY.c.state == DeliveryState.CLAIMED)
    ).all()  # fmt: skip
    for row in rows:
        state = _where_to(row)
        connection.execute(
            update(DELIVERY)
            .where(DELIVERY.c.id == row.id)
            .values(state=state, owner=None, lease_until=None, changed_at=moment)
        )
        mark(connection, moment, [Mark(state, row.id, row.campaign_id, {})])


def _where_to(row: Row[Any]) -> DeliveryState:
    if row.suppressed:
        return DeliveryState.SUPPRESSED
    if row.campaign_state == CampaignState.CANCELLED:
        return DeliveryState.CANCELLED
    return DeliveryState.EXPIRED if row.late else DeliveryState.READY


def _mine(task: Task, claims: Iterable[Claim]) -> ColumnElement[bool]:
    return (DELIVERY.c.owner == task.owner) & NUMBERED.in_(_numbers(claims))


def _numbers(claims: Iterable[Claim]) -> list[tuple[int, int]]:
    return [(claim.id, claim.number) for claim in claims]


def _enter(
    connection: Connection,
    task: Task,
    claims: Sequence[Claim],
    digests: Mapping[Claim, str],
    moment: datetime,
) -> None:
    if not claims:
        return
    attempts = [
        {
            "delivery_id": claim.id, "number": claim.number, "phase": "data",
            "started_at": moment, "relay": str(task.relay),
        }
        for claim in claims
    ]  # fmt: skip
    connection.execute(insert(ATTEMPT), attempts)
    marks = (
        Mark(
            DeliveryState.HANDOFF, claim.id, claim.campaign_id,
            {"attempt": claim.number, "sha256": digests[claim]},
        )
        for claim in claims
    )  # fmt: skip
    mark(connection, moment, marks)
