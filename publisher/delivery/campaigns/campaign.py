"""Campaigns by name, and what is frozen when one is made."""

import re
import secrets
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from itertools import islice
from typing import Any, Literal

from sqlalchemy import Connection, Row, insert, select, update
from sqlalchemy.exc import IntegrityError

from publisher.delivery.keys import Keys
from publisher.delivery.people.segments import Recipient, Segment, recipients
from publisher.delivery.sending.marks import mark_campaign
from publisher.delivery.store.database import now
from publisher.delivery.store.states import CampaignState, DeliveryState
from publisher.delivery.store.tables import CAMPAIGN, DELIVERY
from publisher.records.hints import nearest

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,79}")
LIST = re.compile(r"(?!all$)[a-z0-9]+(-[a-z0-9]+)*")

TOKEN_BYTES = 10
"""In hexadecimal, since mail servers may change capitals in an address."""

AT_ONCE = 1000
"""So many rows are written with one statement."""

Edition = Literal["guide", "handbook", "confirm", "fresh-link", "request", "own-guide"]
"""The last two answer one who asked on a page: was it you, and the guide."""

OnUnknown = Literal["hold", "assume-sent"]


class CampaignError(ValueError):
    """There is no such campaign, or it cannot be made; the text says what to do."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A campaign to be made. `career` is the handbook's; a guide has its reader's own."""

    name: str
    edition: Edition
    career: str
    list: str
    edition_date: date
    segment: dict[str, Any]
    attach: bool = False
    on_unknown: OnUnknown = "hold"
    not_after: datetime | None = None


def find(connection: Connection, name: str) -> Row[Any]:
    """The row of a campaign. Raises `CampaignError` with a hint."""
    row = connection.execute(select(CAMPAIGN).where(CAMPAIGN.c.name == name)).one_or_none()
    if row is None:
        known = list(connection.scalars(select(CAMPAIGN.c.name)))
        hint = nearest(name, known) or "`publisher campaign create` makes one"
        raise CampaignError(f"there is no campaign {name!r}; {hint}")
    return row


def create(connection: Connection, keys: Keys, draft: Draft, segment: Segment, domain: str) -> int:
    """Freeze the people of a segment as the recipients of a new campaign; how many there are.

    All of it is in the caller's transaction. `domain` ends the Message-IDs. Raises
    `CampaignError` when the name is taken or nobody is in the segment.
    """
    for earlier in filter(None, (segment.received, segment.missed)):
        find(connection, earlier)
    found = recipients(connection, keys, segment)
    _, total = freeze(connection, draft, (_row(each) for each in found), domain)
    if not total:
        raise CampaignError(
            "nobody is in this segment: only those who have confirmed are written to, and a guide "
            "needs their background; see `publisher subscribers list`"
        )
    return total


def freeze(
    connection: Connection,
    draft: Draft,
    people: Iterable[dict[str, Any]],
    domain: str,
    state: DeliveryState = DeliveryState.PLANNED,
) -> tuple[int, int]:
    """Make a campaign with a delivery in `state` for each of `people`: its id, and how many.

    Raises `CampaignError` when its name is taken.
    """
    moment = now(connection)
    campaign_id = _insert(connection, draft, moment)
    total = 0
    rows = (
        {
            **each, **_identifiers(domain), "campaign_id": campaign_id, "state": state,
            "changed_at": moment,
        }
        for each in people
    )  # fmt: skip
    for batch in _batches(rows):
        connection.execute(insert(DELIVERY), batch)
        total += len(batch)
    ready = {"state": CampaignState.READY, "total": total, "frozen_at": moment}
    connection.execute(update(CAMPAIGN).where(CAMPAIGN.c.id == campaign_id).values(**ready))
    mark_campaign(connection, moment, "campaign-ready", campaign_id, total=total)
    return campaign_id, total


def _insert(connection: Connection, draft: Draft, moment: datetime) -> int:
    taken = select(CAMPAIGN.c.id).where(CAMPAIGN.c.name == draft.name)
    wrong = f"there is a campaign {draft.name!r} already; choose another name"
    if connection.execute(taken).one_or_none():
        raise CampaignError(wrong)
    row = {**asdict(draft), "state": CampaignState.DRAFT, "created_at": moment}
    try:
        made = connection.execute(insert(CAMPAIGN).values(row))
    except IntegrityError as error:  # another process was quicker
        raise CampaignError(wrong) from error
    assert made.inserted_primary_key  # noqa: S101  # as of every insertion of one row
    return int(made.inserted_primary_key[0])


def _identifiers(domain: str) -> dict[str, str]:
    token = secrets.token_hex(TOKEN_BYTES)
    return {"token": token, "message_id": f"{token}@{domain}"}


def _row(each: Recipient) -> dict[str, Any]:
    return asdict(each)


def _batches(rows: Iterator[dict[str, Any]]) -> Iterator[Sequence[dict[str, Any]]]:
    while batch := list(islice(rows, AT_ONCE)):
        yield batch
