"""What is to be made, and what is known of it once it has been."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from pydantic import BaseModel, ConfigDict

from publisher.planning.reader import Reader
from publisher.records.diagnostics import Diagnostic


@dataclass(frozen=True, slots=True)
class GuideOrder:
    """A personal guide."""

    reader: Reader


@dataclass(frozen=True, slots=True)
class HandbookOrder:
    """The handbook of a career, or its sample."""

    career: str
    sample: bool = False


@dataclass(frozen=True, slots=True)
class Order:
    """A book to be made as files `name`.pdf and `name`.epub.

    `inputs` has a digest for each thing that it is made from, by the word for that thing; the
    book is made again when one of them is another. `line` is the reader's line in their file.
    A `compared` order keeps its files when an input has changed but not what the book says.
    """

    name: str
    what: GuideOrder | HandbookOrder
    formats: tuple[str, ...]
    inputs: Mapping[str, str]
    line: int | None = None
    compared: bool = False

    @property
    def files(self) -> list[str]:
        """The names of its files."""
        return [f"{self.name}.{form}" for form in self.formats]


class MadeFile(BaseModel):
    """A finished file: the digest of its bytes and their number."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    sha256: str
    bytes: int


class Receipt(BaseModel):
    """What became of an order; kept beside the files, and collected in manifest.json.

    `content` and `sections` are digests of what the book says and how it is laid out, as a whole
    and by section; they tell an edit that touches a compared book from one that does not.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    status: Literal["done", "failed"]
    line: int | None = None
    reader: dict[str, object] | None = None
    pages: int | None = None
    files: dict[str, MadeFile] = {}
    errors: tuple[str, ...] = ()
    inputs: dict[str, str]
    content: str = ""
    sections: dict[str, str] = {}

    @property
    def done(self) -> bool:
        """Whether the files were made."""
        return self.status == "done"

    @property
    def personal(self) -> bool:
        """Whether it is for a line of a file of readers."""
        return "reader" in self.inputs

    def text(self) -> str:
        """The receipt as JSON. The same receipt gives the same text."""
        return json.dumps(self.model_dump(mode="json"), ensure_ascii=False, indent=1) + "\n"


def described(order: Order) -> dict[str, object] | None:
    """The reader of an order as a receipt shows them: without their address."""
    if not isinstance(order.what, GuideOrder):
        return None
    shown: dict[str, object] = order.what.reader.model_dump(
        mode="json", exclude_defaults=True, exclude={"email"}
    )
    return shown


def failed(order: Order, findings: Iterable[Diagnostic]) -> Receipt:
    """The receipt of an order whose book could not be made."""
    return Receipt(
        name=order.name, status="failed", line=order.line, reader=described(order),
        errors=tuple(map(str, findings)), inputs=dict(order.inputs),
    )  # fmt: skip
