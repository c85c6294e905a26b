"""A ledger with campaigns and deliveries, for tests of what a report changes in it."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from publisher.delivery.addresses import Address
from publisher.delivery.feedback.matching import Ours
from publisher.delivery.feedback.parts import digest_of
from publisher.delivery.feedback.reading import read
from publisher.delivery.feedback.verdicts import Outcome, judge
from publisher.delivery.keys import Keys
from publisher.delivery.store.database import Database, now
from publisher.delivery.store.states import CampaignState, DeliveryState
from publisher.delivery.store.tables import (
    CAMPAIGN,
    DELIVERY,
    EVENT,
    INBOUND,
    SOFT_BOUNCE,
    SUPPRESSION,
)

BOUNCES = "bounces.example"
KEYS = Keys(("only-for-tests-of-delivery",))
OURS = Ours(KEYS, BOUNCES)


@dataclass(frozen=True, slots=True)
class Ledger:
    """A database, and short words for what tests say and ask."""

    database: Database

    def campaign(self, name: str = "autumn", state: str = CampaignState.SENDING) -> int:
        """The id of a new campaign."""
        with self.database.writing() as connection:
            values = {
                "name": name, "edition": "guide", "career": "cartographer", "list": "guides",
                "segment": {}, "state": state, "edition_date": date(2026, 11, 1),
                "created_at": now(connection),
            }  # fmt: skip
            made = connection.execute(insert(CAMPAIGN).values(values).returning(CAMPAIGN.c.id))
            return int(made.scalar_one())

    def delivery(
        self,
        campaign: int,
        address: str = "ada@there.example",
        state: str = DeliveryState.SENT,
        age: timedelta = timedelta(),
        **values: object,
    ) -> Row[Any]:
        """A new delivery."""
        with self.database.writing() as connection:
            made = {**_delivery(campaign, address), "state": state, **values}
            made["changed_at"] = now(connection) - age
            _count(connection, campaign, 1)
            return connection.execute(insert(DELIVERY).values(made).returning(DELIVERY)).one()

    def deliveries(self, campaign: int, count: int) -> list[Row[Any]]:
        """So many new deliveries, all sent."""
        with self.database.writing() as connection:
            moment = now(connection)
            _count(connection, campaign, count)
            made = [
                {**_delivery(campaign, f"{secrets.token_hex(4)}@there.example"),
                 "state": DeliveryState.SENT, "changed_at": moment}
                for _ in range(count)
            ]  # fmt: skip
            return list(connection.execute(insert(DELIVERY).returning(DELIVERY), made))

    def sent(self, address: str = "ada@there.example") -> Row[Any]:
        """A delivery that was sent, of a campaign of its own."""
        return self.delivery(self.campaign(f"for {address}"), address)

    def judge(self, mail: bytes) -> Outcome:
        """Act on a mail."""
        return self.judge_all([mail])[0]

    def judge_all(self, mails: Iterable[bytes]) -> list[Outcome]:
        """Act on some mails."""
        with self.database.writing() as connection:
            return [judge(connection, read(mail), digest_of(mail), OURS) for mail in mails]

    def verdicts(self, mail: bytes) -> list[str]:
        """What is concluded from a mail, which is acted on."""
        return [each.value for each in self.judge(mail).verdicts]

    def state(self, delivery: Row[Any]) -> str:
        """The state of a delivery."""
        return str(self.row(delivery).state)

    def row(self, delivery: Row[Any]) -> Row[Any]:
        """A delivery as it is now."""
        with self.database.reading() as connection:
            return connection.execute(select(DELIVERY).where(DELIVERY.c.id == delivery.id)).one()

    def campaign_row(self, campaign: int) -> Row[Any]:
        """A campaign as it is now."""
        with self.database.reading() as connection:
            return connection.execute(select(CAMPAIGN).where(CAMPAIGN.c.id == campaign)).one()

    def set_campaign(self, campaign: int, state: str) -> None:
        """Bring a campaign into a state, as an operator does."""
        with self.database.writing() as connection:
            wanted = update(CAMPAIGN).where(CAMPAIGN.c.id == campaign)
            connection.execute(wanted.values(state=state))

    def suppressed(self, delivery: Row[Any]) -> str | None:
        """Why the address of a delivery is not written to any more, or None."""
        with self.database.reading() as connection:
            wanted = select(SUPPRESSION.c.cause).where(
                SUPPRESSION.c.address_hash == delivery.address_hash, SUPPRESSION.c.scope == "all"
            )
            return connection.execute(wanted).scalar_one_or_none()

    def soft_days(self, delivery: Row[Any], *ages: int) -> list[date]:
        """The days that count against an address, once these (in days ago) are written down."""
        wanted = select(SOFT_BOUNCE.c.day).where(
            SOFT_BOUNCE.c.address_hash == delivery.address_hash
        )
        with self.database.writing() as connection:
            today = now(connection).date()
            for age in ages:
                day = today - timedelta(days=age)
                values = {"address_hash": delivery.address_hash, "day": day}
                connection.execute(insert(SOFT_BOUNCE).values(values))
            return list(connection.execute(wanted).scalars())

    def events(self, delivery: Row[Any]) -> list[str]:
        """The kinds of a delivery's events."""
        wanted = select(EVENT.c.kind).where(EVENT.c.delivery_id == delivery.id)
        with self.database.reading() as connection:
            return list(connection.execute(wanted.order_by(EVENT.c.id)).scalars())

    def everything(self) -> list[list[tuple[Any, ...]]]:
        """All that a report may change, but that it has come."""
        with self.database.reading() as connection:
            tables = (CAMPAIGN, DELIVERY, EVENT, SOFT_BOUNCE, SUPPRESSION)
            return [[tuple(row) for row in connection.execute(select(each))] for each in tables]

    def inbound(self) -> list[Row[Any]]:
        """What has come."""
        with self.database.reading() as connection:
            return list(connection.execute(select(INBOUND)))


def _count(connection: Connection, campaign: int, more: int) -> None:
    wanted = update(CAMPAIGN).where(CAMPAIGN.c.id == campaign)
    connection.execute(wanted.values(total=CAMPAIGN.c.total + more))


def _delivery(campaign: int, address: str) -> dict[str, object]:
    found = Address.of(address)
    return {
        "campaign_id": campaign, "address": found.written, "address_key": found.key,
        "address_hash": KEYS.address_hash(found.key), "domain": found.domain, "attempts": 1,
        "message_id": f"{secrets.token_hex(8)}@{BOUNCES}", "token": secrets.token_hex(16),
    }  # fmt: skip
