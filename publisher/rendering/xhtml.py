"""Composes a section's XHTML once for both formats, and checks it before anything is rendered."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from lxml import etree

from publisher.editions.edition import Edition, Section
from publisher.records.diagnostics import DiagnosedError, Diagnostic
from publisher.rendering.figures import place_figures, tell_in_title
from publisher.rendering.names import BLOCK, EPUB_TYPE, PAGE_XREF, SVG, XHTML, XML_LANG, XREF
from publisher.rendering.terms import link_terms
from publisher.rendering.theme import Theme
from publisher.rendering.tree import Element, anchors, drop, has_class, links, text_of

NAMESPACE = f' xmlns="{XHTML[1:-1]}"'.encode()

HEADINGS = {f"{XHTML}h{level}": level for level in range(1, 7)}
NUMBERED = tuple(XHTML + tag for tag in ("h1", "h2", "h3", "p", "li", "pre", "dt", "dd", "tr"))
"""Blocks of text with which a page can begin."""

BLOCKS = frozenset(XHTML + tag for tag in ("p", "div", "pre", "table", "figure", "blockquote"))


@dataclass(frozen=True, eq=False)
class Page:
    """A composed section: the XHTML of both formats.

    `anchors` are its ids in document order, `problems` the codes and texts of what is wrong in it.
    Bytes are kept, since a tree takes six times their memory and the sections of a long book are
    all there at once.
    """

    section: Section
    xhtml: bytes
    anchors: tuple[str, ...]
    problems: tuple[tuple[str, str], ...]

    @property
    def tree(self) -> Element:
        """The XHTML as a tree, a new one each time."""
        return etree.fromstring(self.xhtml)

    @cached_property
    def ids(self) -> frozenset[str]:
        """Its anchors."""
        return frozenset(self.anchors)

    @cached_property
    def targets(self) -> frozenset[str]:
        """The anchors, here or elsewhere in the book, that it links to."""
        found = (link.get("href", "") for link in links(self.tree))
        return frozenset(target[1:] for target in found if target.startswith("#"))

    @property
    def print_xhtml(self) -> bytes:
        """The XHTML that is laid out."""
        return for_print(self)


def compose(section: Section, edition: Edition, theme: Theme, **extra: Any) -> Page:
    """Render a section's template with its context, show its figures and link the terms in it.

    `extra` holds what the theme gives beside the section's own context. Raises
    `DiagnosedError` (B101) when the result is not well-formed.
    """
    text = theme.render(
        f"{section.template}.xhtml",
        **section.context,
        **extra,
        language=edition.language,
        section=section,
    )
    try:
        tree = etree.fromstring(text.encode())
    except etree.XMLSyntaxError as error:
        name = f"{section.slug}.xhtml"
        line, column = error.position
        found = Diagnostic(name, line, column, "B101", str(error.msg), "mend the template")
        raise DiagnosedError([found]) from error
    place_figures(tree, section.slug, edition.figures, theme)
    body = tree.find(f"{XHTML}body")
    if section.terms and body is not None:
        link_terms(body, section.slug, edition.terms)
    number_blocks(tree)
    xhtml = etree.tostring(tree, encoding="utf-8")
    return Page(section, xhtml, tuple(anchors(tree)), tuple(_problems(tree, theme)))


def problems(pages: Iterable[Page]) -> Iterator[Diagnostic]:
    """What is wrong with the composed sections of a book, each by itself and all together."""
    pages = list(pages)
    owners: dict[str, str] = {}
    for page in pages:
        for finding in page.problems:
            yield Diagnostic(f"{page.section.slug}.xhtml", 0, 0, *finding)
    for page in pages:
        for name in page.anchors:
            if name in owners:
                text = f"id {name!r} stands in {owners[name]!r} already"
                yield Diagnostic(f"{page.section.slug}.xhtml", 0, 0, "B107", text)
            owners[name] = page.section.slug


def dead_links(pages: Iterable[Page], known: frozenset[str]) -> Iterator[Diagnostic]:
    """Links to anchors that neither the pages nor `known` (anchors of other editions) have."""
    pages = list(pages)
    alive = known.union(*(page.ids for page in pages))
    for page in pages:
        for target in sorted(page.targets - alive):
            name = f"{page.section.slug}.xhtml"
            yield Diagnostic(name, 0, 0, "B108", f"no anchor '#{target}' in the book")


def _problems(tree: Element, theme: Theme) -> Iterator[tuple[str, str]]:
    if not (tree.findtext(f"{XHTML}head/{XHTML}title") or "").strip():
        yield "B102", "the section has no title"
    if not tree.get("lang") or not tree.get(XML_LANG):
        yield "B103", "the section names no language"
    yield from _heading_order(tree)
    for picture in tree.iter(XHTML + "img", SVG + "svg"):
        alternative = picture.get("alt") or picture.findtext(f"{SVG}title")
        if not (alternative or "").strip():
            yield "B105", "a picture has no text alternative"
    for table in tree.iter(XHTML + "table"):
        if table.find(f".//{XHTML}th") is None:
            yield "B106", "a table has no header cells"
    for item in tree.iter(XHTML + "li"):
        if any(child.tag in BLOCKS for child in item):
            yield "B110", f"a list item has blocks: {text_of(item)[:60]!r}"
    missing = theme.missing(text_of(tree))
    if missing:
        shown = ", ".join(f"{c} (U+{ord(c):04X})" for c in missing[:5])
        yield "B109", f"no bundled font has {shown}"


def _heading_order(tree: Element) -> Iterator[tuple[str, str]]:
    last = 0
    for heading in tree.iter(*HEADINGS):
        level = HEADINGS[str(heading.tag)]
        if level > last + 1:
            yield "B104", f"h{level} follows h{last}: {text_of(heading)[:60]!r}"
        last = level


def for_print(page: Page) -> bytes:
    """The XHTML that is laid out: links to other sections wait for assembly."""
    tree = page.tree
    _drop(tree, "screen")
    tell_in_title(tree)
    for link in links(tree):
        target = link.get("href", "")
        if has_class(link, "page"):
            link.set("href", PAGE_XREF + target[1:])
        elif target.startswith("#") and target[1:] not in page.ids:
            link.set("href", XREF + target[1:])
        if len(link):  # PDF/UA: WeasyPrint tags an element inside a link outside of it
            text = text_of(link)
            for child in list(link):
                link.remove(child)
            link.text = text
    # WeasyPrint knows HTML elements by their names alone.
    return etree.tostring(tree, encoding="utf-8").replace(NAMESPACE, b"", 1)


def number_blocks(tree: Element) -> None:
    """Number the blocks of text in document order, in place."""
    for number, block in enumerate(tree.iter(*NUMBERED)):
        block.set(BLOCK, str(number))


def page_anchor(number: int) -> str:
    """The anchor in an EPUB of the place where a page of the PDF begins."""
    return f"page-{number}"


def for_screen(
    page: Page, files: Mapping[str, str], breaks: Mapping[int | None, Sequence[int]] | None = None
) -> bytes:
    """The XHTML of the EPUB: links lead to `files` (anchor to file name), print parts are gone.

    `breaks` has the numbers of the pages that begin with a block; None is the section itself.
    """
    tree = page.tree
    if breaks:
        _mark_pages(tree, breaks)
    for block in tree.iter(*NUMBERED):
        del block.attrib[BLOCK]
    _drop(tree, "print")
    for link in list(links(tree)):
        target = link.get("href", "")
        if not target.startswith("#") or target[1:] in page.ids:
            continue
        file = files.get(target[1:])
        if file:
            link.set("href", f"{file}{target}")
        else:
            link.tag = XHTML + "span"
            del link.attrib["href"]
    return etree.tostring(tree, encoding="utf-8", xml_declaration=True, doctype="<!DOCTYPE html>")


def _mark_pages(tree: Element, breaks: Mapping[int | None, Sequence[int]]) -> None:
    places = {block.get(BLOCK): block for block in tree.iter(*NUMBERED)}
    for section in tree.iter(f"{XHTML}section"):
        places[str(None)] = section
    for block, numbers in breaks.items():
        place = places[str(block)]
        if place.tag == f"{XHTML}tr":
            place = place[0]
        for number in reversed(numbers):
            _mark_page(place, number)


def _mark_page(place: Element, number: int) -> None:
    """Put the beginning of a page at the beginning of an element (EPUB 3.3, D.2.2)."""
    mark = etree.Element(f"{XHTML}span")
    mark.set("id", page_anchor(number))
    mark.set(EPUB_TYPE, "pagebreak")
    mark.set("role", "doc-pagebreak")
    mark.set("aria-label", str(number))
    mark.tail, place.text = place.text, None
    place.insert(0, mark)


def _drop(tree: Element, name: str) -> None:
    for element in [each for each in tree.iter() if has_class(each, name)]:
        drop(element)
