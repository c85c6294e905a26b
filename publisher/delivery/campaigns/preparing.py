"""Makes the files of a campaign: each reader's guide, or one handbook for all.

Any number of processes may prepare one campaign, and each may be killed: a book is the same
whoever makes it, and a row becomes `ready` once, together with the rows of its files.
"""

import re
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Row, insert, select

from publisher.build.orders import Order, Receipt
from publisher.delivery.campaigns.enclosures import artifacts_of, files_of, last_day
from publisher.delivery.campaigns.planned import (
    become_ready,
    begin,
    give_up,
    is_on,
    reader_of,
    take,
)
from publisher.delivery.campaigns.printing import Printer, forget_receipt
from publisher.delivery.messages.occasions import guide_facts, handbook_facts
from publisher.delivery.store.database import Database, now
from publisher.delivery.store.states import DeliveryState
from publisher.delivery.store.tables import ARTIFACT, CAMPAIGN, DELIVERY
from publisher.planning.out_names import default_out_name
from publisher.planning.plan import plan
from publisher.planning.reader import Reader


FOR_ALL = re.compile(r"\bB20[34]\b")
"""Codes of what is wrong with the folder, or with records that are edited meanwhile."""


class PreparingError(Exception):
    """The book of a whole campaign cannot be made; the text says why."""


@dataclass(frozen=True)
class Preparing:
    """Prepares campaigns. Their files lie in a folder for each campaign below `files`."""

    database: Database
    printer: Printer
    files: Path

    def run(self, campaign_id: int) -> Generator[Receipt, None, None]:
        """Make what is planned, unless the campaign is paused, cancelled or too late.

        Receipts come as books are made. Raises `PreparingError`, and `OSError` when the folder
        takes no files.
        """
        with self.database.writing() as connection:
            begin(connection, campaign_id)
        while rows := self._taken(campaign_id):
            campaign = self._campaign(campaign_id)
            if campaign.edition == "handbook":
                yield self._handbook(campaign)
            else:
                yield from self._guides(campaign, rows)

    def _campaign(self, campaign_id: int) -> Row[Any]:
        with self.database.reading() as connection:
            return connection.execute(select(CAMPAIGN).where(CAMPAIGN.c.id == campaign_id)).one()

    def _taken(self, campaign_id: int) -> Sequence[Row[Any]]:
        with self.database.writing() as connection:
            return take(connection, campaign_id)

    def _guides(self, campaign: Row[Any], rows: Sequence[Row[Any]]) -> Iterator[Receipt]:
        orders: list[Order] = []
        by_token: dict[str, tuple[Row[Any], Reader]] = {}
        for row in rows:
            try:
                reader = reader_of(row, self.printer.catalogue)
            except ValueError as error:
                self._give_up(row, str(error))
                continue
            by_token[row.token] = row, reader
            orders.append(self.printer.guide(row.token, reader))
        folder = self.files / str(campaign.id)
        for receipt in self.printer.printed(orders, folder):
            row, reader = by_token[receipt.name]
            _check_for_all(receipt)
            if receipt.done:
                self._enter(row, reader, receipt)
            else:
                self._give_up(row, "; ".join(receipt.errors))
            forget_receipt(folder, receipt.name)
            yield receipt
            if not self._goes_on(campaign.id):
                return

    def _goes_on(self, campaign_id: int) -> bool:
        with self.database.reading() as connection:
            return is_on(connection, campaign_id, now(connection))

    def _enter(self, row: Row[Any], reader: Reader, receipt: Receipt) -> None:
        """Let a delivery be sent. Files of one that was erased or stopped meanwhile are removed."""
        catalogue = self.printer.catalogue
        rows = artifacts_of(receipt, str(row.campaign_id), default_out_name(reader, catalogue))
        with self.database.writing() as connection:
            moment = now(connection)
            facts = guide_facts(plan(reader, catalogue), files_of(receipt), last_day(moment))
            if become_ready(connection, [row], facts, moment):
                own = {
                    "delivery_id": row.id,
                    "campaign_id": row.campaign_id,
                    "subscriber_id": row.subscriber_id,
                }
                connection.execute(insert(ARTIFACT), [{**each, **own} for each in rows])
                return
            paths = [each["path"] for each in rows]
            named = set(
                connection.scalars(select(ARTIFACT.c.path).where(ARTIFACT.c.path.in_(paths)))
            )
        for path in set(paths) - named:
            (self.files / path).unlink(missing_ok=True)

    def _give_up(self, row: Row[Any], why: str) -> None:
        with self.database.writing() as connection:
            give_up(connection, row.id, why)

    def _handbook(self, campaign: Row[Any]) -> Receipt:
        """Make the one book, and let all be sent in one transaction."""
        folder = self.files / str(campaign.id)
        name = f"{campaign.career}-handbook"
        order = self.printer.handbook(name, campaign.career)
        (receipt,) = self.printer.printed([order], folder)
        if not receipt.done:
            raise PreparingError("; ".join(receipt.errors))
        with self.database.writing() as connection:
            moment = now(connection)
            connection.execute(
                select(CAMPAIGN.c.id).where(CAMPAIGN.c.id == campaign.id).with_for_update()
            )
            planned = (
                DELIVERY.c.campaign_id == campaign.id, DELIVERY.c.state == DeliveryState.PLANNED
            )  # fmt: skip
            rows = connection.execute(select(DELIVERY).where(*planned)).all()
            there = select(ARTIFACT.c.id).where(ARTIFACT.c.campaign_id == campaign.id).limit(1)
            if connection.execute(there).first() is None:
                own = {"campaign_id": campaign.id, "delivery_id": None, "subscriber_id": None}
                files = artifacts_of(receipt, str(campaign.id), name)
                connection.execute(insert(ARTIFACT), [{**each, **own} for each in files])
            facts = handbook_facts(
                self.printer.catalogue, campaign.career, files_of(receipt), last_day(moment)
            )
            become_ready(connection, rows, facts, moment)
        forget_receipt(folder, name)
        return receipt


def _check_for_all(receipt: Receipt) -> None:
    """What would keep every book from being made is no reader's fault. Raises `PreparingError`."""
    for error in receipt.errors:
        if FOR_ALL.search(error):
            what = error.removeprefix(f"{receipt.name}: ")
            raise PreparingError(f"{what}\nwhat is made stays; the same command goes on from there")
