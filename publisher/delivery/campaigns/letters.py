"""From the row of a delivery to its message."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Row, select

from publisher.delivery.campaigns.enclosures import Enclosure, enclosures, grant_of
from publisher.delivery.letter import Attachment, Kind, Letter, Message
from publisher.delivery.links import Links
from publisher.delivery.messages.builder import LARGEST, build, encoded_size
from publisher.delivery.messages.identity import Identity
from publisher.delivery.sending.claim import UnsendableError
from publisher.delivery.store.states import SubscriberState
from publisher.delivery.store.tables import REQUEST, SUBSCRIBER
from publisher.records.diagnostics import DiagnosedError

LIST_MAIL = ("guide", "handbook")
"""Editions that go to a list; the others answer what one reader asked for."""

KIND_OF: Mapping[str, Kind] = {"own-guide": "guide"}
"""Editions whose letter is one of another name."""


@dataclass(frozen=True, slots=True)
class Parcel:
    """What a letter brings: words on it, its files, and the link to them."""

    facts: Mapping[str, Any]
    files: tuple[Enclosure, ...]
    link: str


@dataclass(frozen=True)
class Letters:
    """Writes letters. `files` is the folder of files, `title` what lists are called."""

    identity: Identity
    links: Links
    files: Path
    title: str

    def compose(self, connection: Connection, delivery: Row[Any], campaign: Row[Any]) -> Message:
        """The message of a delivery; the same rows give the same bytes. A `sending.Compose`.

        Raises `UnsendableError`.
        """
        parcel = self.parcel(connection, delivery, campaign)
        return self.write(delivery, campaign, parcel, delivery.date)

    def write(
        self, delivery: Row[Any], campaign: Row[Any], parcel: Parcel, date: datetime
    ) -> Message:
        """The message that brings a parcel. Raises `UnsendableError`."""
        if delivery.address is None:
            raise UnsendableError("its recipient was erased")
        bulk = campaign.edition in LIST_MAIL
        letter = Letter(
            kind=KIND_OF.get(campaign.edition, campaign.edition),
            recipient=delivery.address,
            name=(delivery.reader or {}).get("name"),
            message_id=delivery.message_id,
            date=date,
            token=delivery.token,
            link=parcel.link,
            unsubscribe=self.links.unsubscribe(delivery.token) if bulk else None,
            list_slug=campaign.list,
            list_title=self.title,
            campaign=campaign.name,
            facts=parcel.facts,
            attachments=_attachments(parcel) if campaign.attach else (),
        )
        try:
            return build(letter, self.identity)
        except DiagnosedError as error:
            raise UnsendableError(error.diagnostics[0].text) from error
        except ValueError as error:
            raise UnsendableError(str(error)) from error

    def parcel(self, connection: Connection, delivery: Row[Any], campaign: Row[Any]) -> Parcel:
        """What the letter of a delivery brings. Raises `UnsendableError`."""
        if delivery.facts is None:
            raise UnsendableError("its files are not made")
        if campaign.edition == "confirm":
            return Parcel(delivery.facts, (), self._question(connection, delivery))
        if campaign.edition == "request":
            return Parcel(delivery.facts, (), self._request(connection, delivery))
        files = enclosures(connection, delivery, self.files)
        grant = grant_of(connection, delivery)
        if grant is None or not files or not all(map(_is_there, files)):
            raise UnsendableError("its files have gone")
        return Parcel(delivery.facts, files, self.links.download(grant))

    def _question(self, connection: Connection, delivery: Row[Any]) -> str:
        """The link by which a subscriber confirms."""
        waiting = select(SUBSCRIBER.c.token).where(
            SUBSCRIBER.c.id == delivery.subscriber_id,
            SUBSCRIBER.c.state == SubscriberState.PENDING,
        )
        token = connection.scalar(waiting)
        if token is None:
            raise UnsendableError("nobody has to confirm any more")
        return self.links.confirm(token)

    def _request(self, connection: Connection, delivery: Row[Any]) -> str:
        """The link by which somebody says that it was they who asked."""
        waiting = select(REQUEST.c.token).where(
            REQUEST.c.delivery_id == delivery.id, REQUEST.c.confirmed_at.is_(None)
        )
        token = connection.scalar(waiting)
        if token is None:
            raise UnsendableError("nobody waits for an answer any more")
        return self.links.request(token)


def _is_there(file: Enclosure) -> bool:
    return file.path.is_file() and file.path.stat().st_size == file.size


def _attachments(parcel: Parcel) -> tuple[Attachment, ...]:
    """The files, or none where they are too large; the link is in every letter."""
    if sum(file.size for file in parcel.files) > LARGEST:
        return ()
    found = tuple(
        Attachment(file.filename, file.media_type, _content(file)) for file in parcel.files
    )
    return found if encoded_size(found) <= LARGEST else ()


def _content(file: Enclosure) -> bytes:
    content = file.path.read_bytes()
    if hashlib.sha256(content).hexdigest() != file.sha256:
        raise UnsendableError("a file is not the one that was made")
    return content
