"""Readers share what is the same for both, and never anything personal."""

from datetime import date
from pathlib import Path

from publisher.build.book import composed, furniture_jobs
from publisher.build.reporter import Buffer
from publisher.build.store import Store
from publisher.build.workshop import Workshop
from publisher.editions.guide import personal_guide
from publisher.planning.plan import plan
from publisher.planning.reader import Reader
from publisher.records.catalogue import Catalogue
from publisher.rendering.theme import Theme
from publisher.settings import Settings

ADA = Reader(
    name="Ada Lovelace", background="software-engineer", hours_per_week=8.0,
    start=date(2027, 1, 4), skills={"python": 4},
)  # fmt: skip


WORKSHOP = Workshop(Theme(Settings().theme), Store(Path("unused")), Buffer())


def fragment_keys(reader: Reader, catalogue: Catalogue) -> dict[str, str]:
    """Name of each fragment of a reader's guide to its key."""
    edition = personal_guide(plan(reader, catalogue), {}, "urn:x")
    pages = [
        page for page in composed(edition, catalogue, WORKSHOP) if not page.section.needs_pages
    ]
    jobs = [WORKSHOP.job(page, edition) for page in pages]
    jobs += furniture_jobs(edition, WORKSHOP).values()
    return {job.name: job.key for job in jobs}


def different(one: Reader, other: Reader, catalogue: Catalogue) -> set[str]:
    """The fragments that two readers do not share."""
    first, second = fragment_keys(one, catalogue), fragment_keys(other, catalogue)
    return {name for name in first | second if first.get(name) != second.get(name)}


def test_name_and_start_touch_four_fragments(catalogue: Catalogue) -> None:
    grace = ADA.model_copy(update={"name": "Grace Hopper", "start": date(2027, 3, 1)})
    personal = {"title", "start", "roadmap", "furniture-foot"}
    assert personal == different(ADA, grace, catalogue)
    assert len(fragment_keys(ADA, catalogue)) > 10 * len(personal)


def test_a_name_alone_touches_three(catalogue: Catalogue) -> None:
    nameless = ADA.model_copy(update={"name": None})
    assert {"title", "start", "furniture-foot"} == different(ADA, nameless, catalogue)


def test_backgrounds_share_every_module_that_both_need(catalogue: Catalogue) -> None:
    frontend = ADA.model_copy(update={"background": "frontend-developer"})
    first, second = fragment_keys(ADA, catalogue), fragment_keys(frontend, catalogue)
    modules = {name for name in first.keys() & second.keys() if name.startswith("module-")}
    assert len(modules) > 20
    assert {first[name] for name in modules} == {second[name] for name in modules}
