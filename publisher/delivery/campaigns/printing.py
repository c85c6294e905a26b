"""Makes the books of a campaign with the same press that `publisher batch` uses."""

from collections.abc import Generator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

from publisher.build.orders import HandbookOrder, Order, Receipt
from publisher.build.places import folder_at
from publisher.build.press import Press, Sources, due, lay_out_shared
from publisher.build.receipts import Receipts
from publisher.build.worker import Place
from publisher.build.workshop import Workshop
from publisher.planning.reader import Reader
from publisher.records.catalogue import Catalogue

FORMATS = ("pdf", "epub")


@dataclass(frozen=True)
class Printer:
    """Workers that make books. `sources` were read before the `catalogue` was loaded."""

    catalogue: Catalogue
    sources: Sources
    place: Place
    workshop: Workshop
    workers: int

    def guide(self, name: str, reader: Reader) -> Order:
        """The order of a reader's guide, as files called `name`."""
        return self.sources.order_for(name, reader, FORMATS, 0)

    def handbook(self, name: str, career: str) -> Order:
        """The order of a career's handbook."""
        inputs = {**self.sources.inputs, "formats": ",".join(sorted(FORMATS))}
        return Order(name, HandbookOrder(career), FORMATS, inputs)

    def printed(self, orders: Sequence[Order], folder: Path) -> Generator[Receipt, None, None]:
        """A receipt for each order, as it is done; what a killed run has made is kept.

        Raises `OSError` when the folder takes no files.
        """
        receipts = Receipts(folder_at(folder))
        receipts.folder.prepare()
        left = (
            file.name for file in list(receipts.folder.files(unfinished=True)) if file.left_over
        )
        receipts.folder.remove(*left)
        earlier = receipts.earlier()
        dues = list(due(orders, receipts, earlier))
        wanted = {task.order.name for task in dues}
        yield from (earlier[order.name] for order in orders if order.name not in wanted)
        if not dues:
            return
        lay_out_shared((task.order for task in dues), self.catalogue, self.workshop)
        place = replace(self.place, output=str(folder.absolute()))
        press = Press(place, min(self.workers, len(dues)))
        with closing(press.print(dues)) as made:
            yield from made


def forget_receipt(folder: Path, name: str) -> None:
    """Remove a receipt, which names its reader, once the ledger knows of the files."""
    Receipts(folder_at(folder)).work.remove(f"{name}.json")


def left_receipts(folder: Path) -> list[str]:
    """The names of receipts that are still in a folder."""
    return [
        file.name.removesuffix(".json") for file in list(Receipts(folder_at(folder)).work.files())
    ]
