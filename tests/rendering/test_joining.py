"""A book that is joined from volumes is the book that is assembled in one piece."""

import subprocess
from collections.abc import Mapping
from functools import partial
from pathlib import Path

import pikepdf
import pytest
from pikepdf import Pdf

from publisher.build import book
from publisher.build.guide import make_guide
from publisher.build.reporter import Silent
from publisher.build.store import Store
from publisher.build.workshop import Workshop
from publisher.planning.plan import plan
from publisher.planning.reader import Reader
from publisher.records.catalogue import Catalogue
from publisher.rendering.pdf.assembly import assemble
from publisher.rendering.theme import Theme
from publisher.settings import Settings
from tests import validators
from tests.conftest import MadeGuide
from tests.validators.programs import program

READER = Reader(background="software-engineer", name="Ada (Lovelace) \\ 5 0 R", skills={"hnsw": 1})
"""A name with all that PDF's syntax is made of."""

VOLUME = 40
"""Pages; the guide has some 180."""


@pytest.fixture(scope="module")
def both(
    catalogue: Catalogue,
    made_guides: Mapping[str, MadeGuide],
    tmp_path_factory: pytest.TempPathFactory,
) -> dict[str, Path]:
    """The guide in one piece, and joined from volumes twice."""
    workshop = Workshop(
        Theme(Settings().theme),
        Store(made_guides["software-engineer"].pdf.parent / "cache"),
        Silent(),
        1,
    )
    folder = tmp_path_factory.mktemp("joining")
    made = {name: folder / f"{name}.pdf" for name in ("whole", "joined", "again")}
    with pytest.MonkeyPatch.context() as patch:
        for name, path in made.items():
            if name != "whole":
                patch.setattr(book, "assemble", partial(assemble, longest=0, volume=VOLUME))
            path.write_bytes(make_guide(plan(READER, catalogue), ["pdf"], workshop).files["pdf"])
    return made


def _page_numbers(pdf: Pdf) -> dict[tuple[int, int], int]:
    return {page.obj.objgen: number for number, page in enumerate(pdf.pages, start=1)}


def _links(path: Path) -> list[tuple[int, str, str, int | None]]:
    """Page, target, description and target's page of every link."""
    with pikepdf.open(path) as pdf:
        numbers = _page_numbers(pdf)
        names = list(pdf.Root.Names.Dests.Names)
        places = {
            str(n): numbers[p[0].objgen] for n, p in zip(names[::2], names[1::2], strict=True)
        }
        return [
            (number, str(link.get("/Dest", link.get("/A", {}).get("/URI", ""))),
             str(link.get("/Contents", "")), places.get(str(link.get("/Dest", ""))))
            for number, page in enumerate(pdf.pages, start=1)
            for link in page.obj.get("/Annots", [])
        ]  # fmt: skip


def _outline(path: Path) -> list[tuple[str, int]]:
    with pikepdf.open(path) as pdf:
        numbers = _page_numbers(pdf)
        found: list[tuple[str, int]] = []
        with pdf.open_outline() as outline:
            waiting = list(outline.root)
            while waiting:
                item = waiting.pop(0)
                found.append((str(item.title), numbers[item.destination[0].objgen]))
                waiting[:0] = item.children
        return found


def _structure(path: Path) -> list[str]:
    """The kinds of the elements of the structure in their order."""
    with pikepdf.open(path) as pdf:
        found, waiting = [], [pdf.Root.StructTreeRoot.K]
        while waiting:
            element = waiting.pop()
            if isinstance(element, pikepdf.Array):
                waiting += reversed(list(element))
            elif isinstance(element, pikepdf.Dictionary) and "/S" in element:
                found.append(str(element.S))
                waiting.append(element.get("/K", pikepdf.Array()))
        return found


@pytest.mark.validator
def test_both_print_the_same(both: dict[str, Path]) -> None:
    tool = program("pdftotext", hint="apt-get install poppler-utils")
    text = {
        name: subprocess.run([tool, "-layout", path, "-"], capture_output=True, check=True).stdout
        for name, path in both.items()
    }
    assert len(text["whole"].split(b"\f")) > 2 * VOLUME
    assert text["whole"] == text["joined"]


def test_links_outline_structure_and_attachments_are_the_same(both: dict[str, Path]) -> None:
    for told in (_links, _outline, _structure):
        assert told(both["whole"]) == told(both["joined"])
    with pikepdf.open(both["whole"]) as whole, pikepdf.open(both["joined"]) as joined:
        assert str(whole.docinfo.Title) == str(joined.docinfo.Title)
        assert list(whole.attachments) == list(joined.attachments)
        for name, file in whole.attachments.items():
            assert file.get_file().read_bytes() == joined.attachments[name].get_file().read_bytes()


def test_joining_again_gives_the_same_bytes(both: dict[str, Path]) -> None:
    assert both["joined"].read_bytes() == both["again"].read_bytes()


def test_fonts_of_volumes_have_tags_of_their_own(both: dict[str, Path]) -> None:
    with pikepdf.open(both["joined"]) as pdf:
        fonts = {
            font.objgen: str(font.BaseFont)
            for page in pdf.pages
            for font in page.resources.Font.values()
        }
    assert len(fonts) > 12
    # Fonts of one tag are of one volume: they share their glyphs (see `_merge` in fonts.py).
    with pikepdf.open(both["joined"]) as pdf:
        files = {
            (name, pdf.get_object(key).DescendantFonts[0].FontDescriptor.FontFile2.objgen)
            for key, name in fonts.items()
        }
    assert len(files) == len({name for name, _ in files})


@pytest.mark.validator
def test_verapdf_and_qpdf_find_nothing(both: dict[str, Path]) -> None:
    assert [] == validators.verapdf(both["joined"])
    assert [] == validators.qpdf(both["joined"])
    assert [] == validators.unembedded_fonts(both["joined"])
