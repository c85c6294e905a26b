"""A figure prints in the theme's looks, is read out in full, and is legible."""

import json
import re
import runpy
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache
from itertools import combinations
from pathlib import Path

import pikepdf
import pytest
from lxml import etree
from PIL import ImageFont

from publisher.editions.edition import Section
from publisher.records.catalogue import Catalogue
from publisher.records.models.figure import Figure
from publisher.rendering.markdown import markdown
from publisher.rendering.names import SVG, XHTML
from publisher.rendering.theme import Theme
from publisher.rendering.tree import Element, text_of
from publisher.rendering.xhtml import Page, compose, for_print, for_screen, problems
from publisher.settings import Settings
from tests.conftest import BACKGROUNDS, ROOT, MadeGuide
from tests.rendering.test_xhtml import EDITION, theme_with

STYLE = "<style>\n.flow { stroke: #000 }\n</style>"

HILL = Figure(
    title="A hill",
    description="A hill with a tower on it.",
    drawing='<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 460 80"><title>A hill</title>'
    '<desc>A hill with a tower\n on it.</desc><defs><pattern id="wood"/></defs><!-- note -->'
    '<path d="M0 0" fill="url(#wood)" class="flow"/></svg>',
)

DRAWINGS = sorted((ROOT / "guides" / "figures").glob("*.svg"))

SMALLEST = 7.5
"""Points, in print."""

WIDTH_OF_TEXT, WIDTH_OF_DRAWINGS = 459.28, 460


def composed(text: str, folder: Path) -> Page:
    """A section with this Markdown in a theme with one class for figures."""
    theme = theme_with("<h1>A</h1>{{ text|markdown }}", folder)
    (folder / "templates" / "figure-style.svg").write_text(STYLE, "utf-8")
    edition = replace(EDITION, figures={"hill": HILL, "mound": HILL})
    section = Section("probe", "probe", {"text": text}, terms=True)
    return compose(section, edition, theme)


def test_a_paragraph_that_is_one_figure_has_a_caption() -> None:
    made = markdown('Look:\n\n![A "hill" in [the book](source:atlas)](figure:hill)\n\nEnd.')
    assert (
        '<p>Look:</p>\n<figure class="drawing" data-figure="hill"><figcaption>A “hill” in '
        '<a href="#source-atlas">the book</a></figcaption></figure>\n<p>End.</p>\n'
    ) == made


@pytest.mark.parametrize("text", ["![A](figure:hill) end", "- ![A](figure:hill)", "![A](hill.svg)"])
def test_anything_else_is_no_figure(text: str) -> None:
    assert "<figure" not in markdown(text)


def test_the_drawing_stands_over_its_caption_in_the_looks_of_the_theme(tmp_path: Path) -> None:
    page = composed("![See recall.](figure:hill)", tmp_path)
    assert [] == list(problems([page]))
    (figure,) = page.tree.iter(f"{XHTML}figure")
    svg, caption = figure
    assert (f"{SVG}svg", "See recall.") == (svg.tag, caption.text)
    assert ("460", "80", "img") == tuple(svg.get(name) for name in ("width", "height", "role"))
    assert "\n.flow { stroke: #000 }\n" == svg.findtext(f"{SVG}style")
    assert b"note" not in etree.tostring(svg)
    assert figure.get("data-figure") is None


def test_ids_of_drawings_are_unique_in_the_book(tmp_path: Path) -> None:
    page = composed("![One](figure:hill)\n\n![Two](figure:mound)", tmp_path)
    assert [] == list(problems([page]))
    for svg in page.tree.iter(f"{SVG}svg"):
        (pattern,), (path,) = svg.iter(f"{SVG}pattern"), svg.iter(f"{SVG}path")
        assert path.get("fill") == f"url(#{pattern.get('id')})"


def test_all_words_are_read_out_in_both_formats(tmp_path: Path) -> None:
    """The renderer of the PDF reads out the title and nothing else."""
    page = composed("![One](figure:hill)", tmp_path)
    paper, glass = for_print(page).decode(), for_screen(page, {}).decode()
    assert "<title>A hill. A hill with a tower on it.</title>" in paper
    assert "<desc>" not in paper
    assert "<title>A hill</title><desc>A hill with a tower on it.</desc>" in glass


def test_the_measured_figure_is_drawn_from_its_results() -> None:
    """Nobody has moved a point by hand, and no package is needed to draw it again."""
    script = runpy.run_path(str(ROOT / "guides/figures/measure/recall_latency.py"))
    results = json.loads(script["RESULTS"].read_text("utf-8"))
    assert script["FIGURE"].read_text("utf-8") == script["draw"](results)


