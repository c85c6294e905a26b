"""Who a campaign is for."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, select

from publisher.delivery.keys import Keys
from publisher.delivery.people.person import answers_of
from publisher.delivery.people.suppression import suppressed_hashes
from publisher.delivery.store.states import OPEN, DeliveryState, SubscriberState
from publisher.delivery.store.tables import CAMPAIGN, DELIVERY, SUBSCRIBER

GUIDE = "guide"
"""The edition that is made for one reader, who has to have said where they come from."""

RECEIVED = frozenset({DeliveryState.SENT, DeliveryState.COMPLAINED})
"""What a delivery is in when its message has arrived, as far as anyone knows."""

MAY_ARRIVE = RECEIVED | OPEN | {DeliveryState.UNKNOWN}

AT_ONCE = 1000
"""So many rows are held at once."""


@dataclass(frozen=True, slots=True)
class Segment:
    """Whom to write to: subscribers who have confirmed and are not kept off `list`.

    None does not narrow it. `received` and `missed` name an earlier campaign: those who got it, or
    those who neither got it nor still may. `asdict` gives what the table of campaigns keeps.
    """

    list: str
    edition: str
    background: str | None = None
    career: str | None = None
    received: str | None = None
    missed: str | None = None


@dataclass(frozen=True, slots=True)
class Recipient:
    """One person of a segment, as the row of a delivery wants it.

    `reader` has the fields of a Reader that are known, without e-mail, as JSON.
    """

    subscriber_id: int
    address: str
    address_key: str
    address_hash: str
    domain: str
    reader: dict[str, Any]


def recipients(connection: Connection, keys: Keys, segment: Segment) -> Iterator[Recipient]:
    """The people of a segment in the order in which they subscribed, each address once.

    Two queries, however many there are. An older secret key's suppressions count as well.
    """
    suppressed = suppressed_hashes(connection, segment.list)
    found = connection.execute(_chosen(segment), execution_options={"yield_per": AT_ONCE})
    for row in found:
        hashes = keys.address_hashes(row.address_key)
        if suppressed.isdisjoint(hashes):
            domain = row.address.rpartition("@")[2]
            yield Recipient(
                row.id, row.address, row.address_key, hashes[0], domain, answers_of(row)
            )


def _chosen(segment: Segment) -> Select[Any]:
    which = select(SUBSCRIBER).where(SUBSCRIBER.c.state == SubscriberState.CONFIRMED)
    if segment.edition == GUIDE:
        which = which.where(SUBSCRIBER.c.background.is_not(None))
    if segment.background is not None:
        which = which.where(SUBSCRIBER.c.background == segment.background)
    if segment.career is not None:
        which = which.where(SUBSCRIBER.c.career == segment.career)
    if segment.received is not None:
        which = which.where(_has_delivery(segment.received, RECEIVED))
    if segment.missed is not None:
        which = which.where(~_has_delivery(segment.missed, MAY_ARRIVE))
    return which.order_by(SUBSCRIBER.c.id)


def _has_delivery(campaign: str, states: frozenset[DeliveryState]) -> ColumnElement[bool]:
    return (
        select(DELIVERY.c.id)
        .join(CAMPAIGN, CAMPAIGN.c.id == DELIVERY.c.campaign_id)
        .where(
            CAMPAIGN.c.name == campaign,
            DELIVERY.c.subscriber_id == SUBSCRIBER.c.id,
            DELIVERY.c.state.in_(states),
        )
        .exists()
    )
