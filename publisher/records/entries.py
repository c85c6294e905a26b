"""Records as they were read: each with its slug and the document that it came from."""

from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Generic, TypeVar, cast

from publisher.records.diagnostics import Diagnostic
from publisher.records.document import Document, Key
from publisher.records.types import Record

R = TypeVar("R", bound=Record)


@dataclass(frozen=True, slots=True)
class Entry(Generic[R]):
    """One record. `record` is None when the document did not validate."""

    slug: str
    document: Document
    record: R | None

    def finding(
        self, code: str, text: str, key: Key = (), hint: str = "", *, of_key: bool = False
    ) -> Diagnostic:
        """A diagnostic at the place of `key` in this record's file."""
        line, column = self.document.place(key, of_key=of_key)
        return Diagnostic(self.document.file, line, column, code, text, hint)


@dataclass(slots=True)
class Entries:
    """Every record of a folder, by model and by path inside the folder."""

    by_model: dict[type[Record], dict[str, Entry[Record]]] = field(default_factory=dict)
    diagnostics: list[Diagnostic] = field(default_factory=list)

    def add(self, model: type[Record], path: PurePosixPath, entry: Entry[Record]) -> None:
        """Remember an entry under its path without suffix."""
        self.by_model.setdefault(model, {})[str(path.with_suffix(""))] = entry

    def of(self, model: type[R]) -> dict[str, Entry[R]]:
        """All entries of a model, by path without suffix, broken ones too."""
        return cast("dict[str, Entry[R]]", self.by_model.get(model, {}))

    def valid(self, model: type[R]) -> list[tuple[Entry[R], R]]:
        """The entries of a model that validated, with their records."""
        return [(entry, entry.record) for entry in self.of(model).values() if entry.record]

    def slugs(self, model: type[Record], table: str | None = None) -> frozenset[str]:
        """The slugs of a model's files, or the keys of the `table` inside its one file.

        Slugs of records that did not validate count, so that one mistake is one finding.
        """
        entries = self.of(model).values()
        if table is None:
            return frozenset(entry.slug for entry in entries)
        return frozenset(
            str(slug)
            for entry in entries
            if isinstance(entry.document.data, dict)
            for slug in entry.document.data.get(table) or ()
        )

    def all(self) -> list[Entry[Record]]:
        """Every entry of every model."""
        return [entry for entries in self.by_model.values() for entry in entries.values()]
