"""Links the first mention of each term in a section, and anchors it for the index."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache

from lxml import etree

from publisher.editions.terms import IndexTerm
from publisher.rendering.names import XHTML
from publisher.rendering.tree import Element

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
    linker = _Linker(section, *_matcher(terms))
    # Tails belong to the parent's text; the list stays whole while links are inserted.
    for element, speaks in list(_walk(body, speaks=False)):
        if speaks and element.text:
            linker.link(element, None)
        parent = element.getparent()
        if parent is not None and element.tail and _speaks(parent):
            linker.link(parent, element)


def _walk(element: Element, *, speaks: bool) -> Iterator[tuple[Element, bool]]:
    """Every element below in document order, with whether its own text is running text."""
    for child in element:
        silent = child.tag in SILENT or not isinstance(child.tag, str)
        spoken = not silent and (speaks or child.tag in SPOKEN)
        yield child, spoken
        if not silent:
            yield from _walk(child, speaks=spoken)


def _speaks(element: Element) -> bool:
    around = [element, *element.iterancestors()]
    return any(e.tag in SPOKEN for e in around) and not any(e.tag in SILENT for e in around)


@dataclass
class _Linker:
    """Links terms in one section; `seen` holds the slugs that are linked already."""

    section: str
    pattern: re.Pattern[str]
    owners: dict[str, IndexTerm]
    seen: set[str] = field(default_factory=set)

    def link(self, parent: Element, before: Element | None) -> None:
        """Link the new terms in the text that follows `before`, or that opens `parent`."""
        text = (parent.text if before is None else before.tail) or ""
        at = 0 if before is None else parent.index(before) + 1
        rest = 0
        for match in self.pattern.finditer(text):
            term = self.owners[match[0]]
            if term.slug in self.seen:
                continue
            self.seen.add(term.slug)
            _set_text(parent, before, text[rest : match.start()])
            before = self._link_to(term, match[0])
            parent.insert(at, before)
            at, rest = at + 1, match.end()
        if rest:
            _set_text(parent, before, text[rest:])

    def _link_to(self, term: IndexTerm, words: str) -> Element:
        link = etree.Element(f"{XHTML}a")
        link.set("class", "term")
        link.set("href", f"#{term.anchor}")
        link.set("id", mention_anchor(term.slug, self.section))
        link.text = words
        return link


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
