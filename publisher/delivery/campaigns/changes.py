"""What an operator does beside sending: another try, and a letter to look at."""

import secrets
from typing import Any

from sqlalchemy import Connection, Row, null, select, update

from publisher.delivery.addresses import Address
from publisher.delivery.campaigns.campaign import CampaignError, Draft, freeze
from publisher.delivery.keys import Keys
from publisher.delivery.sending.course import finish
from publisher.delivery.sending.marks import mark_campaign
from publisher.delivery.sending.tending import move
from publisher.delivery.store.database import now
from publisher.delivery.store.states import CampaignState, DeliveryState
from publisher.delivery.store.tables import CAMPAIGN, DELIVERY

AGAIN = (DeliveryState.FAILED, DeliveryState.EXPIRED)
"""States out of which a delivery may be tried again: nothing of them was accepted."""

RETRIED = "retried"


def retry(
    connection: Connection, campaign: Row[Any], state: DeliveryState, cause: str | None = None
) -> int:
    """Let deliveries in a state of `AGAIN`, perhaps only of one cause, be sent; how many.

    Raises `CampaignError` for a campaign that was cancelled, or another state.
    """
    if state not in AGAIN:
        raise CampaignError(f"{state} is not tried again; only {' and '.join(AGAIN)} are")
    if campaign.state == CampaignState.CANCELLED:
        raise CampaignError(f"the campaign {campaign.name!r} is cancelled; make another one")
    moment = now(connection)
    which = [
        DELIVERY.c.campaign_id == campaign.id,
        DELIVERY.c.state == state,
        DELIVERY.c.address.is_not(None),  # else they were erased
    ]
    if cause is not None:
        which.append(DELIVERY.c.cause == cause)
    made = DELIVERY.c.facts.is_not(null())
    count = move(connection, moment, DeliveryState.READY, *which, made, cause=RETRIED)
    count += move(connection, moment, DeliveryState.PLANNED, *which, cause=RETRIED)
    late = (CAMPAIGN.c.id == campaign.id, CAMPAIGN.c.not_after <= moment)
    connection.execute(update(CAMPAIGN).where(*late).values(not_after=None))
    if count:
        mark_campaign(connection, moment, "campaign-retried", campaign.id, number=count)
        finish(connection, campaign.id)
    return count


def trial(
    connection: Connection, keys: Keys, campaign: Row[Any], address: Address, domain: str
) -> int:
    """A campaign of one letter to `address`, as the readers of another campaign will get theirs.

    It has its own file and link; of the other campaign nothing changes. Its reader has the first
    recipient's background and career, and nothing else of theirs. The id of the new campaign.
    """
    first = connection.execute(
        select(DELIVERY.c.reader)
        .where(DELIVERY.c.campaign_id == campaign.id, DELIVERY.c.address.is_not(None))
        .order_by(DELIVERY.c.id)
        .limit(1)
    ).one_or_none()
    if first is None:
        raise CampaignError(f"nobody is left in the campaign {campaign.name!r}")
    known = {name: first.reader[name] for name in ("background", "career") if name in first.reader}
    name = f"{campaign.name[:60]}-test-{secrets.token_hex(4)}"
    draft = Draft(
        name, campaign.edition, campaign.career, campaign.list, campaign.edition_date,
        {"test_of": campaign.name}, campaign.attach,
    )  # fmt: skip
    row = {
        "subscriber_id": None, "address": address.written, "address_key": address.key,
        "address_hash": keys.address_hashes(address.key)[0], "domain": address.domain,
        "reader": {**known, "name": "Ada Lovelace"},
    }  # fmt: skip
    campaign_id, _ = freeze(connection, draft, [row], domain)
    return campaign_id
