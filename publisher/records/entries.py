"""Records as they were read: each with its slug and the document that it came from."""

from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Generic, TypeVar, cast

from publisher.records.codes import REMEDIES
from publisher.records.diagnostics import Diagnostic, Place
from publisher.records.document import Document
from publisher.records.tree import Key
from publisher.records.types import Record

R = TypeVar("R", bound=Record)


@dataclass(frozen=True, slots=True)
class Entry(Generic[R]):
    """One record. `record` is None when the document did not validate."""

    slug: str
    model: type[R]
    document: Document
    record: R | None
    career: str = ""
    """The folder under careers/ that it stands in, if it stands in one."""

    def finding(
        self, code: str, text: str, key: Key = (), hint: str | None = None, *, of_key: bool = False
    ) -> Diagnostic:
        """A diagnostic at the place of `key` in this record's file."""
        return self.finding_at(self.document.place(key, of_key=of_key), code, text, hint)

    def finding_at(self, place: Place, code: str, text: str, hint: str | None = None) -> Diagnostic:
        """A diagnostic in this file. Without a hint, the remedy of its code is one."""
        hint = REMEDIES[code] if hint is None else hint
        return Diagnostic(self.document.file, *place, code, text, hint)


@dataclass(slots=True)
class Entries:
    """Every record of a folder, by model and by path inside the folder."""

    by_model: dict[type[Record], dict[str, Entry[Record]]] = field(default_factory=dict)
    diagnostics: list[Diagnostic] = field(default_factory=list)

    def add(self, path: PurePosixPath, entry: Entry[Record]) -> None:
        """Remember an entry under its path without suffix."""
        self.by_model.setdefault(entry.model, {})[str(path.with_suffix(""))] = entry

    def of(self, model: type[R]) -> dict[str, Entry[R]]:
        """All entries of a model, by path without suffix, broken ones too."""
        return cast("dict[str, Entry[R]]", self.by_model.get(model, {}))

    def valid(self, model: type[R]) -> list[tuple[Entry[R], R]]:
        """The entries of a model that validated, with their records."""
        return [(entry, entry.record) for entry in self.of(model).values() if entry.record]

    def whole(self, model: type[Record]) -> bool:
        """True if there are records of a model and all of them validated."""
        entries = self.of(model).values()
        return bool(entries) and all(entry.record for entry in entries)

    def slugs(self, model: type[Record], table: str | None = None) -> frozenset[str] | None:
        """The slugs of a model's files, or the keys of the `table` inside its one file.

        Slugs of records that did not validate count, and None says that nothing is known, so
        that one mistake is one finding.
        """
        entries = self.of(model)
        if table is None:
            return frozenset(entry.slug for entry in entries.values()) or None
        tables = [
            entry.document.data.get(table)
            for entry in entries.values()
            if isinstance(entry.document.data, dict)
        ]
        known = [frozenset(found) for found in tables if isinstance(found, dict)]
        return known[0] if known else None

    def all(self) -> list[Entry[Record]]:
        """Every entry of every model."""
        return [entry for entries in self.by_model.values() for entry in entries.values()]
