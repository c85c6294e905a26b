"""The peers of the benchmark typeset the same text as this program."""

import random
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from pikepdf import Array, Object, Page, Pdf, String, parse_content_stream
from plain import Plain
from sample import Guide, composed_guide, desk, prepare, reader
from typeset import Typst

from publisher.build.book import lay_out_all, pdf_of
from publisher.build.reporter import Buffer
from publisher.build.store import Store
from publisher.build.workshop import Workshop
from publisher.rendering.names import XHTML

MAPPED = re.compile(rb"<([0-9a-fA-F]{4})>\s*<([0-9a-fA-F]+)>")


@pytest.fixture(scope="module")
def guide() -> Guide:
    """Every fifth section of the guide that is measured, which is enough to tell."""
    whole = composed_guide(reader(0), desk())
    return Guide(whole.edition, whole.pages[::5])


@pytest.fixture(scope="module")
def books(guide: Guide, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The same sections, made by each."""
    folder = tmp_path_factory.mktemp("peers")
    prepare(folder, [guide], desk().theme)
    made = {name: folder / f"{name}.pdf" for name in ("program", "plain", "typst")}
    workshop = Workshop(desk().theme, Store(folder / "cache"), Buffer(), workers=1)
    parts = lay_out_all(guide.edition, guide.pages, workshop)
    made["program"].write_bytes(pdf_of(guide.edition, parts, workshop))
    Plain(folder).render(0, made["plain"])
    Typst(folder).typeset(0, made["typst"])
    return made


@pytest.mark.parametrize("peer", ["plain", "typst"])
def test_a_peer_makes_about_as_many_pages(peer: str, books: dict[str, Path]) -> None:
    """A peer that laid out less text, or the same in smaller type, would seem faster."""
    assert pages_of(books["program"]) == pytest.approx(pages_of(books[peer]), rel=0.25)


@pytest.mark.parametrize("maker", ["program", "plain", "typst"])
def test_a_book_has_the_sentences_of_the_guide(
    maker: str, guide: Guide, books: dict[str, Path]
) -> None:
    """Twenty sentences, drawn by lot from all sections, can be read in the finished file."""
    drawn = random.Random(20).sample(list(sentences(guide)), 20)  # noqa: S311  # no secret
    text = letters(text_of(books[maker]))
    assert [] == [sentence for sentence in drawn if letters(sentence) not in text]


def sentences(guide: Guide) -> Iterator[str]:
    """Whole sentences of the paragraphs of all sections."""
    for page in guide.pages:
        for paragraph in page.tree.iter(f"{XHTML}p"):
            text = "".join(map(str, paragraph.itertext()))
            yield from (s for s in re.split(r"(?<=[.:?!])\s+", text) if len(s) > 40)


def letters(text: str) -> str:
    """Letters and digits alone: spaces and hyphens depend on where lines break."""
    return re.sub(r"[\W_]", "", text)


def pages_of(path: Path) -> int:
    """The number of pages."""
    with Pdf.open(path) as pdf:
        return len(pdf.pages)


def text_of(path: Path) -> str:
    """The text of a PDF in the order of its operators, without artifacts such as folios."""
    with Pdf.open(path) as pdf:
        return "".join(text for page in pdf.pages for text in page_text(page))


def page_text(page: Page) -> Iterator[str]:
    """What the operators of a page show, through the fonts' ToUnicode maps (PDF 1.7, 9.10.3)."""
    fonts = {name: unicode_of(font) for name, font in page.resources.get("/Font", {}).items()}
    font: dict[bytes, str] = {}
    marked: list[bool] = []
    for instruction in parse_content_stream(page):
        operands = instruction.operands
        match str(instruction.operator):
            case "BDC" | "BMC":
                marked.append(operands[0] == "/Artifact")
            case "EMC":
                marked.pop()
            case "Tf":
                font = fonts[str(operands[0])]
            case "Tj" | "TJ" if not any(marked):
                shown = operands[0] if isinstance(operands[0], Array) else operands
                codes = b"".join(bytes(part) for part in shown if isinstance(part, String))
                yield "".join(font.get(codes[i : i + 2], "") for i in range(0, len(codes), 2))


def unicode_of(font: Object) -> dict[bytes, str]:
    """Two-byte code to text."""
    pairs = MAPPED.findall(font.ToUnicode.read_bytes())
    return {bytes.fromhex(c.decode()): bytes.fromhex(t.decode()).decode("utf-16-be")
            for c, t in pairs}  # fmt: skip
