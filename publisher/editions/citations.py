"""What the texts of a career name: its books list that, and nothing of other careers."""

import re
from collections.abc import Iterator, Mapping
from functools import cache

from publisher.records.catalogue import CareerRecords, Catalogue
from publisher.records.types import Record

LINK = re.compile(r"\]\((skill|resource|source):([a-z0-9-]+)")

Cited = Mapping[str, frozenset[str]]
"""Kind (skill, resource, source) to slugs."""


@cache
def cited(catalogue: Catalogue, records: CareerRecords) -> Cited:
    """Every skill, resource and source that a record of the career uses or links to."""
    found: dict[str, set[str]] = {"skill": set(), "resource": set(), "source": set()}
    for record in _records(catalogue, records):
        text = record.model_dump_json() + str(getattr(record, "body", ""))
        for kind, slug in LINK.findall(text):
            found[kind].add(slug)
    for slug in records.career.curriculum:
        module = catalogue.modules[slug]
        found["skill"].update(module.teaches)
        found["resource"].update(use.resource for use in module.resources)
    for path in records.paths.values():
        found["skill"].update(*(strength.skills for strength in path.strengths))
        found["skill"].update(*(gap.skills for gap in path.gaps))
    found["source"].update(tool.source for tool in records.career.tools)
    found["source"].update(pay.source for pay in records.career.pay)
    for project in records.projects.values():
        found["source"].update(data.source for data in project.datasets)
    return {kind: frozenset(slugs) for kind, slugs in found.items()}


def _records(catalogue: Catalogue, records: CareerRecords) -> Iterator[Record]:
    """Every record whose text a book of the career may show."""
    yield records.career
    yield from (catalogue.modules[slug] for slug in records.career.curriculum)
    yield from records.paths.values()
    yield from records.projects.values()
    yield from records.interview.values()
    yield from records.advice
    yield from catalogue.skills.values()
    yield from catalogue.terms.values()
    yield from catalogue.resources.values()
    yield from catalogue.sources.values()
