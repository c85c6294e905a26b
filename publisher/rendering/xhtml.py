"""Composes a section's XHTML once for both formats, and checks it before anything is rendered."""

import copy
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from lxml import etree

from publisher.editions.edition import Edition, Section
from publisher.records.diagnostics import DiagnosedError, Diagnostic
from publisher.rendering.figures import place_figures, tell_in_title
from publisher.rendering.names import PAGE_XREF, SVG, XHTML, XML_LANG, XREF
from publisher.rendering.terms import link_terms
from publisher.rendering.theme import Theme
from publisher.rendering.tree import Element, anchors, drop, has_class, links, text_of

HEADINGS = {f"{XHTML}h{level}": level for level in range(1, 7)}
BLOCKS = frozenset(XHTML + tag for tag in ("p", "div", "pre", "table", "figure", "blockquote"))


@dataclass(frozen=True)
class Page:
    """A composed section. `tree` holds the XHTML of both formats; `ids` its anchors."""

    section: Section
    tree: Element
    ids: frozenset[str]


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
    return Page(section, tree, frozenset(anchors(tree)))


def problems(pages: Iterable[Page], theme: Theme) -> Iterator[Diagnostic]:
    """What is wrong with the composed sections of a book, each by itself and all together."""
    pages = list(pages)
    owners: dict[str, str] = {}
    for page in pages:
        for finding in _page_problems(page, theme):
            yield Diagnostic(f"{page.section.slug}.xhtml", 0, 0, *finding)
        for name in anchors(page.tree):
            if name in owners:
                text = f"id {name!r} stands in {owners[name]!r} already"
                yield Diagnostic(f"{page.section.slug}.xhtml", 0, 0, "B107", text)
            owners[name] = page.section.slug


def dead_links(pages: Iterable[Page], known: frozenset[str]) -> Iterator[Diagnostic]:
    """Links to anchors that neither the pages nor `known` (anchors of other editions) have."""
    pages = list(pages)
    alive = known.union(*(page.ids for page in pages))
    for page in pages:
        for link in links(page.tree):
            target = link.get("href", "")
            if target.startswith("#") and target[1:] not in alive:
                name = f"{page.section.slug}.xhtml"
                yield Diagnostic(name, 0, 0, "B108", f"no anchor {target!r} in the book")


def _page_problems(page: Page, theme: Theme) -> Iterator[tuple[str, str]]:
    tree = page.tree
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
    tree = copy.deepcopy(page.tree)
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
    # WeasyPrint reads HTML, to which <td/> is a tag that stays open.
    return etree.tostring(tree, encoding="utf-8", method="html")


def for_screen(page: Page, files: Mapping[str, str]) -> bytes:
    """The XHTML of the EPUB: links lead to `files` (anchor to file name), print parts are gone."""
    tree = copy.deepcopy(page.tree)
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


def _drop(tree: Element, name: str) -> None:
    for element in [each for each in tree.iter() if has_class(each, name)]:
        drop(element)
