"""Puts the drawings of the records into a section, in the looks of the theme."""

import re
from collections.abc import Mapping

from lxml import etree

from publisher.records.models.figure import Figure
from publisher.rendering.names import SVG, XHTML
from publisher.rendering.theme import Theme
from publisher.rendering.tree import Element, text_of

REFERENCE = re.compile(r"#([\w-]+)")


def place_figures(tree: Element, section: str, figures: Mapping[str, Figure], theme: Theme) -> None:
    """Put each drawing over its caption, in place."""
    for holder in tree.iter(f"{XHTML}figure"):
        slug = str(holder.attrib.pop("data-figure", ""))
        if slug:
            parser = etree.XMLParser(remove_comments=True)
            svg = etree.fromstring(figures[slug].drawing.encode(), parser)
            _dress(svg, theme)
            _make_ids_unique(svg, f"{section}--{slug}--")
            svg.tail = "\n"
            holder.insert(0, svg)


def tell_in_title(tree: Element) -> None:
    """Put all words of each drawing into its title, which alone the PDF's renderer reads out."""
    for svg in tree.iter(f"{SVG}svg"):
        title, words = svg.find(f"{SVG}title"), svg.find(f"{SVG}desc")
        if title is not None and words is not None:
            title.text = f"{text_of(title).rstrip('.')}. {text_of(words)}"
            svg.remove(words)


def _dress(svg: Element, theme: Theme) -> None:
    """Give a drawing its size and the theme's classes; a page's stylesheet ends at its border."""
    _, _, width, height = (svg.get("viewBox") or "").split()
    svg.set("width", width)
    svg.set("height", height)
    svg.set("role", "img")
    for tag in ("title", "desc"):
        element = svg.find(f"{SVG}{tag}")
        if element is not None:
            element.text = " ".join((element.text or "").split())
    style = etree.SubElement(svg, f"{SVG}style")
    style.text = re.sub(r"</?style>", "", theme.figure_style)
    svg.insert(2, style)


def _make_ids_unique(svg: Element, prefix: str) -> None:
    """Two drawings may use one name; a book may not."""
    for element in svg.iter():
        for name, value in element.attrib.items():
            if name == "id":
                element.set(name, prefix + str(value))
            elif name == "href" or "url(" in str(value):
                element.set(name, REFERENCE.sub(rf"#{prefix}\1", str(value)))
