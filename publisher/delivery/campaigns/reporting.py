"""How a campaign stands, and what became of each of its readers."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import Connection, Row, func, select

from publisher.delivery.sending.course import counts
from publisher.delivery.store.states import DeliveryState
from publisher.delivery.store.tables import CAMPAIGN, DELIVERY

AT_ONCE = 1000
"""So many rows are held at once."""


@dataclass(frozen=True, slots=True)
class Status:
    """The state of a campaign, why it is paused, and how many deliveries are in each state."""

    name: str
    state: str
    cause: str
    counts: dict[str, int]
    total: int

    @property
    def words(self) -> str:
        """The counts that are not zero."""
        told = [f"{number} {state}" for state, number in self.counts.items() if number]
        return ", ".join(told) or "nobody"


@dataclass(frozen=True, slots=True)
class Line:
    """What became of one reader. `address` is None once they were erased."""

    id: int
    address: str | None
    state: str
    cause: str
    code: int | None
    enhanced: str | None
    attempts: int
    time: str
    text: str

    @property
    def values(self) -> dict[str, Any]:
        """Name to value."""
        return asdict(self)


def status(connection: Connection, campaign: Row[Any]) -> Status:
    """How a campaign stands now."""
    found = counts(connection, campaign.id)
    every = {state.value: found.get(state, 0) for state in DeliveryState}
    return Status(campaign.name, str(campaign.state), campaign.cause, every, campaign.total)


def lines(connection: Connection, campaign: Row[Any], state: str | None = None) -> Iterator[Line]:
    """A line for each reader in the order in which they were frozen, or of those in one state."""
    found = select(DELIVERY).where(DELIVERY.c.campaign_id == campaign.id).order_by(DELIVERY.c.id)
    if state:
        found = found.where(DELIVERY.c.state == state)
    for row in connection.execute(found, execution_options={"yield_per": AT_ONCE}):
        yield Line(
            row.id, row.address, str(row.state), row.cause, row.code, row.enhanced, row.attempts,
            row.changed_at.isoformat(timespec="seconds"), row.text,
        )  # fmt: skip


def campaigns(connection: Connection) -> Sequence[Row[Any]]:
    """All campaigns with the number of messages that were sent, the newest first."""
    sent = (
        select(func.count())
        .where(DELIVERY.c.campaign_id == CAMPAIGN.c.id, DELIVERY.c.state == DeliveryState.SENT)
        .scalar_subquery()
    )
    found = select(CAMPAIGN, sent.label("sent")).order_by(CAMPAIGN.c.id.desc())
    return connection.execute(found).all()
