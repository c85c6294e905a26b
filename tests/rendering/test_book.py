"""A joined book is one book: numbers, links, outline and structure agree with each other."""

import re
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, OutlineItem, Pdf

from tests.conftest import BACKGROUNDS, MadeGuide
from tests.validators.programs import program


@pytest.fixture(params=BACKGROUNDS)
def path(request: pytest.FixtureRequest, made_guides: Mapping[str, MadeGuide]) -> Path:
    """The PDF of each guide in turn."""
    return made_guides[request.param].pdf


@pytest.fixture
def book(path: Path) -> Iterator[Pdf]:
    """The same, opened."""
    with pikepdf.open(path) as pdf:
        yield pdf


def sections(book: Pdf) -> list[tuple[str, int]]:
    """Title and page, from 1, of every section in the outline."""
    pages = {page.obj.objgen: number for number, page in enumerate(book.pages, start=1)}

    def leaves(items: list[OutlineItem]) -> Iterator[tuple[str, int]]:
        for item in items:
            if item.children:
                yield from leaves(item.children)
            else:
                assert isinstance(item.destination, Array)
                yield str(item.title), pages[item.destination[0].objgen]

    with book.open_outline() as outline:
        return list(leaves(outline.root))


def destinations(book: Pdf) -> dict[str, int]:
    """Name to page, from 1, of every named destination."""
    pages = {page.obj.objgen: number for number, page in enumerate(book.pages, start=1)}
    names = list(book.Root.Names.Dests.Names)
    return {
        str(name): pages[place[0].objgen]
        for name, place in zip(names[::2], names[1::2], strict=True)
    }


def page_text(path: Path, first: int, last: int) -> str:
    """The text of pages as it stands on paper."""
    tool = program("pdftotext", hint="apt-get install poppler-utils")
    ended = subprocess.run(
        [tool, "-layout", "-f", str(first), "-l", str(last), path, "-"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    return ended.stdout


def words(text: str) -> str:
    """The letters and digits of a text: line breaks and hyphens do not count."""
    return re.sub(r"[\W_]+", "", text)


@pytest.mark.validator
def test_each_section_begins_where_the_outline_says(path: Path, book: Pdf) -> None:
    for title, page in sections(book):
        heading = re.sub(r"^(\d+ |Project: )", "", title)
        assert words(heading) in words(page_text(path, page, page)), title


@pytest.mark.validator
def test_contents_print_the_page_of_every_section(path: Path, book: Pdf) -> None:
    listed = dict(sections(book))
    first = listed.pop("Contents")
    text = page_text(path, first, listed["Your start"] - 1)
    printed = dict(re.findall(r"^ *(\S.*?) {2,}(\d+)$", text, re.MULTILINE))
    assert {title: str(page) for title, page in listed.items()} == {
        title: number for title, number in printed.items() if not title.startswith("Prepared")
    }


@pytest.mark.validator
def test_folios_count_the_pages(path: Path, book: Pdf) -> None:
    for number in (2, 10, len(book.pages)):
        assert re.search(
            rf"Prepared for Ada Lovelace +{number}\s*$", page_text(path, number, number)
        )


@pytest.mark.validator
def test_the_index_names_pages_that_speak_of_the_term(path: Path, book: Pdf) -> None:
    listed = dict(sections(book))
    text = page_text(path, listed["Index"], listed["Colophon"] - 1)
    (numbers,) = re.findall(r"\bHNSW((?:, \d+(?:–\d+)?)+)", text)
    pages = [int(number) for number in re.findall(r"(\d+)(?:–\d+)?", numbers)]
    assert len(pages) > 5
    for page in pages:
        assert "HNSW" in page_text(path, page, page)


def test_every_link_inside_leads_to_a_destination(book: Pdf) -> None:
    known = destinations(book)
    targets = set()
    for page in book.pages:
        for annotation in page.obj.get("/Annots", Array()):
            assert "/Contents" in annotation
            if "/Dest" in annotation:
                targets.add(str(annotation.Dest))
            else:
                assert str(annotation.A.URI).startswith(("https://", "http://"))
    assert targets == set(known)
    assert len(targets) > 200


def test_a_module_link_leads_to_its_module(book: Pdf) -> None:
    known = destinations(book)
    modules = [page for title, page in sections(book) if re.match(r"\d+ ", title)]
    anchors = {page for name, page in known.items() if name.startswith("module-")}
    assert set(modules) == anchors


def test_there_is_one_structure_with_one_parent_tree(book: Pdf) -> None:
    """Every key stands once, and pages and links find themselves under theirs."""
    root = book.Root.StructTreeRoot
    document = root.K
    assert Name.Document == document.S
    assert {Name.Sect} == {child.S for child in document.K}
    nums = list(root.ParentTree.Nums)
    keys = [int(key) for key in nums[::2]]
    assert keys == sorted(set(keys))
    parents = dict(zip(keys, nums[1::2], strict=True))
    for page in book.pages:
        marked = parents[int(page.obj.StructParents)]
        assert all(isinstance(element, Dictionary) for element in marked)
        for annotation in page.obj.get("/Annots", Array()):
            element = parents[int(annotation.StructParent)]
            assert Name.Link == element.S
            assert annotation.objgen in {
                part.Obj.objgen for part in element.K
                if isinstance(part, Dictionary) and "/Obj" in part
            }  # fmt: skip


def test_each_face_is_embedded_once(book: Pdf) -> None:
    names = [
        str(item.FontName) for item in book.objects
        if isinstance(item, Dictionary) and item.get("/Type") == Name.FontDescriptor
    ]  # fmt: skip
    assert sorted(set(names)) == sorted(names)
