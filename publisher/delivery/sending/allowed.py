"""What forbids a message, looked at when it is claimed and again just before its text leaves."""

from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Connection, Row, and_, bindparam, or_, select

from publisher.delivery.store.columns import UtcTime
from publisher.delivery.store.states import CampaignState
from publisher.delivery.store.tables import CAMPAIGN, DELIVERY, SUPPRESSION


def is_suppressed() -> ColumnElement[bool]:
    """Whether a delivery's recipient must not be written to, on its list or at all."""
    return (
        select(SUPPRESSION.c.scope)
        .where(SUPPRESSION.c.address_hash == DELIVERY.c.address_hash)
        .where(CAMPAIGN.c.id == DELIVERY.c.campaign_id)
        .where(or_(SUPPRESSION.c.scope == "all", SUPPRESSION.c.scope == CAMPAIGN.c.list))
        .correlate(DELIVERY)  # the campaign is one's own, whatever stands around it
        .exists()
    )


def is_on(moment: datetime | BindParameter[datetime]) -> ColumnElement[bool]:
    """Whether a campaign may send now: neither paused nor cancelled, not too early or too late."""
    return and_(
        CAMPAIGN.c.state == CampaignState.SENDING,
        or_(CAMPAIGN.c.not_before.is_(None), CAMPAIGN.c.not_before <= moment),
        or_(CAMPAIGN.c.not_after.is_(None), CAMPAIGN.c.not_after > moment),
    )


def sendable(connection: Connection, campaign_id: int, moment: datetime) -> Row[Any] | None:
    """The row of a campaign, if it may send now."""
    return connection.execute(SENDABLE, {"campaign": campaign_id, "moment": moment}).one_or_none()


SENDABLE = select(CAMPAIGN).where(
    CAMPAIGN.c.id == bindparam("campaign"), is_on(bindparam("moment", type_=UtcTime()))
)
