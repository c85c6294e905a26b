"""COMMIT 2: what became of a message."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, func, insert, select, update

from publisher.delivery import breaker
from publisher.delivery.causes import Cause
from publisher.delivery.sending.ensure import ensure
from publisher.delivery.sending.marks import mark
from publisher.delivery.sending.pace import Pace
from publisher.delivery.sending.rests import domain_key, rest
from publisher.delivery.sending.verdict import Verdict
from publisher.delivery.store.states import DeliveryState
from publisher.delivery.store.tables import ATTEMPT, DELIVERY, SUPPRESSION

BEFORE_TEXT = (DeliveryState.CLAIMED,)
WITH_TEXT = (DeliveryState.HANDOFF, DeliveryState.UNKNOWN)


@dataclass(frozen=True, slots=True)
class Outcome:
    """A verdict on the attempt `number` at a delivery. `digest`: SHA-256 of what was sent."""

    delivery_id: int
    number: int
    verdict: Verdict
    relay: str
    digest: str | None = None


def enter(
    connection: Connection, outcomes: Sequence[Outcome], pace: Pace, moment: datetime
) -> None:
    """Enter what became of messages; whatever is entered already, or fenced off, is left alone."""
    failed: set[int] = set()
    for outcome in outcomes:
        row = _changed(connection, outcome, pace, moment)
        if row is None:
            continue
        _end_attempt(connection, outcome, moment)
        verdict = outcome.verdict
        detail = {"attempt": outcome.number, "code": verdict.code, "enhanced": verdict.enhanced}
        mark(connection, moment, verdict.state, [(outcome.delivery_id, row.campaign_id, detail)])
        if verdict.state == DeliveryState.FAILED:
            failed.add(row.campaign_id)
            _spare_the_dead(connection, row, verdict, moment)
        if verdict.relay_wants_rest:
            rest(connection, f"relay:{outcome.relay}", verdict.text, pace, moment)
        elif verdict.domain_wants_rest:
            rest(connection, domain_key(row.domain), verdict.text, pace, moment)
    for campaign in sorted(failed):
        breaker.check(connection, campaign, pace.breaker)


def _changed(
    connection: Connection, outcome: Outcome, pace: Pace, moment: datetime
) -> Row[Any] | None:
    verdict = outcome.verdict
    next_at = None
    if verdict.state == DeliveryState.DEFERRED:
        next_at = moment + _backoff(connection, outcome.delivery_id, verdict, pace)
    values = {"message_sha256": outcome.digest} if outcome.digest else {}
    return connection.execute(
        update(DELIVERY)
        .where(DELIVERY.c.id == outcome.delivery_id, DELIVERY.c.attempts == outcome.number)
        .where(_may_become(verdict))
        .values(
            state=verdict.state, cause=verdict.cause, code=verdict.code,
            enhanced=verdict.enhanced, text=verdict.text, next_at=next_at,
            owner=None, lease_until=None, changed_at=moment, **values,
        )
        .returning(DELIVERY.c.campaign_id, DELIVERY.c.domain, DELIVERY.c.address_hash)
    ).one_or_none()  # fmt: skip


def _may_become(verdict: Verdict) -> ColumnElement[bool]:
    """From which states a verdict is taken.

    A reply that comes late, out of a frozen worker or a journal, is evidence on what is unknown;
    that it was accepted counts even if somebody has decided, but nobody begun, to send it again.
    """
    if verdict.phase != "data":
        return DELIVERY.c.state.in_(BEFORE_TEXT)
    if verdict.state == DeliveryState.UNKNOWN:
        return DELIVERY.c.state == DeliveryState.HANDOFF
    if verdict.state == DeliveryState.SENT:
        return DELIVERY.c.state.in_((*WITH_TEXT, DeliveryState.READY))
    return DELIVERY.c.state.in_(WITH_TEXT)


def _backoff(connection: Connection, delivery_id: int, verdict: Verdict, pace: Pace) -> timedelta:
    earlier: int = connection.execute(
        select(func.count()).where(ATTEMPT.c.delivery_id == delivery_id)
    ).scalar_one()
    number = earlier - (verdict.phase == "data")  # that one is in the table already
    seconds = pace.backoff[min(number, len(pace.backoff) - 1)]
    # Many that were deferred together shall not come again together.
    return timedelta(seconds=seconds * random.uniform(0.5, 1.5))  # noqa: S311  # no secret


def _end_attempt(connection: Connection, outcome: Outcome, moment: datetime) -> None:
    verdict = outcome.verdict
    what = {
        "phase": "done" if verdict.state == DeliveryState.SENT else verdict.phase,
        "ended_at": moment, "code": verdict.code, "enhanced": verdict.enhanced,
        "text": verdict.text, "queue_id": verdict.queue_id,
    }  # fmt: skip
    if verdict.phase == "data":  # the handoff has made the row
        number = ATTEMPT.c.number == outcome.number
        connection.execute(
            update(ATTEMPT).where(ATTEMPT.c.delivery_id == outcome.delivery_id, number).values(what)
        )
        return
    connection.execute(
        insert(ATTEMPT).values(
            delivery_id=outcome.delivery_id, number=outcome.number, started_at=moment,
            relay=outcome.relay, **what,
        )
    )  # fmt: skip


def _spare_the_dead(
    connection: Connection, row: Row[Any], verdict: Verdict, moment: datetime
) -> None:
    if verdict.cause == Cause.DEAD_ADDRESS:
        ensure(
            connection, SUPPRESSION, address_hash=row.address_hash, scope="all",
            cause=verdict.cause, since=moment, evidence=f"{verdict.code} {verdict.enhanced or ''}",
        )  # fmt: skip
