"""Rows for tests about people: what is imported, and what campaigns leave."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import Connection, Row, Table, func, insert, select

from publisher.delivery.addresses import Address
from publisher.delivery.keys import Keys
from publisher.delivery.people.importing import Importer
from publisher.delivery.people.outcomes import Counts
from publisher.delivery.store.database import Database
from publisher.delivery.store.states import CampaignState, DeliveryState
from publisher.delivery.store.tables import (
    ARTIFACT,
    ATTEMPT,
    CAMPAIGN,
    DELIVERY,
    DOWNLOAD,
    GRANT,
    SUBSCRIBER,
)
from publisher.planning.source import Source
from publisher.records.catalogue import Catalogue, load_catalogue
from publisher.records.diagnostics import Diagnostic
from tests.runs import SMALL

KEYS = Keys.of("a secret of the tests")
MOMENT = datetime(2026, 11, 23, 12, tzinfo=UTC)
ADA = Address.of("ada@inbox.example")

HEADER = "email,name,background,skills,consent_time,consent_source,consent_text\n"
ADA_LINE = "ada@inbox.example,Ada Lovelace,surveyor,drawing=1,2026-11-01T10:00:00+01:00,fair,v2\n"
BOB_LINE = "bob@inbox.example,Bob,,,2026-11-02,fair,\n"


@cache
def small() -> Catalogue:
    """The small records, read once."""
    return load_catalogue(SMALL)


@dataclass(frozen=True)
class Imported:
    """What an import said."""

    counts: Counts
    found: Sequence[Diagnostic]

    @property
    def places(self) -> list[tuple[int, int, str]]:
        """Line, column and code of each finding."""
        return [(each.line, each.column, each.code) for each in self.found]


def take_in(
    database: Database,
    text: str | bytes,
    *,
    file: str = "people.csv",
    proven: bool = True,
    keys: Keys = KEYS,
) -> Imported:
    """Import a file of this content."""
    content = text if isinstance(text, bytes) else text.encode()
    found: list[Diagnostic] = []
    counts = Importer(database, keys, small(), proven).run(
        Source(io.BytesIO(content), file), found.append
    )
    return Imported(+counts, found)


def everyone(database: Database) -> list[Row[Any]]:
    """The rows of all subscribers."""
    with database.reading() as connection:
        return list(connection.execute(select(SUBSCRIBER).order_by(SUBSCRIBER.c.id)))


def all_rows(database: Database, table: Table) -> list[Row[Any]]:
    """All rows of a table."""
    with database.reading() as connection:
        return list(connection.execute(select(table)))


def campaign(connection: Connection, name: str, list_of_it: str = "guides") -> int:
    """A campaign that is being sent."""
    return _id(
        connection, CAMPAIGN, name=name, edition="guide", career="cartographer", list=list_of_it,
        segment={}, state=CampaignState.SENDING, edition_date=MOMENT.date(), created_at=MOMENT,
    )  # fmt: skip


def delivery(
    connection: Connection,
    campaign_id: int,
    address: Address = ADA,
    state: DeliveryState = DeliveryState.READY,
    keys: Keys = KEYS,
) -> int:
    """A delivery to the subscriber of an address; its token is t and its id."""
    who = connection.execute(
        select(SUBSCRIBER).where(SUBSCRIBER.c.address_key == address.key)
    ).one_or_none()
    number = connection.scalar(select(func.count()).select_from(DELIVERY))
    return _id(
        connection, DELIVERY, campaign_id=campaign_id, subscriber_id=who and who.id,
        address=address.written, address_key=address.key, domain=address.domain,
        address_hash=keys.address_hash(address.key), reader={"name": who and who.name},
        state=state, message_id=f"m{number}", token=f"t{number}", changed_at=MOMENT,
        text=f"<{address.written}>: ok",
    )  # fmt: skip


def attempt(connection: Connection, delivery_id: int) -> int:
    """An attempt at a delivery whose reply repeats the address."""
    return _id(
        connection, ATTEMPT, delivery_id=delivery_id, number=1, phase="rcpt", started_at=MOMENT,
        relay="localhost", text=f"{ADA.written} ok",
    )  # fmt: skip


def download(connection: Connection, delivery_id: int, path: str, filename: str) -> None:
    """A file of a delivery, leave to download it, and a download."""
    made = _id(
        connection, ARTIFACT, delivery_id=delivery_id, path=path,
        filename=filename, media_type="application/pdf", sha256="0" * 64, size=1,
    )  # fmt: skip
    connection.execute(
        insert(GRANT).values(
            id=f"g{delivery_id}", delivery_id=delivery_id,
            expires_at=MOMENT + timedelta(days=1), max_downloads=3, created_at=MOMENT,
        )
    )  # fmt: skip
    connection.execute(
        insert(DOWNLOAD).values(
            grant_id=f"g{delivery_id}", artifact_id=made, opened="x", served=b"\x00\x01",
            complete=True, at=MOMENT,
        )
    )  # fmt: skip


def _id(connection: Connection, table: Table, **values: Any) -> int:
    found: int = connection.execute(insert(table).values(values).returning(table.c.id)).scalar_one()
    return found
