"""What readers asked for: the question whether they want letters, and fresh links.

They go through the same ledger as campaigns do, and so none goes out twice.
"""

import secrets
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from publisher.delivery.campaigns.campaign import Draft, Edition, freeze
from publisher.delivery.campaigns.enclosures import MEDIA_TYPES, allow, enclosed, last_day
from publisher.delivery.keys import Keys
from publisher.delivery.messages.facts import File
from publisher.delivery.people.wishes import mark_asked, pending_without_mail, stands_until
from publisher.delivery.store.database import now
from publisher.delivery.store.states import CampaignState, DeliveryState
from publisher.delivery.store.tables import ARTIFACT, CAMPAIGN, DELIVERY, GRANT

LATEST = timedelta(days=3)

ASKED_FOR: tuple[Edition, ...] = ("confirm", "fresh-link", "request", "own-guide")

REQUESTS = "requests"
"""The list of letters that readers ask for one by one; nobody can have left it."""


def invite(connection: Connection, keys: Keys, list_slug: str, domain: str) -> str | None:
    """Enter a letter to each pending subscriber whom nobody has asked yet, and mark them asked.

    The name of the campaign that holds the letters; None if there is nobody to ask. Who has left
    the list, or is suppressed, is not written to.
    """
    people = [row for row in pending_without_mail(connection) if mark_asked(connection, row.id)]
    if not people:
        return None
    facts = {"valid_until": stands_until(now(connection)).isoformat()}
    rows = (
        {
            "subscriber_id": row.id, "address": row.address, "address_key": row.address_key,
            "address_hash": keys.address_hashes(row.address_key)[0],
            "domain": row.address.rpartition("@")[2], "reader": {}, "facts": facts,
        }
        for row in people
    )  # fmt: skip
    draft = draft_of("confirm", list_slug, now(connection))
    freeze(connection, draft, rows, domain, DeliveryState.READY)
    return draft.name


def answer(connection: Connection, domain: str) -> str | None:
    """Enter a letter for each fresh link that was asked for; the name of their campaign, or None.

    Each goes to the address that the first letter went to, once for each time it was asked for.
    Of one who has asked for several, the others wait for the next time.
    """
    asked = _asked(connection)
    moment = now(connection)
    for grant, _ in asked:
        mine = update(GRANT).where(GRANT.c.id == grant)
        connection.execute(mine.values(answered_at=moment))
    old = {delivery.address_key: delivery for _, delivery in asked if delivery.address_key}
    letters = [(each, enclosed(connection, each)) for each in old.values()]
    letters = [(each, files) for each, files in letters if each.facts and files]
    if not letters:
        return None
    draft = draft_of("fresh-link", REQUESTS, moment)
    rows = (_fresh(each, files, moment) for each, files in letters)
    campaign_id, _ = freeze(connection, draft, rows, domain, DeliveryState.READY)
    made = connection.execute(select(DELIVERY).where(DELIVERY.c.campaign_id == campaign_id)).all()
    allow(connection, made, moment)
    files_of = {each.address_key: files for each, files in letters}
    copies = [
        _copied(file, delivery) for delivery in made for file in files_of[delivery.address_key]
    ]
    connection.execute(insert(ARTIFACT), copies)
    return draft.name


def waiting(connection: Connection) -> Sequence[Row[Any]]:
    """Campaigns of letters that were asked for and are not all sent yet, the oldest first."""
    found = select(CAMPAIGN).where(
        CAMPAIGN.c.edition.in_(ASKED_FOR),
        CAMPAIGN.c.state.in_((CampaignState.READY, CampaignState.SENDING)),
    )
    return connection.execute(found.order_by(CAMPAIGN.c.id)).all()


def draft_of(edition: Edition, list_slug: str, moment: datetime) -> Draft:
    """A campaign of letters that were asked for, under a name of its own."""
    name = f"{edition}-{moment:%Y-%m-%d}-{secrets.token_hex(4)}"
    draft = Draft(name, edition, "", list_slug, moment.date(), {})
    return replace(draft, not_after=moment + LATEST)


def _asked(connection: Connection) -> list[tuple[str, Row[Any]]]:
    """Grants that somebody wants a fresh one for with their deliveries, one for each address."""
    due = GRANT.c.answered_at.is_(None) | (GRANT.c.answered_at < GRANT.c.asked_at)
    found = connection.execute(
        select(GRANT.c.id, GRANT.c.delivery_id)
        .where(GRANT.c.asked_at.is_not(None), due)
        .order_by(GRANT.c.asked_at, GRANT.c.id)
        .with_for_update(skip_locked=True)
    ).all()
    rows = {
        row.id: row
        for row in connection.execute(
            select(DELIVERY).where(DELIVERY.c.id.in_([each.delivery_id for each in found]))
        )
    }
    return list(_one_each((each.id, rows[each.delivery_id]) for each in found
                          if each.delivery_id in rows))  # fmt: skip


def _one_each(asked: Iterator[tuple[str, Row[Any]]]) -> Iterator[tuple[str, Row[Any]]]:
    seen = set()
    for grant, delivery in asked:
        if delivery.address_key not in seen:
            seen.add(delivery.address_key)
            yield grant, delivery


def _fresh(delivery: Row[Any], files: Sequence[Row[Any]], moment: datetime) -> dict[str, Any]:
    same = ("subscriber_id", "address", "address_key", "address_hash", "domain")
    said = [
        File(format="PDF" if row.media_type == MEDIA_TYPES["pdf"] else "EPUB", size=row.size)
        for row in files
    ]
    facts = {
        "title": _title(delivery.facts),
        "files": [each.model_dump(mode="json") for each in said],
        "valid_until": last_day(moment).isoformat(),
    }
    name = (delivery.reader or {}).get("name")
    return {
        **{column: getattr(delivery, column) for column in same},
        "reader": {"name": name} if name else {}, "facts": facts,
    }  # fmt: skip


def _title(facts: dict[str, Any]) -> str:
    """What the first letter brought."""
    if "title" in facts:
        return str(facts["title"])
    if "background" in facts:
        return f"From {facts['background']} to {facts['career']}"
    return f"{facts['career']} handbook"


def _copied(file: Row[Any], delivery: Row[Any]) -> dict[str, Any]:
    same = ("path", "filename", "media_type", "sha256", "size")
    own = {
        "delivery_id": delivery.id,
        "campaign_id": delivery.campaign_id,
        "subscriber_id": delivery.subscriber_id,
    }
    return {**{column: getattr(file, column) for column in same}, **own}
