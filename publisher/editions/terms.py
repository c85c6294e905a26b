"""What is linked in the text and listed in the index: terms of the glossary, and tools."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from publisher.records.catalogue import CareerRecords, Catalogue


@dataclass(frozen=True, slots=True)
class IndexTerm:
    """A thing to find in the index. `anchor` is where it is explained."""

    slug: str
    name: str
    spellings: tuple[str, ...]
    anchor: str


@cache
def index_terms(catalogue: Catalogue, records: CareerRecords) -> tuple[IndexTerm, ...]:
    """Every term and tool, by name. A spelling belongs to one of them only."""
    found = [*_glossary(catalogue), *_tools(records)]
    return tuple(sorted(found, key=lambda term: (term.name.lower(), term.slug)))


def tool_anchor(name: str) -> str:
    """The anchor of a tool in the chapter on the career."""
    return "tool-" + re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")


def _glossary(catalogue: Catalogue) -> Iterator[IndexTerm]:
    for slug, term in catalogue.terms.items():
        spellings = tuple(dict.fromkeys((term.term, *term.aliases)))
        yield IndexTerm(slug, term.term, spellings, f"term-{slug}")


def _tools(records: CareerRecords) -> Iterator[IndexTerm]:
    for tool in records.career.tools:
        anchor = tool_anchor(tool.name)
        yield IndexTerm(anchor, tool.name, (tool.name,), anchor)
