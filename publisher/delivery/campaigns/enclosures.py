"""What a letter is sent for: files, leave to download them, and what is said of them."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Row, and_, insert, or_, select

from publisher.build.orders import Receipt
from publisher.delivery.messages.facts import File
from publisher.delivery.store.tables import ARTIFACT, GRANT

MEDIA_TYPES = {"pdf": "application/pdf", "epub": "application/epub+zip"}

LINK_LIVES = timedelta(days=30)
DOWNLOADS = 20
"""How often all files of one letter together may be fetched whole."""


@dataclass(frozen=True, slots=True)
class Enclosure:
    """A file that is sent along, or that a link leads to. `size` is in bytes."""

    path: Path
    filename: str
    media_type: str
    sha256: str
    size: int


def last_day(moment: datetime) -> date:
    """The last day on which a link that is made now works."""
    return (moment.astimezone(UTC) + LINK_LIVES).date()


def files_of(receipt: Receipt) -> tuple[File, ...]:
    """The files of a receipt, as a letter speaks of them."""
    return tuple(
        File(
            format="PDF" if name.endswith(".pdf") else "EPUB",
            size=made.bytes,
            pages=receipt.pages if name.endswith(".pdf") else None,
        )
        for name, made in receipt.files.items()
    )


def artifacts_of(receipt: Receipt, folder: str, name: str) -> list[dict[str, Any]]:
    """Rows for the files of a receipt in `folder`; a reader saves them as `name`."""
    return [
        {
            "path": f"{folder}/{file}", "filename": f"{name}.{file.rpartition('.')[2]}",
            "media_type": MEDIA_TYPES[file.rpartition(".")[2]],
            "sha256": made.sha256, "size": made.bytes,
        }
        for file, made in receipt.files.items()
    ]  # fmt: skip


def allow(connection: Connection, deliveries: Sequence[Row[Any]], moment: datetime) -> None:
    """Give the recipients of deliveries leave to download their files."""
    ends = datetime.combine(last_day(moment) + timedelta(days=1), time(), UTC)
    rows = [
        {
            "id": secrets.token_hex(10), "delivery_id": each.id,
            "subscriber_id": each.subscriber_id, "expires_at": ends,
            "max_downloads": DOWNLOADS, "created_at": moment,
        }
        for each in deliveries
    ]  # fmt: skip
    if rows:
        connection.execute(insert(GRANT), rows)


def enclosed(connection: Connection, delivery: Row[Any]) -> Sequence[Row[Any]]:
    """The artifacts of a delivery: its own, and those of its whole campaign."""
    for_all = and_(
        ARTIFACT.c.delivery_id.is_(None),
        ARTIFACT.c.subscriber_id.is_(None),
        ARTIFACT.c.campaign_id == delivery.campaign_id,
    )
    found = select(ARTIFACT).where(or_(ARTIFACT.c.delivery_id == delivery.id, for_all))
    return connection.execute(found.order_by(ARTIFACT.c.id)).all()


def enclosures(connection: Connection, delivery: Row[Any], files: Path) -> tuple[Enclosure, ...]:
    """What `enclosed` finds, in the folder `files`."""
    return tuple(
        Enclosure(files / row.path, row.filename, row.media_type, row.sha256, row.size)
        for row in enclosed(connection, delivery)
    )


def grant_of(connection: Connection, delivery: Row[Any]) -> str | None:
    """The newest leave of a delivery's recipient."""
    found = select(GRANT.c.id).where(GRANT.c.delivery_id == delivery.id)
    newest: str | None = connection.scalar(found.order_by(GRANT.c.created_at.desc()).limit(1))
    return newest
