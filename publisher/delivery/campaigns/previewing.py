"""Letters of a campaign to look at, before anything is made or sent."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Row, select

from publisher.build.orders import Receipt
from publisher.delivery.campaigns.enclosures import MEDIA_TYPES, Enclosure, files_of, last_day
from publisher.delivery.campaigns.letters import Letters, Parcel
from publisher.delivery.campaigns.planned import reader_of
from publisher.delivery.campaigns.printing import Printer
from publisher.delivery.letter import Message
from publisher.delivery.messages.occasions import guide_facts, handbook_facts
from publisher.delivery.sending.claim import UnsendableError
from publisher.delivery.store.database import Database, now
from publisher.delivery.store.tables import DELIVERY
from publisher.planning.out_names import default_out_name
from publisher.planning.plan import plan
from publisher.planning.reader import Reader
from publisher.records.catalogue import Catalogue

NOWHERE = "preview"
"""The identifier in a link behind which nothing is."""


@dataclass(frozen=True)
class Preview:
    """Writes letters. Books that are not made yet go into the folder `scratch`."""

    database: Database
    letters: Letters
    new_printer: Callable[[], Printer]
    scratch: Path

    def of(self, campaign: Row[Any], limit: int) -> Iterator[tuple[int, Message]]:
        """The first letters of a campaign with the numbers of their deliveries.

        Raises `UnsendableError`.
        """
        with self.database.reading() as connection:
            moment = now(connection)
            rows = connection.execute(
                select(DELIVERY)
                .where(DELIVERY.c.campaign_id == campaign.id, DELIVERY.c.address.is_not(None))
                .order_by(DELIVERY.c.id)
                .limit(limit)
            ).all()
            made = {
                row.id: self.letters.parcel(connection, row, campaign) for row in rows if row.facts
            }
        missing = [row for row in rows if row.id not in made]
        if missing:
            made |= self._made(campaign, missing)
        for row in rows:
            date = row.date or moment
            yield row.id, self.letters.write(row, campaign, made[row.id], date)

    def _made(self, campaign: Row[Any], rows: Sequence[Row[Any]]) -> dict[int, Parcel]:
        printer = self.new_printer()
        with self.database.reading() as connection:
            until = last_day(now(connection))
        if campaign.edition == "handbook":
            order = printer.handbook(f"{campaign.career}-handbook", campaign.career)
            (receipt,) = printer.printed([order], self.scratch)
            files = self._enclosures(receipt, receipt.name)
            facts = handbook_facts(printer.catalogue, campaign.career, files_of(receipt), until)
            return {row.id: self._parcel(facts, files) for row in rows}
        readers = {row.token: (row.id, _reader(row, printer.catalogue)) for row in rows}
        orders = [printer.guide(token, reader) for token, (_, reader) in readers.items()]
        found = {}
        for receipt in printer.printed(orders, self.scratch):
            delivery, reader = readers[receipt.name]
            name = default_out_name(reader, printer.catalogue)
            files = self._enclosures(receipt, name)
            facts = guide_facts(plan(reader, printer.catalogue), files_of(receipt), until)
            found[delivery] = self._parcel(facts, files)
        return found

    def _parcel(self, facts: dict[str, object], files: tuple[Enclosure, ...]) -> Parcel:
        return Parcel(facts, files, self.letters.links.download(NOWHERE))

    def _enclosures(self, receipt: Receipt, name: str) -> tuple[Enclosure, ...]:
        if not receipt.done:
            raise UnsendableError("; ".join(receipt.errors))
        suffixes = [(file, file.rpartition(".")[2], made) for file, made in receipt.files.items()]
        return tuple(
            Enclosure(
                self.scratch / file, f"{name}.{form}", MEDIA_TYPES[form], made.sha256, made.bytes
            )
            for file, form, made in suffixes
        )


def _reader(row: Row[Any], catalogue: Catalogue) -> Reader:
    try:
        return reader_of(row, catalogue)
    except ValueError as error:
        raise UnsendableError(f"delivery {row.id}: {error}") from error
