"""Keeps people in the table of subscribers: new ones, and what known ones say anew."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, insert, select, text, update

from publisher.delivery.keys import Keys
from publisher.delivery.people.events import enter, enter_all
from publisher.delivery.people.outcomes import Counts, Outcome
from publisher.delivery.people.person import CONSENT, Consent, Person, answers_of, columns_of
from publisher.delivery.people.person_check import problem_of, report
from publisher.delivery.people.suppression import EVERY_LIST, scopes_of
from publisher.delivery.store.database import now
from publisher.delivery.store.states import SubscriberState
from publisher.delivery.store.tables import SUBSCRIBER
from publisher.records.catalogue import Catalogue

TOKEN_BYTES = 10


@dataclass(frozen=True, slots=True)
class Change:
    """What is to be written of a person: `after` in the row `before`, or in a new one."""

    person: Person
    outcomes: tuple[Outcome, ...]
    before: Row[Any] | None = None
    after: Mapping[str, Any] = field(default_factory=dict)

    @property
    def fields(self) -> list[str]:
        """The columns that change."""
        return [name for name, value in self.after.items() if getattr(self.before, name) != value]


@dataclass(frozen=True)
class Subscribing:
    """Keeps people in one transaction. `proven` says that they are known to have agreed.

    `by` says in the events where they come from.
    """

    connection: Connection
    keys: Keys
    catalogue: Catalogue
    proven: bool
    by: str = "import"

    def keep(self, people: Sequence[Person]) -> Counts:
        """Keep them, each address once, and count what became of them.

        Those who unsubscribed from everything or are suppressed stay as they are, or unknown. A
        mistake that only shows together with what is known is reported in the person's row.
        """
        if self.connection.dialect.name == "postgresql":
            # Nobody else adds the same people meanwhile; in SQLite, nobody else writes at all.
            self.connection.execute(text("LOCK TABLE subscriber IN SHARE ROW EXCLUSIVE MODE"))
        moment, known, scopes = now(self.connection), self._known(people), self._scopes(people)
        changes = [
            self._change(person, known.get(person.address.key), scopes[person.address.key], moment)
            for person in people
        ]
        self._add([each for each in changes if each.after and each.before is None], moment)
        self._update([each for each in changes if each.before is not None and each.fields])
        return Counts(outcome for change in changes for outcome in change.outcomes)

    def _known(self, people: Sequence[Person]) -> dict[str, Row[Any]]:
        wanted = SUBSCRIBER.c.address_key.in_([person.address.key for person in people])
        found = self.connection.execute(select(SUBSCRIBER).where(wanted))
        return {row.address_key: row for row in found}

    def _scopes(self, people: Sequence[Person]) -> dict[str, set[str]]:
        """For each address key, the lists that its person is not to be written to on."""
        hashes = {
            person.address.key: self.keys.address_hashes(person.address.key) for person in people
        }
        found = scopes_of(
            self.connection, [each for several in hashes.values() for each in several]
        )
        return {
            key: set().union(*(found.get(each, set()) for each in several))
            for key, several in hashes.items()
        }

    def _change(
        self, person: Person, before: Row[Any] | None, scopes: set[str], moment: datetime
    ) -> Change:
        if EVERY_LIST in scopes or (before and before.state == SubscriberState.UNSUBSCRIBED):
            return Change(person, (Outcome.KEPT_OUT,))
        known = answers_of(before) if before else {}
        answers = {"career": next(iter(self.catalogue.careers)), **known, **person.answers}
        problem = problem_of(answers, self.catalogue) if before and answers != known else None
        if problem:
            report(person.row, "D107", f"together with what is known, {problem}", "email")
            return Change(person, (Outcome.REFUSED,))
        after = {
            **columns_of(answers),
            **_consent_columns(person.consent, before),
            **self._state_columns(before, moment),
        }
        outcome = Outcome.ADDED
        if before:
            changes = Change(person, (), before, after).fields
            outcome = Outcome.UPDATED if changes else Outcome.UNCHANGED
        beside = [Outcome.OFF_A_LIST] * bool(scopes)
        beside += [Outcome.NO_BACKGROUND] * (not after["background"])
        return Change(person, (outcome, *beside), before, after)

    def _state_columns(self, before: Row[Any] | None, moment: datetime) -> dict[str, Any]:
        if before and (before.state == SubscriberState.CONFIRMED or not self.proven):
            return {"state": before.state, "confirmed_at": before.confirmed_at}
        if self.proven:
            return {"state": SubscriberState.CONFIRMED, "confirmed_at": moment}
        return {"state": SubscriberState.PENDING, "confirmed_at": None}

    def _add(self, changes: Sequence[Change], moment: datetime) -> None:
        rows = [
            {
                "address": each.person.address.written,
                "address_key": each.person.address.key,
                "token": secrets.token_hex(TOKEN_BYTES),
                "created_at": moment,
                **each.after,
            }
            for each in changes
        ]
        if rows:
            made = self.connection.scalars(insert(SUBSCRIBER).returning(SUBSCRIBER.c.id), rows)
            enter_all(self.connection, "subscriber-added", made.all(), by=self.by)

    def _update(self, changes: Sequence[Change]) -> None:
        changed = [(each.before.id, each) for each in changes if each.before is not None]
        if not changed:
            return
        columns: dict[str, Any] = {name: bindparam(f"new_{name}") for name in changed[0][1].after}
        self.connection.execute(
            update(SUBSCRIBER).where(SUBSCRIBER.c.id == bindparam("which")).values(columns),
            [
                {"which": which, **{f"new_{name}": value for name, value in each.after.items()}}
                for which, each in changed
            ],
        )
        for which, each in changed:
            enter(self.connection, "subscriber-updated", which, by=self.by, fields=each.fields)


def _consent_columns(given: Consent, before: Row[Any] | None) -> dict[str, Any]:
    """The latest consent as a whole; one without a time only adds what is not known."""
    kept = Consent()
    if before:
        kept = Consent(before.consent_time, before.consent_source, before.consent_text)
    if given.time and (kept.time is None or given.time > kept.time):
        kept = given
    elif kept.time is None:
        kept = Consent(None, kept.source or given.source, kept.text or given.text)
    return dict(zip(CONSENT, (kept.time, kept.source, kept.text), strict=True))
