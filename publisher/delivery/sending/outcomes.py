"""COMMIT 2: what became of a message."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, String, bindparam, func, insert, select, update

from publisher.delivery import breaker
from publisher.delivery.causes import Cause
from publisher.delivery.sending.ensure import ensure
from publisher.delivery.sending.marks import Mark, mark
from publisher.delivery.sending.pace import Pace
from publisher.delivery.sending.rests import domain_key, rest
from publisher.delivery.sending.strikes import GIVEN_UP, strike
from publisher.delivery.sending.verdict import Verdict
from publisher.delivery.store.states import DeliveryState
from publisher.delivery.store.tables import ATTEMPT, DELIVERY, SUPPRESSION

FAILED = DeliveryState.FAILED

# Built once, since building a statement takes longer than executing it.
CHANGE = (
    update(DELIVERY)
    .where(DELIVERY.c.id == bindparam("delivery"), DELIVERY.c.attempts == bindparam("number"))
    .where(DELIVERY.c.state.in_(bindparam("before", expanding=True)))
    .values(
        state=bindparam("new_state"),
        cause=bindparam("new_cause"),
        code=bindparam("new_code"),
        enhanced=bindparam("new_enhanced"),
        text=bindparam("new_text"),
        next_at=bindparam("new_next_at"),
        owner=None,
        lease_until=None,
        changed_at=bindparam("moment"),
        message_sha256=func.coalesce(
            bindparam("digest", type_=String()), DELIVERY.c.message_sha256
        ),
    )
    .returning(DELIVERY.c.campaign_id, DELIVERY.c.domain, DELIVERY.c.address_hash)
)
END = (
    update(ATTEMPT)
    .where(ATTEMPT.c.delivery_id == bindparam("of_delivery"))
    .where(ATTEMPT.c.number == bindparam("of_number"))
    .values(
        {
            name: bindparam(name)
            for name in ("phase", "ended_at", "code", "enhanced", "text", "queue_id")
        }
    )
)

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
    entered: list[tuple[Outcome, Row[Any]]] = []
    for outcome in outcomes:
        row = _changed(connection, outcome, pace, moment)
        if row is not None:
            entered.append((outcome, row))
    _end_attempts(connection, [outcome for outcome, _ in entered], moment)
    mark(connection, moment, (_mark(outcome, row) for outcome, row in entered))
    for outcome, row in entered:
        _consequences(connection, outcome, row, pace, moment)
    failed = {row.campaign_id for each, row in entered if each.verdict.state == FAILED}
    for campaign in sorted(failed):
        breaker.check(connection, campaign, pace.breaker)


def _mark(outcome: Outcome, row: Row[Any]) -> Mark:
    verdict = outcome.verdict
    detail = {"attempt": outcome.number, "code": verdict.code, "enhanced": verdict.enhanced}
    return Mark(verdict.state, outcome.delivery_id, row.campaign_id, detail)


def _consequences(
    connection: Connection, outcome: Outcome, row: Row[Any], pace: Pace, moment: datetime
) -> None:
    """What a verdict means for later messages."""
    verdict = outcome.verdict
    if verdict.state == FAILED:
        _spare(connection, row, verdict, moment)
    if verdict.relay_wants_rest:
        rest(connection, f"relay:{outcome.relay}", verdict.text, pace, moment)
    elif verdict.domain_wants_rest:
        rest(connection, domain_key(row.domain), verdict.text, pace, moment)


def _changed(
    connection: Connection, outcome: Outcome, pace: Pace, moment: datetime
) -> Row[Any] | None:
    verdict = outcome.verdict
    next_at = None
    if verdict.state == DeliveryState.DEFERRED:
        next_at = moment + _backoff(connection, outcome.delivery_id, verdict, pace)
    return connection.execute(
        CHANGE,
        {
            "delivery": outcome.delivery_id, "number": outcome.number,
            "before": _may_become(verdict), "new_state": verdict.state,
            "new_cause": verdict.cause, "new_code": verdict.code,
            "new_enhanced": verdict.enhanced, "new_text": verdict.text, "new_next_at": next_at,
            "moment": moment, "digest": outcome.digest,
        },
    ).one_or_none()  # fmt: skip


def _may_become(verdict: Verdict) -> Sequence[DeliveryState]:
    """From which states a verdict is taken.

    A reply that comes late, out of a frozen worker or a journal, is evidence on what is unknown;
    that it was accepted counts even if somebody has decided, but nobody begun, to send it again.
    """
    if verdict.phase != "data":
        return BEFORE_TEXT
    if verdict.state == DeliveryState.UNKNOWN:
        return (DeliveryState.HANDOFF,)
    if verdict.state == DeliveryState.SENT:
        return (*WITH_TEXT, DeliveryState.READY)
    return WITH_TEXT


def _backoff(connection: Connection, delivery_id: int, verdict: Verdict, pace: Pace) -> timedelta:
    earlier: int = connection.execute(
        select(func.count()).where(ATTEMPT.c.delivery_id == delivery_id)
    ).scalar_one()
    number = earlier - (verdict.phase == "data")  # that one is in the table already
    seconds = pace.backoff[min(number, len(pace.backoff) - 1)]
    # Many that were deferred together shall not come again together.
    return timedelta(seconds=seconds * random.uniform(0.5, 1.5))  # noqa: S311  # no secret


def _end_attempts(connection: Connection, outcomes: Sequence[Outcome], moment: datetime) -> None:
    """The handoff has made the row of an attempt that came so far; others have none yet."""
    ends = [
        {**_end(each, moment), "of_delivery": each.delivery_id, "of_number": each.number}
        for each in outcomes
        if each.verdict.phase == "data"
    ]
    if ends:
        connection.execute(END, ends)
    made = [
        {
            **_end(each, moment), "delivery_id": each.delivery_id, "number": each.number,
            "started_at": moment, "relay": each.relay,
        }
        for each in outcomes
        if each.verdict.phase != "data"
    ]  # fmt: skip
    if made:
        connection.execute(insert(ATTEMPT), made)


def _end(outcome: Outcome, moment: datetime) -> dict[str, Any]:
    verdict = outcome.verdict
    return {
        "phase": "done" if verdict.state == DeliveryState.SENT else verdict.phase,
        "ended_at": moment, "code": verdict.code, "enhanced": verdict.enhanced,
        "text": verdict.text, "queue_id": verdict.queue_id,
    }  # fmt: skip


def _spare(connection: Connection, row: Row[Any], verdict: Verdict, moment: datetime) -> None:
    """Never write again where nobody is, or where the mailbox has been full for too long."""
    cause = verdict.cause
    if cause == Cause.SOFT:
        cause = GIVEN_UP if strike(connection, row.address_hash, moment) else ""
    if cause in (Cause.DEAD_ADDRESS, GIVEN_UP):
        ensure(
            connection, SUPPRESSION, address_hash=row.address_hash, scope="all",
            cause=cause, since=moment, evidence=f"{verdict.code} {verdict.enhanced or ''}",
        )  # fmt: skip
