"""Receipts beside the files that they are for, so that a killed run can be taken up again."""

import json
from collections.abc import Callable, Collection, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from types import MappingProxyType
from typing import Any

from pydantic import ValidationError

from publisher.build.folders import Folder
from publisher.build.orders import Order, Receipt
from publisher.build.places import folder_at

MANIFEST = "manifest.json"
WORK = "receipts"
"""The folder inside, where receipts lie until the manifest has them."""

FORMAT = "career-guides manifest 1"


@dataclass(frozen=True)
class Receipts:
    """The receipts of an output folder. What is damaged of them counts as missing."""

    folder: Folder

    def earlier(self) -> dict[str, Receipt]:
        """Every receipt by name: those of the last manifest, and newer ones of runs since then.

        Raises `OSError`.
        """
        # In this order, since a run beside this one moves its receipts from there to the manifest.
        return self._known(self._newer())

    @property
    def work(self) -> Folder:
        """Where receipts lie until the manifest has them."""
        return folder_at(f"{self.folder}/{WORK}")

    def keep(self, receipt: Receipt) -> None:
        """Keep a receipt at once. A folder that cannot be written has lost the files already."""
        with suppress(OSError):
            self.work.write(_file(receipt.name), receipt.text().encode())

    def made(self, order: Order) -> Receipt | None:
        """The receipt that a worker has left for an order, if its files are made and whole."""
        found = self._read(_file(order.name))
        fits = found and found.done and found.inputs == dict(order.inputs) and self.whole(found)
        return found if fits else None

    def collect(
        self,
        receipts: Iterable[Receipt],
        files: Mapping[str, str],
        refused: Iterable[str] = (),
        stays: Callable[[Receipt], bool] = lambda _: True,
    ) -> None:
        """Write the manifest if it says anything new, and remove what it makes superfluous.

        `files` has the digests of all records and theme files, `refused` the findings of lines
        that are no reader. What other runs have made into the folder stays listed behind
        `receipts` as long as its files are there and `stays` says so. Raises `OSError`.
        """
        newer = self._newer()
        found = list(self.folder.files(unfinished=True))
        mine = {receipt.name: receipt for receipt in receipts}
        others = self._others(newer, mine.keys(), {file.name for file in found})
        manifest = {
            "format": FORMAT,
            "made": [
                each.model_dump(mode="json") for each in (*mine.values(), *filter(stays, others))
            ],
            "refused": list(refused),
            "from": dict(files),
        }
        if manifest != self._manifest():
            text = json.dumps(manifest, ensure_ascii=False, indent=1) + "\n"
            self.folder.write(MANIFEST, text.encode())
        left_over = (file.name for file in found if file.left_over)
        self.folder.remove(*(f"{WORK}/{name}" for name in newer), *left_over)

    def _others(
        self, newer: Mapping[str, Receipt], mine: Collection[str], there: Collection[str]
    ) -> list[Receipt]:
        """Receipts of what other runs have made into the folder and is still there, by name."""
        known = self._known(newer)
        others = [known[name] for name in sorted(known) if name not in mine]
        return [each for each in others if each.done and all(file in there for file in each.files)]

    def files(self) -> dict[str, str]:
        """The digests of records and theme files at the time of the last manifest."""
        files = self._manifest().get("from", {})
        return files if isinstance(files, dict) else {}

    def settled(
        self,
        inputs: Mapping[str, str],
        formats: Iterable[str],
        others: Mapping[str, Mapping[str, str]] = MappingProxyType({}),
    ) -> bool:
        """Whether all that `build` made is about these inputs and formats, and every file whole.

        `others` has the inputs of what is no book, by name; each of them must have been made.
        """
        books = {**inputs, "formats": ",".join(sorted(formats))}
        receipts = [each for each in self._of_the_manifest() if not each.personal]
        names = {receipt.name for receipt in receipts}
        return (
            bool(names - others.keys())
            and others.keys() <= names
            and all(
                receipt.done
                and receipt.inputs == others.get(receipt.name, books)
                and self.whole(receipt)
                for receipt in receipts
            )
        )

    def whole(self, receipt: Receipt) -> bool:
        """Whether every file of a receipt is there with the bytes that were written."""
        return bool(receipt.files) and all(
            made.sha256 == self._digest(name) for name, made in receipt.files.items()
        )

    def _digest(self, name: str) -> str:
        try:
            return sha256(self.folder.read(name)).hexdigest()
        except (OSError, ValueError):  # a damaged manifest may name anything
            return ""

    def _of_the_manifest(self) -> list[Receipt]:
        try:
            return [Receipt.model_validate(entry) for entry in self._manifest().get("made", [])]
        except (ValidationError, TypeError):
            return []

    def _known(self, newer: Mapping[str, Receipt]) -> dict[str, Receipt]:
        known = {receipt.name: receipt for receipt in self._of_the_manifest()}
        return known | {receipt.name: receipt for receipt in newer.values()}

    def _newer(self) -> dict[str, Receipt]:
        """File to receipt of those that the manifest may not have yet. Raises `OSError`."""
        read = {file.name: self._read(file.name) for file in list(self.work.files())}
        return {name: receipt for name, receipt in read.items() if receipt}

    def _manifest(self) -> dict[str, Any]:
        try:
            data = json.loads(self.folder.read(MANIFEST))
        except (OSError, ValueError, RecursionError):
            return {}
        return data if isinstance(data, dict) and data.get("format") == FORMAT else {}

    def _read(self, name: str) -> Receipt | None:
        try:
            return Receipt.model_validate_json(self.work.read(name))
        except (OSError, ValueError):
            return None


def _file(name: str) -> str:
    return f"{name}.json"
