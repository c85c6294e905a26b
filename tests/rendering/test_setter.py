"""What is set the short way says and looks the same as what the general renderer makes of it."""

import subprocess
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import pytest
from pikepdf import Pdf

from publisher.build import fragments
from publisher.build.guide import make_guide
from publisher.build.reporter import Silent
from publisher.build.store import Store
from publisher.build.workshop import Workshop
from publisher.planning.plan import plan
from publisher.planning.reader import Reader
from publisher.records.catalogue import Catalogue
from publisher.rendering.pdf import layout
from publisher.rendering.pdf.fragment import FragmentJob
from publisher.rendering.theme import Theme
from publisher.settings import Settings
from tests import validators
from tests.conftest import MadeGuide

READER = Reader(background="software-engineer", name="Ada Lovelace", skills={"hnsw": 1})

NEAR = 9.0
"""Points by which a word may stand elsewhere: less than a line."""

Words = list[tuple[str, float, float]]
"""Text, and the place of its upper left corner in points."""


@pytest.fixture(scope="module")
def both(
    catalogue: Catalogue,
    made_guides: Mapping[str, MadeGuide],
    tmp_path_factory: pytest.TempPathFactory,
) -> dict[str, Path]:
    """The guide with its personal sections set either way."""
    cache = made_guides["software-engineer"].pdf.parent / "cache"
    folder = tmp_path_factory.mktemp("setter")
    made = {"short": folder / "short.pdf", "general": folder / "general.pdf"}
    made["short"].write_bytes(_guide(catalogue, cache))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(fragments, "set_section", _refused)
        patch.setattr(layout, "fitted", lambda xhtml, render: render(xhtml))
        made["general"].write_bytes(_guide(catalogue, cache))
    return made


def _refused(_job: FragmentJob) -> None:
    raise ValueError("not plain")


def _guide(catalogue: Catalogue, cache: Path) -> bytes:
    workshop = Workshop(Theme(Settings().theme), Store(cache), Silent(), 1)
    return make_guide(plan(READER, catalogue), ["pdf"], workshop).files["pdf"]


def _first_page_of_the_index(pages: list[Words]) -> int:
    """Counted from 0."""
    return next(
        number
        for number, words in enumerate(pages)
        if any(word == "Index" and y < 90 for word, _, y in words)
        and not any(word == "Contents" for word, _, _ in words)
    )


def test_both_have_the_same_words(both: dict[str, Path]) -> None:
    """A row may stand on the next page by a hair; nothing is lost, added or out of order."""
    short, general = (_pages(both[way]) for way in ("short", "general"))
    assert len(general) == len(short)
    before = _first_page_of_the_index(general)
    said = Counter(_running_text(short[:before]))
    assert Counter(_running_text(general[:before])) - said == Counter()
    assert said - Counter(_running_text(general[:before])) == Counter()


def _running_text(pages: list[Words]) -> list[str]:
    """Every word of the text in alphabetical order, without heads, feet and repeated heads."""
    inside = ((word, y) for words in pages for word, _, y in words)
    again = {
        "Module",
        "Week",
        "Weeks",
        "From",
        "What",
        "to",
        "do",
        "Hours",
        "hours",
        "Your",
        "Page",
    }
    return sorted(word for word, y in inside if 50 < y < 785 and word not in again)


def test_words_stand_in_the_same_places(both: dict[str, Path]) -> None:
    """Nine of ten within a line, so that both look the same; the index balances its columns."""
    short, general = (_pages(both[way]) for way in ("short", "general"))
    before = _first_page_of_the_index(general)
    for number, (one, other) in enumerate(zip(short, general, strict=True), start=1):
        if number > before:
            break
        near = sum(_stands(word, other) for word in one)
        assert near >= 0.9 * len(one), f"page {number}: {near} of {len(one)}"


def _stands(word: tuple[str, float, float], others: Words) -> bool:
    text, x, y = word
    return any(text == t and abs(x - a) < NEAR and abs(y - b) < NEAR for t, a, b in others)


def test_links_lead_to_the_same_places(both: dict[str, Path]) -> None:
    """The short way links a phrase once where the general one links each of its lines."""
    short, general = (_targets(both[way]) for way in ("short", "general"))
    before = _first_page_of_the_index(_pages(both["general"]))
    assert general[:before] == short[:before]
    assert set().union(*general[before:]) == set().union(*short[before:])


def test_the_short_way_is_tagged(both: dict[str, Path]) -> None:
    assert [] == validators.qpdf(both["short"])


def _targets(path: Path) -> list[set[str]]:
    with Pdf.open(path) as pdf:
        return [
            {str(a.Dest) for a in page.obj.get("/Annots", []) if "/Dest" in a} for page in pdf.pages
        ]


def _pages(path: Path) -> list[Words]:
    """The words of each page with their places, as poppler finds them."""
    ended = subprocess.run(
        ["pdftotext", "-bbox", str(path), "-"], check=True, capture_output=True, encoding="utf-8"
    )
    pages: list[Words] = []
    for line in ended.stdout.splitlines():
        if "<page " in line:
            pages.append([])
        elif "<word " in line:
            head, _, rest = line.partition('xMin="')[2].partition('" yMin="')
            text = line.partition('">')[2].removesuffix("</word>")
            pages[-1].append((text, float(head), float(rest.partition('"')[0])))
    return pages
