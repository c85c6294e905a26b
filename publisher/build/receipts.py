"""Receipts beside the files that they are for, so that a killed run can be taken up again."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from pydantic import ValidationError

from publisher.build.folders import Folder
from publisher.build.orders import Receipt

MANIFEST = "manifest.json"
WORK = "receipts/"
"""Where receipts lie until the manifest has them."""

FORMAT = "career-guides manifest 1"


@dataclass(frozen=True)
class Receipts:
    """The receipts of an output folder."""

    folder: Folder

    def earlier(self) -> dict[str, Receipt]:
        """Every receipt by name: those of the last manifest, and newer ones of a killed run."""
        found = {receipt.name: receipt for receipt in self._of_the_manifest()}
        for file in list(self.folder.files()):
            if file.name.startswith(WORK):
                receipt = self._read(file.name)
                if receipt:
                    found[receipt.name] = receipt
        return found

    def keep(self, receipt: Receipt) -> None:
        """Keep a receipt at once. A folder that cannot be written has lost the files already."""
        try:
            self.folder.write(f"{WORK}{receipt.name}.json", receipt.text().encode())
        except OSError:
            return

    def collect(
        self, receipts: Iterable[Receipt], files: Mapping[str, str], refused: Iterable[str] = ()
    ) -> None:
        """Write the manifest if it says anything new, and remove what it makes superfluous.

        `files` has the digests of all records and theme files, `refused` the findings of lines
        that are no reader. Raises `OSError`.
        """
        manifest = {
            "format": FORMAT,
            "made": [receipt.model_dump(mode="json") for receipt in receipts],
            "refused": list(refused),
            "from": dict(files),
        }
        if manifest != self._manifest():
            text = json.dumps(manifest, ensure_ascii=False, indent=1) + "\n"
            self.folder.write(MANIFEST, text.encode())
        work = [file.name for file in self.folder.files() if file.name.startswith(WORK)]
        self.folder.remove(*work)

    def files(self) -> dict[str, str]:
        """The digests of records and theme files at the time of the last manifest."""
        files = self._manifest().get("from", {})
        return files if isinstance(files, dict) else {}

    def settled(self, inputs: Mapping[str, str], formats: Iterable[str]) -> bool:
        """Whether the last manifest is about these inputs and formats, and every file is whole."""
        wanted = {**inputs, "formats": ",".join(sorted(formats))}
        receipts = self._of_the_manifest()
        return bool(receipts) and all(
            receipt.status == "done" and receipt.inputs == wanted and self.whole(receipt)
            for receipt in receipts
        )

    def whole(self, receipt: Receipt) -> bool:
        """Whether every file of a receipt is there with the bytes that were written."""
        for name, made in receipt.files.items():
            try:
                content = self.folder.read(name)
            except OSError:
                return False
            if sha256(content).hexdigest() != made.sha256:
                return False
        return True

    def _of_the_manifest(self) -> list[Receipt]:
        try:
            return [Receipt.model_validate(entry) for entry in self._manifest().get("made", [])]
        except (ValidationError, TypeError):
            return []

    def _manifest(self) -> dict[str, Any]:
        try:
            data = json.loads(self.folder.read(MANIFEST))
        except (OSError, ValueError):
            return {}
        return data if isinstance(data, dict) and data.get("format") == FORMAT else {}

    def _read(self, name: str) -> Receipt | None:
        try:
            return Receipt.model_validate_json(self.folder.read(name))
        except (OSError, ValueError):
            return None
