"""COMMIT 1: a message's text may leave only when this is durable."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, exists, insert, literal, select, tuple_, update

from publisher.delivery.sending.allowed import is_on, is_suppressed
from publisher.delivery.sending.claim import Claim
from publisher.delivery.sending.claiming import Task
from publisher.delivery.sending.marks import Mark, mark
from publisher.delivery.store.states import CampaignState, DeliveryState
from publisher.delivery.store.tables import ATTEMPT, CAMPAIGN, DELIVERY


def hand_off(
    connection: Connection, task: Task, digests: Mapping[Claim, str], moment: datetime
) -> set[int]:
    """Mark claims as handed off; the ids of those whose text may leave now.

    The others are put back. `digests` has the SHA-256 of each message. When a commit was lost
    with its answer and is tried again, what is handed off already is not marked twice.
    """
    mine = _mine(task, digests)
    campaign = exists().where(CAMPAIGN.c.id == DELIVERY.c.campaign_id, is_on(moment))
    rows = connection.execute(
        update(DELIVERY)
        .where(mine, DELIVERY.c.state == DeliveryState.CLAIMED, DELIVERY.c.lease_until > moment)
        .where(campaign, ~is_suppressed())
        .values(
            state=DeliveryState.HANDOFF, lease_until=moment + task.pace.lease, changed_at=moment
        )
        .returning(DELIVERY.c.id)
    ).scalars()
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


def _mine(task: Task, claims: "Mapping[Claim, str] | Sequence[Claim]") -> Any:
    numbers = [(claim.id, claim.number) for claim in claims]
    return (DELIVERY.c.owner == literal(task.owner)) & tuple_(
        DELIVERY.c.id, DELIVERY.c.attempts
    ).in_(numbers)


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
