"""A composed section as a passage of a web page."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from lxml import etree
from markupsafe import Markup

from publisher.rendering.names import BLOCK, EPUB_TYPE, SVG, XHTML
from publisher.rendering.tree import Element, drop, has_class, links, text_of
from publisher.rendering.xhtml import Page

Resolve = Callable[[str], str | None]
"""From an anchor to the address that a page links to; None for one that the site does not have."""

LOWER = {XHTML + f"h{level}": XHTML + f"h{level + 1}" for level in range(1, 5)}

NARROW = ("facts", "levels")
"""Tables that fit on a phone as they are."""


@dataclass(frozen=True, slots=True)
class Passage:
    """What stands under the heading of a section: HTML, which may be put into a page as it is."""

    slug: str
    title: str
    lead: Markup
    """Its first paragraph, if that sums it up; otherwise empty."""
    html: Markup
    """All after that."""


def passage(page: Page, resolve: Resolve, *, lower: bool) -> Passage:
    """The passage of a section; where it is `lower`, its headings begin with h3 instead of h2."""
    tree = page.tree
    (section,) = tree.iter(f"{XHTML}section")
    _leave_out_head(section)
    for element in [each for each in section.iter() if has_class(each, "print")]:
        drop(element)
    _lead(section, resolve)
    _clean(section)
    if lower:
        for heading in list(section.iter(*LOWER)):
            heading.tag = LOWER[str(heading.tag)]
    for wide in list(_wide(section)):
        _let_scroll(wide)
    children = list(section)
    count = int(bool(children) and has_class(children[0], "lead"))
    lead, rest = _html(children[:count]), _html(children[count:])
    return Passage(page.section.slug, page.section.title, lead, rest)


def _leave_out_head(section: Element) -> None:
    """The page prints title and kicker itself."""
    for child in list(section):
        if child.tag == f"{XHTML}h1" or has_class(child, "kicker"):
            section.remove(child)


def _lead(section: Element, resolve: Resolve) -> None:
    """Lead links to where things are on the site; one to what it does not have becomes text."""
    for link in list(links(section)):
        target = link.get("href", "")
        if has_class(link, "term"):
            del link.attrib["id"]  # the index of a book needs it
        if not target.startswith("#"):
            continue
        found = resolve(target[1:])
        if found:
            link.set("href", found)
        else:
            link.tag = f"{XHTML}span"
            del link.attrib["href"]


def _clean(section: Element) -> None:
    """Leave out what is for books alone, and styles inside drawings: the site's has them."""
    for element in section.iter():
        for name in (BLOCK, EPUB_TYPE):
            element.attrib.pop(name, "")
    for svg in section.iter(f"{SVG}svg"):
        for style in svg.findall(f"{SVG}style"):
            svg.remove(style)
        for name in ("width", "height"):
            svg.attrib.pop(name, "")


def _wide(section: Element) -> Iterator[tuple[Element, str]]:
    """Tables and drawings that a narrow screen scrolls sideways, with what to call them."""
    heading = ""
    for element in section.iter():
        if str(element.tag) in LOWER or element.tag == f"{XHTML}h5":
            heading = text_of(element)
        elif element.tag == f"{XHTML}table" and not any(has_class(element, n) for n in NARROW):
            yield element, f"Table: {heading}" if heading else "Table"
        elif element.tag == f"{SVG}svg":
            yield element, "Figure"


def _let_scroll(wide: tuple[Element, str]) -> None:
    """Put an element into a box that scrolls, and that the keyboard reaches."""
    element, name = wide
    parent = element.getparent()
    if parent is None:
        return
    box = etree.Element(
        f"{XHTML}div", {"class": "scroll", "tabindex": "0", "role": "group", "aria-label": name}
    )
    parent.replace(element, box)
    box.tail, element.tail = element.tail, None
    box.append(element)


def _html(elements: Sequence[Element]) -> Markup:
    """Elements as HTML, which knows no namespaces; they leave their tree."""
    box = etree.Element("box")
    box.extend(elements)
    for each in box.iter():
        if isinstance(each.tag, str):
            each.tag = etree.QName(each).localname
    etree.cleanup_namespaces(box)
    texts = (etree.tostring(each, encoding="unicode", method="html") for each in box)
    return Markup("".join(texts).strip())  # noqa: S704  # serialised, so it is escaped
