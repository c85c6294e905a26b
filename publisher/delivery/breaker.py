"""Stops a campaign that does harm: receivers refuse us, complain, or nobody is there."""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select, update

from publisher.delivery.causes import Cause, Status, cause_of, statuses_in
from publisher.delivery.store.database import now
from publisher.delivery.store.states import CampaignState, DeliveryState
from publisher.delivery.store.tables import CAMPAIGN, DELIVERY, EVENT

MAY_SEND = (CampaignState.READY, CampaignState.SENDING)

LOST = (DeliveryState.FAILED, DeliveryState.BOUNCED)
ANSWERED = (DeliveryState.SENT, DeliveryState.COMPLAINED, *LOST)

AUTHENTICATION = frozenset({*range(20, 30), 509, 515})
"""Details of 5.7 which say that our SPF, DKIM, DMARC or PTR is wrong (RFC 7372, RFC 8617; 509 and
515 are Microsoft's). The other ones, above all 5.7.1, also stand for one receiver's taste."""


PERMANENT_REPLY = 500
"""From here on a reply code is final (RFC 5321, section 4.2.1)."""


@dataclass(frozen=True, slots=True)
class Limits:
    """When a campaign is stopped. Shares are of the messages that a server has answered."""

    refused: int = 3
    """Readers whose servers refuse us; for other reasons than authentication also a share."""
    refused_share: float = 0.01
    enough: int = 50
    """Messages below which no share is taken."""
    lost_share: float = 0.05
    complaints: int = 2
    complaints_share: float = 0.003


def trip(connection: Connection, campaign_id: int, cause: str) -> bool:
    """Pause a campaign and say why; False if it was not about to send anything."""
    moment = now(connection)
    paused = connection.execute(
        update(CAMPAIGN)
        .where(CAMPAIGN.c.id == campaign_id, CAMPAIGN.c.state.in_(MAY_SEND))
        .values(state=CampaignState.PAUSED, cause=cause, tripped_at=moment)
    )
    if not paused.rowcount:
        return False
    connection.execute(
        insert(EVENT).values(
            at=moment, kind="campaign-paused", campaign_id=campaign_id,
            detail={"by": "breaker", "cause": cause},
        )
    )  # fmt: skip
    return True


def check(connection: Connection, campaign_id: int, limits: Limits | None = None) -> str | None:
    """Pause a campaign if what has come back since it was last paused so calls for it.

    Returns why, or None if it goes on or was not about to send anything.
    """
    campaign = connection.execute(
        select(CAMPAIGN.c.state, CAMPAIGN.c.tripped_at).where(CAMPAIGN.c.id == campaign_id)
    ).one_or_none()
    if campaign is None or campaign.state not in MAY_SEND:
        return None
    since = () if campaign.tripped_at is None else (DELIVERY.c.changed_at > campaign.tripped_at,)
    alike = (DELIVERY.c.state, DELIVERY.c.cause, DELIVERY.c.code, DELIVERY.c.enhanced)
    rows = connection.execute(
        select(*alike, func.count().label("number"))
        .where(DELIVERY.c.campaign_id == campaign_id, DELIVERY.c.state.in_(ANSWERED), *since)
        .group_by(*alike)
    )
    cause = _Tally.of(rows).verdict(limits or Limits())
    return cause if cause and trip(connection, campaign_id, cause) else None


@dataclass(frozen=True, slots=True)
class _Tally:
    """How many messages a server has answered, and how."""

    answered: int = 0
    unauthenticated: int = 0
    refused: int = 0
    lost: int = 0
    complaints: int = 0

    @classmethod
    def of(cls, rows: Iterable[Row[Any]]) -> "_Tally":
        """The tally of counts by state, cause, reply code and status."""
        answered = unauthenticated = refused = lost = complaints = 0
        for row in rows:
            answered += row.number
            complaints += row.number * (row.state == DeliveryState.COMPLAINED)
            if row.state in LOST:
                cause = _cause(row)
                lost += row.number * (cause != Cause.SOFT)
                refused += row.number * (cause == Cause.SENDER_FAULT)
                statuses = statuses_in(row.enhanced or "")
                unauthenticated += row.number * any(map(_is_authentication, statuses))
        return cls(answered, unauthenticated, refused, lost, complaints)

    def verdict(self, limits: Limits) -> str | None:
        """Why to stop, or None."""
        refused_of_many = max(limits.refused, limits.refused_share * self.answered)
        if self.unauthenticated >= limits.refused or self.refused >= refused_of_many:
            return f"{self.refused} receivers refuse us (5.7); see `publisher doctor mail`"
        if self.answered < limits.enough:
            return None
        if self.lost >= limits.lost_share * self.answered:
            return f"{self.lost} of {self.answered} messages failed for good"
        complaints_of_many = max(limits.complaints, limits.complaints_share * self.answered)
        if self.complaints >= complaints_of_many:
            return f"{self.complaints} of {self.answered} readers complained"
        return None


def _cause(row: Row[Any]) -> Cause:
    with suppress(ValueError):
        return Cause(row.cause)
    if not row.enhanced and (row.code or 0) >= PERMANENT_REPLY:
        return Cause.DEAD_ADDRESS  # most likely, and lost in any case
    return cause_of(statuses_in(row.enhanced or ""), code=row.code)


def _is_authentication(status: Status) -> bool:
    return status.subject == 7 and status.detail in AUTHENTICATION  # noqa: PLR2004  # RFC 3463
