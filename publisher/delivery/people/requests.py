"""Readers who asked on a page to be sent a guide: held until they confirm, and not for long.

They are no subscribers: whoever does not also want to hear of new editions gets this one letter.
"""

import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, and_, delete, func, insert, or_, select, update

from publisher.delivery.keys import Keys
from publisher.delivery.people.suppression import EVERY_LIST, is_suppressed
from publisher.delivery.store.database import now
from publisher.delivery.store.tables import REQUEST

STANDS = timedelta(days=7)
"""Who has not confirmed by then is forgotten."""

KEPT = timedelta(days=1)
"""Once a letter is entered, the request has done its work."""

MOST, WITHIN = 3, timedelta(days=1)
"""So often an address may be asked for; more would be a nuisance to whoever has it."""

TOKEN_BYTES = 10


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody wants sent where.

    `reader` is a Reader without e-mail as JSON, `title` what their guide is called, `news` whether
    they want to hear of new editions, `consent_text` the version of the text that they agreed to.
    """

    address: str
    address_key: str
    reader: Mapping[str, Any]
    title: str
    news: bool
    consent_text: str


def ask(connection: Connection, keys: Keys, wish: Wish) -> None:
    """Keep a wish, unless its address must not be written to, or was asked for too often.

    The same wish twice, as by a double click, is one. It says nothing of which it was, so that
    nobody learns whom we know.
    """
    if is_suppressed(connection, keys, wish.address_key, EVERY_LIST) or _waits(connection, wish):
        return
    moment = now(connection)
    recent = select(func.count()).where(
        REQUEST.c.address_key == wish.address_key, REQUEST.c.created_at > moment - WITHIN
    )
    if connection.execute(recent).scalar_one() >= MOST:
        return
    row = {**asdict(wish), "token": secrets.token_hex(TOKEN_BYTES), "created_at": moment}
    connection.execute(insert(REQUEST).values(row))


def _waits(connection: Connection, wish: Wish) -> bool:
    """Whether the same was asked for, and nobody was written to yet."""
    found = select(REQUEST.c.reader, REQUEST.c.news).where(
        REQUEST.c.address_key == wish.address_key,
        REQUEST.c.delivery_id.is_(None),
        REQUEST.c.confirmed_at.is_(None),
    )
    rows = connection.execute(found)
    return any((row.reader, row.news) == (wish.reader, wish.news) for row in rows)


def agree(connection: Connection, token: str) -> bool:
    """Keep that it was the reader who asked; False if nothing waits for that any more.

    The second time changes nothing.
    """
    moment = now(connection)
    mine = and_(REQUEST.c.token == token, REQUEST.c.created_at > moment - STANDS)
    first = and_(mine, REQUEST.c.confirmed_at.is_(None))
    connection.execute(update(REQUEST).where(first).values(confirmed_at=moment))
    return connection.execute(select(REQUEST.c.id).where(mine)).one_or_none() is not None


def forget(connection: Connection) -> int:
    """Delete what nobody has confirmed in time, and what has been answered; how many."""
    moment = now(connection)
    late = and_(REQUEST.c.confirmed_at.is_(None), REQUEST.c.created_at <= moment - STANDS)
    answered = REQUEST.c.answered_at <= moment - KEPT
    return connection.execute(delete(REQUEST).where(or_(late, answered))).rowcount
