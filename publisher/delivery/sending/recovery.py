"""Takes up what workers of this machine have left that were killed."""

from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, func, insert, or_, select, tuple_

from publisher.delivery.sending.outcomes import Outcome, enter
from publisher.delivery.sending.pace import Pace
from publisher.delivery.sending.seats import Abandoned, Note, abandoned
from publisher.delivery.sending.tending import GONE, move
from publisher.delivery.sending.verdict import Verdict
from publisher.delivery.store.database import Database, now
from publisher.delivery.store.states import DeliveryState
from publisher.delivery.store.tables import ATTEMPT, DELIVERY

CRASHED = "crash"
"""The phase of an attempt that has taken its worker down."""


def recover(database: Database, folder: Path, pace: Pace) -> int:
    """Enter what dead workers knew, and free what they held; how many there were."""
    count = 0
    for left in abandoned(folder):
        with database.writing() as connection:
            _take_up(connection, left, pace, now(connection))
        count += 1
    return count


def _take_up(connection: Connection, left: Abandoned, pace: Pace, moment: datetime) -> None:
    enter(connection, [note.outcome for note in left.notes if note.outcome], pace, moment)
    if left.same_boot:
        for note in left.notes:
            if note.at == "composing":
                _blame(connection, note, pace, moment)
    held = DELIVERY.c.owner == left.owner
    claimed = DELIVERY.c.state == DeliveryState.CLAIMED
    handed_off = DELIVERY.c.state == DeliveryState.HANDOFF
    without_text = [
        (note.delivery_id, note.number)
        for note in left.notes
        if left.same_boot and note.at in ("composing", "offering")
    ]
    nothing_left = tuple_(DELIVERY.c.id, DELIVERY.c.attempts).in_(without_text)
    again = or_(claimed, handed_off & nothing_left)
    move(connection, moment, DeliveryState.READY, held, again, cause=GONE)
    move(connection, moment, DeliveryState.UNKNOWN, held, handed_off, cause=GONE)


def _blame(connection: Connection, note: Note, pace: Pace, moment: datetime) -> None:
    """Count a crash; who has had too many is set aside, so that the others are sent."""
    held = select(DELIVERY.c.owner).where(
        DELIVERY.c.id == note.delivery_id, DELIVERY.c.attempts == note.number,
        DELIVERY.c.state == DeliveryState.CLAIMED,
    )  # fmt: skip
    if connection.execute(held).one_or_none() is None:
        return
    crashes: int = connection.execute(
        select(func.count()).where(
            ATTEMPT.c.delivery_id == note.delivery_id, ATTEMPT.c.phase == CRASHED
        )
    ).scalar_one()
    if crashes + 1 >= pace.crashes:
        text = f"making the message has ended its worker {crashes + 1} times"
        verdict = Verdict(DeliveryState.FAILED, "connect", text=text, cause="poison")
        enter(connection, [Outcome(note.delivery_id, note.number, verdict, "")], pace, moment)
        return
    connection.execute(
        insert(ATTEMPT).values(
            delivery_id=note.delivery_id, number=note.number, phase=CRASHED,
            started_at=moment, ended_at=moment, relay="",
        )
    )  # fmt: skip
