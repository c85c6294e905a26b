"""One name, one thing."""

from collections import defaultdict
from collections.abc import Iterator

from publisher.records.diagnostics import Diagnostic
from publisher.records.entries import Entries
from publisher.records.models.library import Glossary
from publisher.records.models.module import Module
from publisher.records.models.project import Project


def slugs_are_unique(entries: Entries) -> Iterator[Diagnostic]:
    """No two projects or modules share a slug, no two glossary terms a name."""
    # A module and a project are both linked from text, and both become a section of a book.
    first: dict[str, str] = {}
    for model in (Module, Project):
        for entry in entries.of(model).values():
            taken = first.setdefault(entry.slug, entry.document.file)
            if taken != entry.document.file:
                yield entry.finding("R207", f"slug {entry.slug!r} is taken by {taken}")
    yield from _terms(entries)


def _terms(entries: Entries) -> Iterator[Diagnostic]:
    for entry, glossary in entries.valid(Glossary):
        owners: dict[str, list[str]] = defaultdict(list)
        for slug, term in glossary.terms.items():
            for name in dict.fromkeys((term.term, *term.aliases)):
                owners[name].append(slug)
        for name, slugs in owners.items():
            for slug in slugs[1:]:
                text = f"{name!r} names {slugs[0]!r} already"
                yield entry.finding("R311", text, ("terms", slug), of_key=True)
