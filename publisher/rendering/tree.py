"""Small questions to an XHTML tree, typed."""

from collections.abc import Iterator

from lxml import etree

from publisher.rendering.names import XHTML

Element = etree._Element  # noqa: SLF001  # lxml gives its element type no public name


def text_of(element: Element) -> str:
    """All text inside an element."""
    return "".join(str(part) for part in element.itertext())


def anchors(tree: Element) -> list[str]:
    """Every id in document order, repeated ones too."""
    return [name for element in tree.iter() if (name := element.get("id"))]


def links(tree: Element) -> Iterator[Element]:
    """Every element that links somewhere."""
    return (link for link in tree.iter(f"{XHTML}a") if link.get("href"))


def has_class(element: Element, name: str) -> bool:
    """Whether `name` is one of the element's classes."""
    return name in (element.get("class") or "").split()


def drop(element: Element) -> None:
    """Remove an element, keeping the text that follows it."""
    parent, before = element.getparent(), element.getprevious()
    if parent is None:
        return
    if element.tail and before is not None:
        before.tail = (before.tail or "") + element.tail
    elif element.tail:
        parent.text = (parent.text or "") + element.tail
    parent.remove(element)
