"""Campaigns for tests, and what must be true of one whatever has happened."""

import os
import signal
import uuid
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from email.message import EmailMessage
from email.policy import SMTP
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Row, insert, select

from publisher.delivery.breaker import Limits
from publisher.delivery.letter import Message
from publisher.delivery.sending.claim import Compose, UnsendableError
from publisher.delivery.sending.pace import Pace
from publisher.delivery.sending.relay import Relay, TimeOuts
from publisher.delivery.sending.steps import Step
from publisher.delivery.sending.team import Job
from publisher.delivery.store.database import Database, now
from publisher.delivery.store.states import CampaignState, DeliveryState
from publisher.delivery.store.tables import ATTEMPT, CAMPAIGN, DELIVERY, EVENT
from tests.servers.faults import FaultServer

NEVER = Limits(refused=10**9, lost_share=2)
"""A breaker that does not trip."""

QUICK = Pace(
    connections=4,
    lease=timedelta(seconds=30),
    patience=5,
    rest=0.05,
    longest_rest=0.2,
    backoff=(0.05,),
    breaker=NEVER,
)
"""A pace at which nobody waits for long."""

IMPATIENT = TimeOuts(command=1, data=1, block=1, end=1)


def campaign(
    database: Database, recipients: Sequence[str], *, name: str = "c", **values: object
) -> int:
    """A campaign that is ready, to these addresses; its id."""
    with database.writing() as connection:
        moment = now(connection)
        made = connection.execute(
            insert(CAMPAIGN).values({
                "name": name, "edition": "guide", "career": "c", "list": "guides", "segment": {},
                "state": CampaignState.READY, "edition_date": moment.date(),
                "total": len(recipients), "created_at": moment, "frozen_at": moment, **values,
            })
        )  # fmt: skip
        campaign_id = int(made.inserted_primary_key[0])
        rows = [
            {
                "campaign_id": campaign_id, "address": address, "address_key": address,
                "address_hash": hash_of(address), "domain": address.rpartition("@")[2],
                "reader": {}, "state": DeliveryState.READY, "changed_at": moment,
                "message_id": f"{uuid.uuid4().hex}@guides.example", "token": uuid.uuid4().hex,
            }
            for address in recipients
        ]  # fmt: skip
        connection.execute(insert(DELIVERY), rows)
    return campaign_id


def hash_of(address: str) -> str:
    """What stands for an address in these tests."""
    return f"hash of {address}"[:64]


def readers(number: int, domain: str = "inbox.example") -> list[str]:
    """Addresses of people with whom nothing goes wrong."""
    return [f"reader{i}@{domain}" for i in range(number)]


def job(  # the others are a job's own
    url: str, campaign_id: int, port: int, folder: Path, **values: Any
) -> Job:
    """A job that sends a campaign to a server on loopback."""
    relay = replace(Relay.at(f"smtp://127.0.0.1:{port}"), times=IMPATIENT)
    made = Job(url, campaign_id, relay, make_compose, folder / "seats", QUICK)
    return replace(made, **values)


def make_compose() -> Compose:
    """Makes small messages; a delivery to `broken.…` has none, and one to `deadly.…` kills."""
    return compose


def compose(_: Connection, delivery: Row[Any], campaign: Row[Any]) -> Message:
    """A message whose envelope sender shows its recipient, so that servers can fail on purpose."""
    local = delivery.address.partition("@")[0]
    if local.startswith("broken."):
        raise UnsendableError("its file has gone")
    if local.startswith("bug."):
        raise KeyError(delivery.address)
    if local.startswith("deadly."):
        os.kill(os.getpid(), signal.SIGKILL)
    mail = EmailMessage(policy=SMTP)
    mail["From"] = "Guides <guides@guides.example>"
    mail["To"] = "reader@inbox.example"
    mail["Message-ID"] = f"<{delivery.message_id}>"
    mail["Subject"] = campaign.name
    mail["Date"] = delivery.date
    mail.set_content("Here is your guide.\n.\n.. and dots\n" + "word " * 200)
    ascii_only = delivery.address.isascii()
    return Message(mail.as_bytes(), f"b+{local}@guides.example", delivery.address, not ascii_only)


def act_at(step: Step, number: int, folder: Path, signum: int, seen: Step) -> None:
    """Send oneself a signal the `number`-th time that a step is taken; once for all processes."""
    if seen != step or (folder / "acted").exists():
        return
    count = folder / f"seen-{os.getpid()}"
    with count.open("a") as file:
        file.write(".")
    if count.stat().st_size == number:
        (folder / "acted").touch()
        os.kill(os.getpid(), signum)


def acting(step: Step, folder: Path, number: int = 3, signum: int = signal.SIGKILL) -> Any:
    """An observer for a job: see `act_at`."""
    return partial(act_at, step, number, folder, signum)


def rows(database: Database, campaign_id: int) -> dict[str, Row[Any]]:
    """Address to the row of its delivery."""
    with database.reading() as connection:
        found = connection.execute(select(DELIVERY).where(DELIVERY.c.campaign_id == campaign_id))
        return {row.address: row for row in found}


def states(database: Database, campaign_id: int) -> Counter[str]:
    """How many deliveries there are in each state."""
    return Counter(str(row.state) for row in rows(database, campaign_id).values())


def assert_lawful(database: Database, campaign_id: int, server: FaultServer, total: int) -> None:
    """Nothing twice, nothing lost, all accounted for, and unknown only what was cut in its text."""
    found = {row.message_id: row for row in rows(database, campaign_id).values()}
    assert total == len(found)
    assert set() == server.twice
    accepted, begun = set(server.accepted), set(server.begun)
    for message_id, row in found.items():
        if row.state == DeliveryState.SENT:
            assert message_id in accepted, row.address
        elif row.state == DeliveryState.UNKNOWN:
            assert message_id in begun, (row.address, row.cause)
        else:
            assert message_id not in accepted, (row.address, row.state)
    assert_events_lead_to_states(database, campaign_id)


def assert_events_lead_to_states(database: Database, campaign_id: int) -> None:
    """The last event of each delivery is its state, and each attempt stands once."""
    with database.reading() as connection:
        events = connection.execute(
            select(EVENT.c.delivery_id, EVENT.c.kind)
            .where(EVENT.c.campaign_id == campaign_id, EVENT.c.delivery_id.is_not(None))
            .order_by(EVENT.c.id)
        )
        last = {row.delivery_id: row.kind for row in events}
        told = connection.execute(select(EVENT.c.detail)).scalars().all()
        said = connection.execute(select(ATTEMPT.c.text)).scalars().all()
    for row in rows(database, campaign_id).values():
        if row.attempts:
            assert f"delivery-{row.state}" == last[row.id]
    assert "@" not in f"{told}{said}"
