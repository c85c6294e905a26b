"""One process that sends: connections to the relay, a thread that enters, one that composes."""

import asyncio
import hashlib
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial

from sqlalchemy import Connection

from publisher.delivery.letter import Message
from publisher.delivery.sending.claim import Claim, Compose, UnsendableError
from publisher.delivery.sending.claiming import Task
from publisher.delivery.sending.group import Group
from publisher.delivery.sending.ledger import (
    Answer,
    Entry,
    Gone,
    HandOff,
    Ledger,
    PutBack,
    Tend,
    Want,
    WhenDue,
    patiently,
)
from publisher.delivery.sending.outcomes import Outcome
from publisher.delivery.sending.seats import At, Note, Seats
from publisher.delivery.sending.session import RelayRestsError, Session
from publisher.delivery.sending.steps import Observe, Step, unobserved
from publisher.delivery.sending.verdict import Verdict
from publisher.delivery.store.database import Database
from publisher.delivery.store.states import DeliveryState

LOOK = 0.5
"""Seconds after which a worker that has nothing to do looks again, though nothing is due."""

Made = Message | Verdict
"""A message, or why there is none."""


@dataclass(frozen=True, slots=True)
class _Order:
    """A message is to be made for the connection on a seat."""

    seat: int
    claim: Claim


