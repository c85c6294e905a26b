"""Facts from the records and plans of this repository, all the way to a message."""

import json
from datetime import date

import pytest

from publisher.delivery.messages.builder import build
from publisher.delivery.messages.facts import File
from publisher.delivery.messages.identity import Identity
from publisher.delivery.messages.occasions import guide_facts, handbook_facts
from publisher.planning.plan import plan
from publisher.planning.reader import Reader
from publisher.records.catalogue import Catalogue
from publisher.rendering.filters import hours, long_date
from tests.delivery.messages.letters import a_letter, parsed

FILES = [File(format="PDF", size=1_000_000, pages=80)]
UNTIL = date(2026, 12, 23)


def text_of(wire: bytes) -> str:
    body = parsed(wire).get_body(("plain",))
    assert body
    return " ".join(body.get_content().split())


def test_a_letter_for_every_path(catalogue: Catalogue, identity: Identity) -> None:
    """The facts stay what they are when they are kept as JSON in between."""
    for career, records in catalogue.careers.items():
        for background in records.paths:
            made = plan(Reader(background=background, career=career), catalogue)
            facts = json.loads(json.dumps(guide_facts(made, FILES, UNTIL)))
            words = text_of(build(a_letter(facts=facts), identity).wire)
            assert catalogue.modules[made.modules[0].slug].title in words
            assert f"{made.months.likely} months at {hours(made.here.hours_per_week)} " in words
            assert (
                f"First day: {long_date(made.here.start)} Finish: {long_date(made.finish)}" in words
            )


def test_a_reader_who_has_done_everything(catalogue: Catalogue, identity: Identity) -> None:
    reader = Reader(
        background="software-engineer",
        skills=dict.fromkeys(catalogue.skills, 4),
        done=tuple(catalogue.modules),
    )
    facts = guide_facts(plan(reader, catalogue), FILES, UNTIL)
    assert "nothing that you have left" in text_of(build(a_letter(facts=facts), identity).wire)


@pytest.mark.parametrize("career", ["vector-database-engineer", "search-relevance-engineer"])
def test_a_letter_for_every_handbook(career: str, catalogue: Catalogue, identity: Identity) -> None:
    facts = json.loads(json.dumps(handbook_facts(catalogue, career, FILES, UNTIL)))
    words = text_of(build(a_letter("handbook", facts=facts), identity).wire)
    publication = catalogue.publication
    assert f"({publication.edition.lower()}, {long_date(publication.date)})" in words
    assert f"from {len(catalogue.careers[career].paths)} backgrounds" in words
