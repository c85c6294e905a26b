"""Which delivery a report is about: by token, by Message-ID, by address, in this order."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, select

from publisher.delivery.addresses import Address
from publisher.delivery.feedback.reports import Report
from publisher.delivery.keys import Keys
from publisher.delivery.store.database import now
from publisher.delivery.store.states import DeliveryState
from publisher.delivery.store.tables import DELIVERY

TOKEN = re.compile(r"[A-Za-z0-9_-]{1,64}")
VISIBLE = re.compile(r"[!-~]{1,255}")

RECENT = timedelta(days=30)
"""An address alone proves little, so it is only taken for a delivery that is not older."""

HANDED_ON = (
    DeliveryState.HANDOFF, DeliveryState.SENT, DeliveryState.UNKNOWN,
    DeliveryState.BOUNCED, DeliveryState.COMPLAINED,
)  # fmt: skip
LONGEST_ADDRESS = 320


class UnknownTokenError(Exception):
    """A report came to an address of ours that we have never made."""


@dataclass(frozen=True, slots=True)
class Ours:
    """What our own addresses are known by: keys that blind them, and the domain of bounces."""

    keys: Keys
    bounce_domain: str | None = None

    def token_in(self, address: str) -> str | None:
        """The token of `b+TOKEN@BOUNCE-DOMAIN` (VERP), perhaps altered; None if it has none."""
        local, _, domain = address.strip().strip("<>").rpartition("@")
        if not local.lower().startswith("b+"):
            return None
        if self.bounce_domain and domain.lower().rstrip(".") != self.bounce_domain.lower():
            return None
        return local[2:]

    def hashes_of(self, address: str) -> tuple[str, ...]:
        """What an address may be kept as; nothing if it is none."""
        try:
            return self.keys.address_hashes(Address.of(address[:LONGEST_ADDRESS]).key)
        except ValueError:
            return ()


@dataclass(frozen=True, slots=True)
class Match:
    """A delivery, and whether only its address speaks for it."""

    delivery: Row[Any]
    by_address: bool = False


def delivery_of(connection: Connection, report: Report, ours: Ours) -> Match | None:
    """The delivery that a report names by token or Message-ID.

    Raises `UnknownTokenError` when it names one that there is not: then it is forged.
    """
    tokens = (token for each in report.senders if (token := ours.token_in(each)) is not None)
    if (token := next(tokens, None)) is not None:
        if TOKEN.fullmatch(token) and (found := _by_token(connection, token)):
            return Match(found)
        raise UnknownTokenError
    for each in filter(VISIBLE.fullmatch, report.message_ids):
        if found := _one(connection, DELIVERY.c.message_id == each):
            return Match(found)
    return None


def delivery_to(connection: Connection, addresses: Iterable[str], ours: Ours) -> Match | None:
    """The latest delivery to the first of some addresses that we have written to of late."""
    recent = now(connection) - RECENT
    for each in addresses:
        found = _one(
            connection,
            DELIVERY.c.address_hash.in_(ours.hashes_of(each)),
            DELIVERY.c.state.in_(HANDED_ON),
            DELIVERY.c.changed_at >= recent,
        )
        if found:
            return Match(found, by_address=True)
    return None


def is_to(match: Match, addresses: Iterable[str], ours: Ours) -> bool:
    """Whether a delivery went to one of these addresses."""
    return any(match.delivery.address_hash in ours.hashes_of(each) for each in addresses)


def _by_token(connection: Connection, token: str) -> Row[Any] | None:
    # Some servers write local parts in lower case (RFC 5321, section 2.4, forbids it).
    return _one(connection, DELIVERY.c.token.in_({token, token.lower()}))


def _one(connection: Connection, *conditions: ColumnElement[bool]) -> Row[Any] | None:
    # Locked (SQLite locks it all): its sender must not write a verdict between our two steps.
    wanted = select(DELIVERY).where(*conditions).order_by(DELIVERY.c.changed_at.desc()).limit(1)
    return connection.execute(wanted.with_for_update()).first()