class Worker:
    """Sends what is due of one campaign, until nothing more is or it is told to stop."""

    def __init__(
        self,
        database: Database,
        task: Task,
        compose: Compose,
        seats: Seats,
        observe: Observe = unobserved,
    ) -> None:
        self._database, self._task, self._compose = database, task, compose
        self._seats, self._observe = seats, observe
        ledger = Ledger(database, task, seats.harden, partial(observe, Step.CLAIMED))
        self._ledger: Group[Entry, Answer] = Group(ledger.enter)
        self._composer: Group[_Order, Made] = Group(self._composed)
        self._held: dict[int, Claim] = {}
        self._queue: asyncio.Queue[Claim | None] = asyncio.Queue()
        self._changed = asyncio.Event()
        self._stopping = False
        self._trouble: Exception | None = None

    def stop(self) -> None:
        """Claim nothing more, end what is in DATA, and give back the rest."""
        self._stopping = True
        self._changed.set()

    async def run(self) -> None:
        """Work. Raises `RelayRefusesError`, `LedgerGoneError`, or what was not expected."""
        lanes = [
            asyncio.create_task(self._lane(seat)) for seat in range(self._task.pace.connections)
        ]
        tending = asyncio.create_task(self._tend())
        try:
            await self._feed()
            await self._empty()
        except Exception as error:  # noqa: BLE001  # what is in DATA must end first
            self._fail(error)
        for _ in lanes:
            self._queue.put_nowait(None)
        await asyncio.gather(*lanes)
        tending.cancel()
        with suppress(asyncio.CancelledError):
            await tending
        self._ledger.close()
        self._composer.close()
        if self._trouble:
            raise self._trouble

    async def _feed(self) -> None:
        """Keep as much in the queue as the connections are busy with."""
        connections = self._task.pace.connections
        await self._ledger.do(Tend(()))
        while not self._stopping:
            room = 2 * connections - len(self._held)
            claims = await self._ledger.do(Want(room)) if room >= connections else None
            if isinstance(claims, list) and claims:
                self._observe(Step.LIMITED)
                for claim in claims:
                    self._held[claim.id] = claim
                    self._queue.put_nowait(claim)
            elif claims is None or self._held:
                await self._wait(LOOK)
            elif not await self._waited():
                return

    async def _waited(self) -> bool:
        """Wait for what is due next; False if that is too late."""
        await self._ledger.do(Tend(()))
        seconds = await self._ledger.do(WhenDue())
        pace = self._task.pace
        if not isinstance(seconds, float) or seconds > max(pace.patience, pace.rates.longest_wait):
            return False
        await self._wait(min(seconds, LOOK))
        return True

    async def _wait(self, seconds: float) -> None:
        """Wait until something has changed, but no longer than some time."""
        self._changed.clear()
        if not self._stopping:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._changed.wait(), seconds)

    async def _empty(self) -> None:
        """Give back what no connection has begun with."""
        while not self._queue.empty():
            claim = self._queue.get_nowait()
            if claim:
                await self._ledger.do(PutBack(claim))
                self._held.pop(claim.id)

    async def _lane(self, seat: int) -> None:
        """What one connection does."""
        session = Session(self._task.relay, self._task.pace)
        while claim := await self._queue.get():
            try:
                await self._deliver(seat, session, claim)
            except RelayRestsError as error:
                with suppress(Exception):  # which the feeder meets, too
                    await self._ledger.do(PutBack(claim, str(error)))
            except Exception as error:  # noqa: BLE001  # the other connections end in peace
                self._fail(error)
                with suppress(Exception):
                    await self._ledger.do(PutBack(claim))
                break  # the seat keeps what it knows, which may not be entered yet
            finally:
                self._held.pop(claim.id)
                self._changed.set()
        await session.close()

    async def _deliver(self, seat: int, session: Session, claim: Claim) -> None:
        message = await self._composer.do(_Order(seat, claim))
        if isinstance(message, Verdict):
            await self._enter(seat, claim, message)
            return
        self._observe(Step.COMPOSED)
        if self._stopping:
            await self._ledger.do(PutBack(claim))
            return
        self._note(seat, claim, "offering")
        refused = await session.offer(message)
        if refused:
            await self._enter(seat, claim, refused)
            return
        self._observe(Step.OFFERED)
        digest = hashlib.sha256(message.wire).hexdigest()
        may_leave = not self._stopping and await self._ledger.do(HandOff(claim, digest))
        if not may_leave:
            await session.withdraw()
            await self._ledger.do(PutBack(claim))
            return
        self._observe(Step.HANDED_OFF)
        begins = partial(self._note, seat, claim, "in-text")
        verdict = await session.hand_over(message, begins, partial(self._observe, Step.TEXT_LEFT))
        await self._enter(seat, claim, verdict, digest)

    async def _enter(
        self, seat: int, claim: Claim, verdict: Verdict, digest: str | None = None
    ) -> None:
        relay = str(self._task.relay)
        outcome = Outcome(claim.id, claim.number, verdict, relay, digest)
        self._seats.note(seat, Note(claim.id, claim.number, "judged", outcome))
        self._observe(Step.REPLIED)
        await self._ledger.do(outcome)
        self._observe(Step.COMMITTED)

    async def _tend(self) -> None:
        """Renew leases well before they end."""
        while True:
            await asyncio.sleep(self._task.pace.lease.total_seconds() / 3)
            try:
                await self._ledger.do(Tend(tuple(self._held.values())))
            except Exception as error:  # noqa: BLE001  # the connections end in peace
                self._fail(error)
                return

    def _composed(self, orders: Sequence[_Order]) -> list[Made]:
        """Make messages, in the composing thread. Raises `LedgerGoneError`."""

        def once() -> list[Made]:
            with self._database.reading() as connection:
                return [self._made(connection, order) for order in orders]

        return patiently(once, self._task.pace.database_patience)

    def _made(self, connection: Connection, order: _Order) -> Made:
        self._note(order.seat, order.claim, "composing")
        try:
            return self._compose(connection, order.claim.delivery, order.claim.campaign)
        except UnsendableError as error:
            text = str(error)
        except Gone:
            raise
        except Exception as error:  # noqa: BLE001  # a fault of one message is not one of others
            text = f"the message could not be made: {type(error).__name__}"
        return Verdict(DeliveryState.FAILED, "connect", text=text, cause="message-fault")

    def _note(self, seat: int, claim: Claim, at: At) -> None:
        self._seats.note(seat, Note(claim.id, claim.number, at))

    def _fail(self, error: Exception) -> None:
        self._trouble = self._trouble or error
        self.stop()
