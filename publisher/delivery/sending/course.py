"""The course of a campaign: it begins, pauses, goes on, ends; and how far it is."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, select, update

from publisher.delivery.sending.marks import mark_campaign
from publisher.delivery.sending.tending import move
from publisher.delivery.store.database import now
from publisher.delivery.store.states import OPEN, CampaignState, DeliveryState
from publisher.delivery.store.tables import CAMPAIGN, DELIVERY

ENDED = (CampaignState.DONE, CampaignState.DONE_WITH_UNKNOWN)
MAY_BEGIN = (CampaignState.READY, CampaignState.SENDING)
MAY_PAUSE = (CampaignState.READY, CampaignState.SENDING)
MAY_CANCEL = (*MAY_PAUSE, CampaignState.DRAFT, CampaignState.PAUSED)
WAITING = (DeliveryState.PLANNED, DeliveryState.READY, DeliveryState.DEFERRED)

ASSUMED = "assumed-sent"


class CourseError(ValueError):
    """A campaign is not in a state for what is asked for."""


class CountsError(Exception):
    """There are more or fewer deliveries than recipients were frozen; nothing ends then."""


def begin(connection: Connection, campaign_id: int) -> None:
    """Start to send a campaign that is ready; one that is done stays so. Raises `CourseError`."""
    if _locked(connection, campaign_id).state in ENDED:
        return
    row = _change(connection, campaign_id, MAY_BEGIN, CampaignState.SENDING, "sent")
    if row.state != CampaignState.SENDING:
        mark_campaign(connection, now(connection), "campaign-sending", campaign_id)


def pause(connection: Connection, campaign_id: int, cause: str) -> None:
    """Hand no further message to the relay until `resume`. Raises `CourseError`."""
    _change(connection, campaign_id, MAY_PAUSE, CampaignState.PAUSED, "paused", cause=cause)
    mark_campaign(connection, now(connection), "campaign-paused", campaign_id, cause=cause)


def resume(connection: Connection, campaign_id: int) -> None:
    """Go on with what was paused. Raises `CourseError`."""
    _change(connection, campaign_id, (CampaignState.PAUSED,), CampaignState.SENDING, "resumed")
    mark_campaign(connection, now(connection), "campaign-resumed", campaign_id)


def cancel(connection: Connection, campaign_id: int) -> int:
    """Send nothing more, ever; how many are not sent. Raises `CourseError`.

    What a worker has in hand is given up just before its text would leave.
    """
    _change(connection, campaign_id, MAY_CANCEL, CampaignState.CANCELLED, "cancelled")
    moment = now(connection)
    mark_campaign(connection, moment, "campaign-cancelled", campaign_id)
    waiting = (DELIVERY.c.campaign_id == campaign_id, DELIVERY.c.state.in_(WAITING))
    return move(connection, moment, DeliveryState.CANCELLED, *waiting)


def counts(connection: Connection, campaign_id: int) -> dict[DeliveryState, int]:
    """How many deliveries of a campaign are in each state; states without any are left out."""
    rows = connection.execute(
        select(DELIVERY.c.state, func.count())
        .where(DELIVERY.c.campaign_id == campaign_id)
        .group_by(DELIVERY.c.state)
    )
    found = {DeliveryState(state): number for state, number in rows}
    return {state: found[state] for state in DeliveryState if state in found}


def finish(connection: Connection, campaign_id: int) -> CampaignState:
    """End a campaign if nothing is left to do, and else leave it; its state then.

    Where the campaign says so, what is unknown is assumed to be sent. Raises `CountsError`.
    """
    row = _locked(connection, campaign_id)
    if row.state not in (CampaignState.SENDING, *ENDED):
        return CampaignState(row.state)
    moment = now(connection)
    unknown = (DELIVERY.c.campaign_id == campaign_id, DELIVERY.c.state == DeliveryState.UNKNOWN)
    if row.on_unknown == "assume-sent":
        move(connection, moment, DeliveryState.SENT, *unknown, cause=ASSUMED)
    tally = counts(connection, campaign_id)
    if sum(tally.values()) != row.total:
        raise CountsError(
            f"the campaign has {row.total} recipients, but {sum(tally.values())} deliveries"
        )
    state = _state_by(tally)
    if state != row.state:
        ended_at = None if state == CampaignState.SENDING else moment
        _set(connection, campaign_id, state=state, ended_at=ended_at)
        mark_campaign(connection, moment, f"campaign-{state}", campaign_id)
    return state


def _state_by(tally: dict[DeliveryState, int]) -> CampaignState:
    if OPEN & tally.keys():
        return CampaignState.SENDING
    if DeliveryState.UNKNOWN in tally:
        return CampaignState.DONE_WITH_UNKNOWN
    return CampaignState.DONE


def _change(
    connection: Connection,
    campaign_id: int,
    allowed: tuple[CampaignState, ...],
    state: CampaignState,
    word: str,
    *,
    cause: str = "",
) -> Row[Any]:
    row = _locked(connection, campaign_id)
    if row.state not in allowed:
        raise CourseError(f"the campaign {row.name!r} is {row.state} and cannot be {word}")
    ended: datetime | None = now(connection) if state == CampaignState.CANCELLED else None
    _set(connection, campaign_id, state=state, cause=cause, ended_at=ended)
    return row


def _locked(connection: Connection, campaign_id: int) -> Row[Any]:
    row = connection.execute(
        select(CAMPAIGN).where(CAMPAIGN.c.id == campaign_id).with_for_update()
    ).one_or_none()
    if row is None:
        raise CourseError("there is no such campaign")
    return row


def _set(connection: Connection, campaign_id: int, **values: object) -> None:
    connection.execute(update(CAMPAIGN).where(CAMPAIGN.c.id == campaign_id).values(**values))