def alternatives(path: Path) -> list[str]:
    """What a screen reader says for each figure of a PDF."""
    with pikepdf.open(path) as pdf:
        return [
            str(element.get("/Alt", ""))
            for element in pdf.objects
            if isinstance(element, pikepdf.Dictionary) and element.get("/S") == pikepdf.Name.Figure
        ]


@pytest.mark.parametrize("background", BACKGROUNDS)
def test_figures_of_a_guide_are_there_in_both_formats(
    background: str, made_guides: Mapping[str, MadeGuide], catalogue: Catalogue
) -> None:
    guide = made_guides[background]
    spoken = alternatives(guide.pdf)
    assert "" not in spoken
    with zipfile.ZipFile(guide.epub) as book:
        package = next(book.read(n).decode() for n in book.namelist() if n.endswith(".opf"))
        chapters = {n: book.read(n).decode() for n in book.namelist() if n.endswith(".xhtml")}
    shown = 0
    for figure in catalogue.figures.values():
        words = f"{figure.title}. {figure.description}"
        homes = [name for name, text in chapters.items() if f"<title>{figure.title}<" in text]
        assert len(homes) == spoken.count(words)
        for name in homes:
            shown += 1
            (item,) = re.findall(rf'<item [^>]*href="{name.rpartition("/")[2]}"[^>]*>', package)
            assert 'properties="svg"' in item
    assert shown


@pytest.fixture(params=DRAWINGS, ids=lambda path: path.stem)
def drawing(request: pytest.FixtureRequest) -> Element:
    """Each figure of the records in turn."""
    return etree.parse(request.param).getroot()


THEME = Theme(Settings().theme)

SIZES = {
    name: float(size)
    for name, size in re.findall(
        r"^(text|\.[\w-]+) \{[^}]*font-size: ([\d.]+)px", THEME.figure_style, re.MULTILINE
    )
}
"""Class to the size of its letters."""


def test_no_letter_is_too_small() -> None:
    assert "text" in SIZES
    assert SMALLEST <= min(SIZES.values()) * WIDTH_OF_TEXT / WIDTH_OF_DRAWINGS


def test_every_class_is_one_of_the_theme(drawing: Element) -> None:
    """What has no class of the theme would print as a black shape."""
    known = set(re.findall(r"\.([a-z][\w-]*)", THEME.figure_style))
    used = {name for e in drawing.iter() for name in (e.get("class") or "").split()}
    assert set() == used - known
    shapes = (f"{SVG}{tag}" for tag in ("path", "rect", "circle", "line", "polygon", "polyline"))
    bare = [e for e in drawing.iter(*shapes) if not e.get("class") and not e.get("fill")]
    assert [] == bare


@cache
def face(name: str, size: float) -> ImageFont.FreeTypeFont:
    """A face of the theme at ten times its size."""
    return ImageFont.truetype(str(THEME.folder / "fonts" / f"{name}.ttf"), size * 10)


Box = tuple[float, float, float, float]
"""Left, top, right, bottom."""


def boxes(drawing: Element) -> Iterator[tuple[str, Box]]:
    """Each text that stands upright and where it is."""
    for text in drawing.iter(f"{SVG}text"):
        if text.get("transform"):
            continue
        classes = (text.get("class") or "").split()
        size = min([SIZES["text"], *(SIZES.get(f".{name}", 99.0) for name in classes)])
        style = "Code" if "code" in classes else "Sans"
        font = {"Code": "SourceCodePro-Regular", "Sans": "SourceSans3-SemiBold"}[style]
        words = text_of(text)
        width = face(font, size).getlength(words) / 10
        shift = width / 2 if "middle" in classes else width if "end" in classes else 0
        x, y = float(text.get("x") or 0) - shift, float(text.get("y") or 0)
        yield words, (x, y - 0.66 * size, x + width, y + 0.18 * size)


def test_texts_stay_inside_and_apart(drawing: Element) -> None:
    _, _, width, height = (float(side) for side in (drawing.get("viewBox") or "").split())
    placed = list(boxes(drawing))
    outside = [
        words
        for words, (left, top, right, bottom) in placed
        if left < 0 or top < 0 or right > width or bottom > height
    ]
    assert [] == outside
    overlapping = [
        (one, other)
        for (one, a), (other, b) in combinations(placed, 2)
        if a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]
    ]
    assert [] == overlapping
