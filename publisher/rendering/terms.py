"""Links the first mention of each term in a section, and anchors it for the index."""

import re
from collections.abc import Iterable, Iterator
from functools import cache

from lxml import etree

from publisher.editions.terms import IndexTerm
from publisher.rendering.names import XHTML

Element = etree._Element  # noqa: SLF001  # lxml gives its element type no public name

SPOKEN = frozenset(XHTML + tag for tag in ("p", "li", "td", "dd"))
"""Elements whose text is running text."""

SILENT = frozenset(
    XHTML + tag
    for tag in ("a", "code", "pre", "h1", "h2", "h3", "h4", "th", "caption", "figcaption", "svg")
)
"""Elements whose text is left alone."""


def mention_anchor(term: str, section: str) -> str:
    """The anchor of a term's first mention in a section."""
    return f"ix-{term}--{section}"


def link_terms(body: Element, section: str, terms: tuple[IndexTerm, ...]) -> None:
    """Turn first mentions under `body` into links to the terms' explanations, in place."""
    pattern, owners = _matcher(terms)
    seen: set[str] = set()
    for element, speaks in _walk(body, speaks=False):
        if speaks and element.tag not in SILENT and element.text:
            _link(element, None, pattern, owners, seen, section)
        parent = element.getparent()
        if parent is not None and _speaks(parent) and element.tail:
            _link(parent, element, pattern, owners, seen, section)


def _speaks(element: Element) -> bool:
    around = [element, *element.iterancestors()]
    return any(e.tag in SPOKEN for e in around) and not any(e.tag in SILENT for e in around)


def _walk(element: Element, *, speaks: bool) -> Iterator[tuple[Element, bool]]:
    """Every element below, with whether its own text is running text; safe against insertion."""
    for child in list(element):
        if child.tag in SILENT or not isinstance(child.tag, str):
            yield child, False
            continue
        spoken = speaks or child.tag in SPOKEN
        yield child, spoken
        yield from _walk(child, speaks=spoken)


def _link(
    parent: Element,
    before: Element | None,
    pattern: re.Pattern[str],
    owners: dict[str, IndexTerm],
    seen: set[str],
    section: str,
) -> None:
    """Link the new terms in the text that follows `before` (or opens `parent`)."""
    text = (parent.text if before is None else before.tail) or ""
    at = 0 if before is None else parent.index(before) + 1
    rest = 0
    last: Element | None = before
    for match in pattern.finditer(text):
        term = owners[match[0]]
        if term.slug in seen:
            continue
        seen.add(term.slug)
        _set_text(parent, last, text[rest : match.start()])
        link = etree.Element(XHTML + "a", attrib={
            "class": "term", "href": f"#{term.anchor}", "id": mention_anchor(term.slug, section),
        })  # fmt: skip
        link.text = match[0]
        parent.insert(at, link)
        at, rest, last = at + 1, match.end(), link
    if rest:
        _set_text(parent, last, text[rest:])


def _set_text(parent: Element, before: Element | None, text: str) -> None:
    if before is None:
        parent.text = text
    else:
        before.tail = text


@cache
def _matcher(terms: tuple[IndexTerm, ...]) -> tuple[re.Pattern[str], dict[str, IndexTerm]]:
    owners: dict[str, IndexTerm] = {}
    for term in terms:
        for spelling in _forms(term.spellings):
            owners.setdefault(spelling, term)
    names = "|".join(re.escape(name) for name in sorted(owners, key=len, reverse=True))
    return re.compile(rf"(?<![\w-])(?:{names or '(?!)'})(?![\w-])"), owners


def _forms(spellings: Iterable[str]) -> Iterator[str]:
    for spelling in spellings:
        yield spelling
        if spelling.islower():
            yield spelling[0].upper() + spelling[1:]  # at the beginning of a sentence
