"""What a worker enters, several things in one transaction, and again when the database was gone."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from sqlalchemy import Connection
from sqlalchemy.exc import InterfaceError, InternalError, OperationalError

from publisher.delivery.sending.claim import Claim
from publisher.delivery.sending.claiming import Task, claim, next_due
from publisher.delivery.sending.handoff import hand_off, put_back
from publisher.delivery.sending.outcomes import Outcome, enter
from publisher.delivery.sending.rests import rest
from publisher.delivery.sending.tending import tend
from publisher.delivery.store.database import Database, now

Gone = (OperationalError, InterfaceError, InternalError)
"""The database does not answer, its disk is full, or it asks to try again."""

R = TypeVar("R")

FIRST_WAIT, LONGEST_WAIT = 0.1, 2.0
"""Seconds between two tries."""


class LedgerGoneError(Exception):
    """The database has not come back in time."""


@dataclass(frozen=True, slots=True)
class Want:
    """A worker wants more to do, and gets `list[Claim]`."""

    most: int


@dataclass(frozen=True, slots=True)
class HandOff:
    """A message is about to leave; the answer is whether it may. `digest`: its SHA-256."""

    claim: Claim
    digest: str


@dataclass(frozen=True, slots=True)
class PutBack:
    """A claim is given up; of its text nothing has left. `rest`: what the relay rests for."""

    claim: Claim
    rest: str = ""


@dataclass(frozen=True, slots=True)
class Tend:
    """Leases are to be looked after."""

    held: tuple[Claim, ...]


@dataclass(frozen=True, slots=True)
class WhenDue:
    """The answer is how many seconds there are to the next thing that is due; None for never."""


def patiently(work: Callable[[], R], seconds: float, gone: Callable[[], None] | None = None) -> R:
    """Do something again while the database is gone; `gone` is called when it is.

    Raises `LedgerGoneError` when the database does not come back in time.
    """
    end = time.monotonic() + seconds
    wait = FIRST_WAIT
    while True:
        try:
            return work()
        except Gone as error:
            if gone and wait == FIRST_WAIT:
                gone()
            if time.monotonic() > end:
                raise LedgerGoneError(_why(error)) from error
        time.sleep(wait)
        wait = min(2 * wait, LONGEST_WAIT)


Entry = Want | HandOff | PutBack | Tend | WhenDue | Outcome
Answer = list[Claim] | bool | float | None


@dataclass(frozen=True)
class Ledger:
    """The database as a worker sees it. `harden` keeps verdicts elsewhere while it is gone."""

    database: Database
    task: Task
    harden: Callable[[], None]
    claimed: Callable[[], None] = field(default=lambda: None)
    """Is called with claims made, but not committed."""

    def enter(self, entries: Sequence[Entry]) -> list[Answer]:
        """Enter all in one transaction; the answers. Raises `LedgerGoneError`."""

        def once() -> list[Answer]:
            with self.database.writing() as connection:
                return self._answers(connection, entries)

        verdicts = any(isinstance(each, Outcome) for each in entries)
        gone = self.harden if verdicts else None
        return patiently(once, self.task.pace.database_patience, gone)

    def _answers(self, connection: Connection, entries: Sequence[Entry]) -> list[Answer]:
        moment = now(connection)
        outcomes = [each for each in entries if isinstance(each, Outcome)]
        enter(connection, outcomes, self.task.pace, moment)  # first: one may pause the campaign
        may_leave = self._hand_off(connection, entries, moment)
        return [self._answer(connection, each, may_leave, moment) for each in entries]

    def _hand_off(
        self, connection: Connection, entries: Sequence[Entry], moment: datetime
    ) -> set[int]:
        digests = {each.claim: each.digest for each in entries if isinstance(each, HandOff)}
        return hand_off(connection, self.task, digests, moment) if digests else set()

    def _answer(
        self, connection: Connection, entry: Entry, may_leave: set[int], moment: datetime
    ) -> Answer:
        match entry:
            case HandOff():
                return entry.claim.id in may_leave
            case PutBack():
                if entry.rest:
                    rest(connection, self.task.relay.key, entry.rest, self.task.pace, moment)
                put_back(connection, self.task, [entry.claim], moment)
            case Tend():
                tend(connection, self.task, entry.held, moment)
            case WhenDue():
                due = next_due(connection, self.task, moment)
                return None if due is None else (due - moment).total_seconds()
            case Want():
                claims = claim(connection, self.task, entry.most, moment)
                if claims:
                    self.claimed()
                return claims
        return None


def _why(error: Exception) -> str:
    first = str(getattr(error, "orig", error)).strip().split("\n")[0]
    return f"the database does not take what has happened: {first}"
