"""Many skills are several sections, so that none is too long to be laid out in little memory."""

from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import pytest

from publisher.editions import shared
from publisher.editions.shared import skills_sections
from publisher.records.catalogue import load_catalogue

CATALOGUE = load_catalogue(Path("guides"))
RECORDS = next(iter(CATALOGUE.careers.values()))


def names(of: int) -> Iterator[tuple[str, list[str]]]:
    """Slugs of sections, and the skills in each."""
    for section in list(skills_sections(CATALOGUE, RECORDS, f"part {of}")):
        groups = section.context["groups"]
        yield section.slug, [slug for _, entries in groups for slug, _ in entries]


def test_ours_are_one_section() -> None:
    assert ["skills"] == [slug for slug, _ in names(1)]


def test_many_are_several_in_the_same_order(monkeypatch: pytest.MonkeyPatch) -> None:
    ((_, all_),) = names(1)
    monkeypatch.setattr(shared, "MOST_SKILLS", 10)
    some = dict(names(2))
    assert [f"skills-{n}" for n in range(2, len(some) + 1)] == [*some][1:]
    assert {10} == {len(each) for each in [*some.values()][:-1]}
    assert all_ == list(chain.from_iterable(some.values()))
