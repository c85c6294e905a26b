"""The index: terms and tools with the pages, or sections, that speak of them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from itertools import groupby
from typing import Any

from publisher.editions.edition import Edition
from publisher.editions.terms import IndexTerm
from publisher.rendering.pagemap import PageMap, ranges
from publisher.rendering.terms import mention_anchor
from publisher.rendering.xhtml import Page


def index_letters(
    edition: Edition, pages: Iterable[Page], page_map: PageMap
) -> list[tuple[str, list[dict[str, Any]]]]:
    """Entries by first letter; terms that no section mentions are left out."""
    mentions: dict[str, list[dict[str, str]]] = defaultdict(list)
    for page in (each for each in pages if each.section.indexed):
        for term in edition.terms:
            anchor = mention_anchor(term.slug, page.section.slug)
            if anchor in page.ids:
                mentions[term.slug].append({"anchor": anchor, "title": page.section.title})
    entries = [
        _entry(term, mentions[term.slug], page_map) for term in edition.terms if mentions[term.slug]
    ]
    return [(letter, list(group)) for letter, group in groupby(entries, key=_letter)]


def _letter(entry: Mapping[str, Any]) -> str:
    first = str(entry["name"])[0].upper()
    return first if first.isalpha() else "0–9"


def _entry(term: IndexTerm, mentions: list[dict[str, str]], page_map: PageMap) -> dict[str, Any]:
    # The first mention on a page is where its number leads to.
    on_page: dict[int, str] = {}
    for mention in mentions:
        on_page.setdefault(page_map.pages.get(mention["anchor"], 0), mention["anchor"])
    pages = [
        {"text": str(first) if first == last else f"{first}–{last}", "anchor": on_page[first]}
        for first, last in ranges(on_page)
    ]
    return {"name": term.name, "anchor": term.anchor, "pages": pages, "mentions": mentions}
