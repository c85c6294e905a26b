"""Decides what is unknown: by a person, or by what the relay's log proves."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal

from sqlalchemy import Connection, select, update

from publisher.delivery.sending.course import finish
from publisher.delivery.sending.postfix_log import Log, read_logs
from publisher.delivery.sending.tending import move
from publisher.delivery.store.database import now
from publisher.delivery.store.states import DeliveryState
from publisher.delivery.store.tables import ATTEMPT, DELIVERY

Decision = Literal["sent", "resend", "failed"]

STATES: dict[Decision, DeliveryState] = {
    "sent": DeliveryState.SENT,
    "resend": DeliveryState.READY,
    "failed": DeliveryState.FAILED,
}

SETTLED = timedelta(minutes=15)
"""A log that goes on for so long after an attempt would show it, had it been accepted."""


class NotUnknownError(ValueError):
    """Only what is unknown is decided upon."""


@dataclass(frozen=True, slots=True)
class Reconciled:
    """How many unknown deliveries a log has shown to be accepted, not accepted, or neither."""

    sent: int
    resend: int
    unknown: int


def resolve(
    connection: Connection, delivery_id: int, decision: Decision, cause: str = "by-operator"
) -> None:
    """Decide on a delivery that is unknown. Raises `NotUnknownError`.

    A campaign that was done goes on when something is to be sent again.
    """
    moment = now(connection)
    unknown = (DELIVERY.c.id == delivery_id, DELIVERY.c.state == DeliveryState.UNKNOWN)
    if not move(connection, moment, STATES[decision], *unknown, cause=cause):
        raise NotUnknownError(f"delivery {delivery_id} is not unknown")
    campaign = select(DELIVERY.c.campaign_id).where(DELIVERY.c.id == delivery_id)
    finish(connection, connection.execute(campaign).scalar_one())


def reconcile(
    connection: Connection, campaign_id: int, logs: Iterable[Path], settled: timedelta = SETTLED
) -> Reconciled:
    """Decide on what is unknown by the logs of the Postfix that is our relay.

    A message that came into its queue is sent. One whose connection ended before, or which does
    not occur in logs that go on from before the attempt until `settled` after it, is sent again.
    Raises `OSError`, and `ValueError` for a file that is no such log.
    """
    rows = connection.execute(
        select(
            DELIVERY.c.id, DELIVERY.c.message_id, DELIVERY.c.attempts,
            ATTEMPT.c.started_at, ATTEMPT.c.ended_at,
        )
        .outerjoin(
            ATTEMPT,
            (ATTEMPT.c.delivery_id == DELIVERY.c.id) & (ATTEMPT.c.number == DELIVERY.c.attempts),
        )
        .where(DELIVERY.c.campaign_id == campaign_id, DELIVERY.c.state == DeliveryState.UNKNOWN)
    ).all()  # fmt: skip
    log = read_logs(logs, {row.message_id for row in rows}, now(connection))
    tally = {"sent": 0, "resend": 0, "unknown": 0}
    for row in rows:
        queue_id = log.queued.get(row.message_id)
        if queue_id:
            _note_queue_id(connection, row.id, row.attempts, queue_id)
            resolve(connection, row.id, "sent", "in-relay-log")
            tally["sent"] += 1
        elif _was_not_taken(log, row.message_id, row.started_at, row.ended_at, settled):
            resolve(connection, row.id, "resend", "not-in-relay-log")
            tally["resend"] += 1
        else:
            tally["unknown"] += 1
    return Reconciled(**tally)


def _was_not_taken(
    log: Log,
    message_id: str,
    started_at: datetime | None,
    ended_at: datetime | None,
    settled: timedelta,
) -> bool:
    if message_id in log.broken_off:
        return True
    if message_id in log.seen or started_at is None or log.first is None or log.last is None:
        return False
    return log.first <= started_at and (ended_at or started_at) + settled <= log.last


def _note_queue_id(connection: Connection, delivery_id: int, number: int, queue_id: str) -> None:
    connection.execute(
        update(ATTEMPT)
        .where(ATTEMPT.c.delivery_id == delivery_id, ATTEMPT.c.number == number)
        .values(queue_id=queue_id[:80])
    )
