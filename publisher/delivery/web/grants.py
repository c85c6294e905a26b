"""Grants in the database: what one opens, whether it still does, and what was downloaded."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Row, and_, or_, select, update

from publisher.delivery.store.database import now
from publisher.delivery.store.tables import ARTIFACT, DELIVERY, DOWNLOAD, EVENT, GRANT
from publisher.delivery.web.served import Served

FILE_ADDRESS_LIVES = timedelta(minutes=10)


class Standing(StrEnum):
    """Whether a grant opens its files."""

    OPEN = "open"
    EXPIRED = "expired"
    USED_UP = "used-up"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class File:
    """A file that can be downloaded. `size` is in bytes, `path` is in the folder of files."""

    id: int
    path: str
    filename: str
    media_type: str
    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class Grant:
    """Leave to download some files, as it stands at this moment."""

    id: str
    standing: Standing
    expires_at: datetime
    downloads_left: int
    delivery_id: int | None
    campaign_id: int | None
    subscriber_id: int | None

    @property
    def about(self) -> dict[str, int | None]:
        """What an event of it belongs to."""
        names = ("delivery_id", "campaign_id", "subscriber_id")
        return {name: getattr(self, name) for name in names}


@dataclass(frozen=True, slots=True)
class Opened:
    """One file address: who may have which file, and whether it has been fetched whole."""

    download: int
    grant: Grant
    file: File
    complete: bool
    in_time: bool

    @property
    def usable(self) -> bool:
        """Whether the address gives the file.

        One that has used up the last download may be fetched again until its time is over.
        """
        standing = self.grant.standing
        counted = self.complete and standing is Standing.USED_UP
        return self.in_time and (standing is Standing.OPEN or counted)


def find_grant(connection: Connection, identifier: str) -> Grant | None:
    """The grant, unless it was erased with its reader."""
    columns = (GRANT, DELIVERY.c.campaign_id)
    joined = GRANT.outerjoin(DELIVERY, GRANT.c.delivery_id == DELIVERY.c.id)
    query = select(*columns).select_from(joined).where(GRANT.c.id == identifier)
    row = connection.execute(query).one_or_none()
    return None if row is None else _grant(row, now(connection))


def files_of(connection: Connection, grant: Grant) -> list[File]:
    """The files of the grant's delivery and of its campaign, or else its reader's own."""
    for_all = and_(ARTIFACT.c.delivery_id.is_(None), ARTIFACT.c.subscriber_id.is_(None))
    if grant.delivery_id is not None:
        of_campaign = and_(for_all, ARTIFACT.c.campaign_id == grant.campaign_id)
        belongs = or_(ARTIFACT.c.delivery_id == grant.delivery_id, of_campaign)
    else:
        of_reader = ARTIFACT.c.subscriber_id == grant.subscriber_id
        belongs = and_(ARTIFACT.c.delivery_id.is_(None), of_reader)
    rows = connection.execute(select(ARTIFACT).where(belongs).order_by(ARTIFACT.c.id))
    return [_file(row) for row in rows]


def open_file(connection: Connection, grant: Grant, file: File) -> str:
    """Begin a download: an identifier of it that nobody guesses."""
    moment, secret = now(connection), secrets.token_urlsafe(12)
    row = {"grant_id": grant.id, "artifact_id": file.id, "opened": secret, "at": moment}
    made = connection.execute(DOWNLOAD.insert().values(**row, served=b"", complete=False))
    _note(connection, "download-begun", grant, file.id, moment)
    assert made.inserted_primary_key  # noqa: S101  # as of every insertion of one row
    return f"{made.inserted_primary_key[0]}-{secret}"


def find_opened(connection: Connection, identifier: str) -> Opened | None:
    """The download that was begun under this identifier, unless it was erased."""
    number, _, secret = identifier.partition("-")
    if not number.isascii() or not number.isdigit():
        return None
    row = connection.execute(select(DOWNLOAD).where(DOWNLOAD.c.id == int(number))).one_or_none()
    if row is None or not secrets.compare_digest(row.opened.encode(), secret.encode()):
        return None
    grant = find_grant(connection, row.grant_id)
    file = connection.execute(select(ARTIFACT).where(ARTIFACT.c.id == row.artifact_id)).one()
    if grant is None:
        return None
    in_time = now(connection) < row.at + FILE_ADDRESS_LIVES
    return Opened(row.id, grant, _file(file), row.complete, in_time)


def count(connection: Connection, opened: Opened, gone_out: Served) -> bool:
    """Add what has gone out; True if with it the whole file has, for the first time.

    The row is locked meanwhile, so that several parts that end at once are counted once.
    """
    mine = DOWNLOAD.c.id == opened.download
    row = connection.execute(select(DOWNLOAD).where(mine).with_for_update()).one_or_none()
    if row is None or row.complete:  # erased meanwhile, or counted
        return False
    served = Served.of(row.served)
    for first, end in gone_out.ranges:
        served = served.with_range(first, end)
    complete = served.covers(opened.file.size)
    values = {"served": served.packed, "complete": complete}
    connection.execute(update(DOWNLOAD).where(mine).values(**values))
    if complete:
        one_more = update(GRANT).where(GRANT.c.id == opened.grant.id)
        connection.execute(one_more.values(downloads=GRANT.c.downloads + 1))
        _note(connection, "downloaded", opened.grant, opened.file.id, now(connection))
    return complete


def _note(connection: Connection, kind: str, grant: Grant, artifact: int, moment: datetime) -> None:
    detail = {"grant": grant.id, "artifact": artifact}
    connection.execute(EVENT.insert().values(at=moment, kind=kind, detail=detail, **grant.about))


def _grant(row: Row[Any], moment: datetime) -> Grant:
    left = max(row.max_downloads - row.downloads, 0)
    return Grant(
        row.id, _standing(row, moment, left), row.expires_at, left,
        row.delivery_id, row.campaign_id, row.subscriber_id,
    )  # fmt: skip


def _standing(row: Row[Any], moment: datetime, left: int) -> Standing:
    if row.revoked_at is not None and row.revoked_at <= moment:
        return Standing.WITHDRAWN
    if row.expires_at <= moment:
        return Standing.EXPIRED
    return Standing.OPEN if left else Standing.USED_UP


def _file(row: Row[Any]) -> File:
    return File(row.id, row.path, row.filename, row.media_type, row.sha256, row.size)
