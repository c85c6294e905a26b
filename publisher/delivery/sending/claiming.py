"""Claims: a worker takes on what is due, as much of it as rates and rests allow."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Integer, Row, bindparam, func, literal, or_, select, update

from publisher.delivery.sending import buckets
from publisher.delivery.sending.allowed import is_suppressed, sendable
from publisher.delivery.sending.claim import Claim
from publisher.delivery.sending.marks import Mark, mark
from publisher.delivery.sending.pace import Pace
from publisher.delivery.sending.relay import Relay
from publisher.delivery.sending.rests import (
    DOMAIN,
    domain_key,
    rest_for_rate,
    resting_domains,
    resting_until,
)
from publisher.delivery.store.columns import UtcTime
from publisher.delivery.store.states import CampaignState, DeliveryState
from publisher.delivery.store.tables import CAMPAIGN, DELIVERY, PAUSE

DUE = (DeliveryState.DEFERRED, DeliveryState.READY)
"""What is claimed, older things first."""

MOMENT = bindparam("moment", type_=UtcTime())

# Built once, since building a statement takes longer than executing it.
FIND = (
    select(DELIVERY.c.id, DELIVERY.c.domain)
    .where(DELIVERY.c.campaign_id == bindparam("campaign"), DELIVERY.c.state == bindparam("state"))
    .where(or_(DELIVERY.c.next_at.is_(None), DELIVERY.c.next_at <= MOMENT))
    .where(DELIVERY.c.domain.not_in(resting_domains(MOMENT)), ~is_suppressed())
    .order_by(DELIVERY.c.next_at)  # as the index is, so that nothing is sorted
    .limit(bindparam("most", type_=Integer()))
    .with_for_update(skip_locked=True)
)
CLAIM = (
    update(DELIVERY)
    .where(DELIVERY.c.id.in_(bindparam("found", expanding=True)))
    .values(
        state=DeliveryState.CLAIMED,
        owner=bindparam("new_owner"),
        lease_until=bindparam("new_lease"),
        attempts=DELIVERY.c.attempts + 1,
        next_at=None,
        changed_at=MOMENT,
        date=func.coalesce(DELIVERY.c.date, MOMENT, type_=UtcTime()),
    )
    .returning(*DELIVERY.c)  # with their new fencing numbers
)


@dataclass(frozen=True, slots=True)
class Task:
    """Who sends what to whom, and how fast."""

    campaign_id: int
    owner: str
    relay: Relay
    pace: Pace


def claim(connection: Connection, task: Task, most: int, moment: datetime) -> list[Claim]:
    """Take on up to `most` deliveries that are due. No two workers get the same."""
    campaign = sendable(connection, task.campaign_id, moment)
    if campaign is None or resting_until(connection, task.relay.key, moment):
        return []
    found = _due(connection, task.campaign_id, moment, most)
    found = _within_rates(connection, task, found, moment)
    if not found:
        return []
    rows = connection.execute(
        CLAIM,
        {
            "found": [row.id for row in found], "new_owner": task.owner, "moment": moment,
            "new_lease": moment + task.pace.lease,
        },
    ).all()  # fmt: skip
    claims = [Claim(row, campaign) for row in rows]
    marks = (
        Mark(DeliveryState.CLAIMED, each.id, each.campaign_id, {"attempt": each.number})
        for each in claims
    )
    mark(connection, moment, marks)
    return claims


def next_due(connection: Connection, task: Task, moment: datetime) -> datetime | None:
    """The moment from which on something may be claimed; None for never."""
    campaign = connection.execute(
        select(CAMPAIGN).where(CAMPAIGN.c.id == task.campaign_id)
    ).one_or_none()
    if campaign is None or campaign.state != CampaignState.SENDING:
        return None
    waits = func.max if connection.dialect.name == "sqlite" else func.greatest
    rests = func.coalesce(PAUSE.c.until, moment, type_=UtcTime())
    due = func.coalesce(DELIVERY.c.next_at, moment, type_=UtcTime())
    earliest: datetime | None = connection.execute(
        select(func.min(waits(due, rests, type_=UtcTime()), type_=UtcTime()))
        .select_from(DELIVERY.outerjoin(PAUSE, PAUSE.c.key == literal(DOMAIN) + DELIVERY.c.domain))
        .where(DELIVERY.c.campaign_id == task.campaign_id, DELIVERY.c.state.in_(DUE))
    ).scalar_one()
    if earliest is None:
        return None
    bounds = (campaign.not_before, resting_until(connection, task.relay.key, moment))
    return max(earliest, *(each for each in bounds if each), moment)


def _due(
    connection: Connection, campaign_id: int, moment: datetime, most: int
) -> Sequence[Row[Any]]:
    """Locked rows."""
    found: list[Any] = []
    for state in DUE:
        rows = connection.execute(
            FIND,
            {
                "campaign": campaign_id, "state": state, "moment": moment,
                "most": most - len(found),
            },
        )  # fmt: skip
        found.extend(rows.all())
    return found


def _within_rates(
    connection: Connection, task: Task, found: Sequence[Row[Any]], moment: datetime
) -> list[Row[Any]]:
    """As many as the rates allow. A domain without tokens rests, so that it is not looked at."""
    rates = task.pace.rates
    allowed = buckets.take(connection, task.relay.key, rates.relay, len(found), moment)
    if rates.relay and allowed < len(found):
        rest_for_rate(connection, task.relay.key, 1 / rates.relay, moment)
    left: dict[str, int] = {}
    for domain, wanted in Counter(row.domain for row in found[:allowed]).items():
        rate, key = rates.of_domain(domain), domain_key(domain)
        left[domain] = buckets.take(connection, key, rate, wanted, moment)
        if rate and left[domain] < wanted:
            rest_for_rate(connection, key, 1 / rate, moment)
    kept = []
    for row in found[:allowed]:
        if left[row.domain]:
            left[row.domain] -= 1
            kept.append(row)
    return kept
