"""The EPUB of an edition, through EbookLib as a container writer.

Sections go in as raw XHTML items: EbookLib's own chapter class parses them as HTML 4 and damages
SVG (`viewBox` becomes `viewbox`).
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, time
from itertools import groupby
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from ebooklib import epub as ebooklib

from publisher.editions.edition import Edition
from publisher.rendering.epub.package import Navigation, RawXhtml, write_package
from publisher.rendering.names import SVG
from publisher.rendering.theme import Theme
from publisher.rendering.xhtml import Page, for_screen

STYLE = "style/book.css"


def epub(edition: Edition, pages: Sequence[Page], theme: Theme) -> bytes:
    """The bytes of the EPUB. The same edition gives the same bytes."""
    # The list of contents is the navigation document; the printed one would repeat it.
    shown = [page for page in pages if page.section.template != "contents"]
    files = {anchor: file_name(page) for page in shown for anchor in page.ids}
    book = ebooklib.EpubBook()
    _describe(book, edition, shown)
    book.add_item(ebooklib.EpubItem("style", STYLE, "text/css", theme.epub_style.encode()))
    cover = _document(theme, "epub-cover.svg", edition)
    book.add_item(ebooklib.EpubItem("cover-image", "cover.svg", "image/svg+xml", cover))
    book.get_item_with_id("cover-image").properties = ["cover-image"]
    items = [
        RawXhtml("cover", "cover.xhtml", "Cover", _document(theme, "epub-cover.xhtml", edition)),
        *(_item(page, edition, files) for page in shown),
    ]
    for item in items:
        book.add_item(item)
    book.toc = _table_of_contents(shown)
    book.add_item(ebooklib.EpubNcx())
    book.add_item(Navigation(_navigation(theme, edition, shown)))
    book.spine = ["cover", items[1].id, "nav", *(item.id for item in items[2:])]
    return write_package(book, datetime.combine(edition.date, time(), UTC))


def file_name(page: Page) -> str:
    """The file of a section inside the container."""
    return f"{page.section.slug}.xhtml"


def _item(page: Page, edition: Edition, files: Mapping[str, str]) -> RawXhtml:
    title = page.section.title or edition.title
    content = _styled(for_screen(page, files))
    return RawXhtml(page.section.slug, file_name(page), title, content, svg=_has_picture(page))


def _has_picture(page: Page) -> bool:
    return next(page.tree.iter(f"{SVG}svg"), None) is not None


def _document(theme: Theme, template: str, edition: Edition, **more: Any) -> bytes:
    text = theme.render(template, edition=edition, language=edition.language, **more)
    head = '<?xml version="1.0" encoding="utf-8"?>\n'
    if template.endswith(".xhtml"):
        head += "<!DOCTYPE html>\n"
    return _styled((head + text).encode())


def _styled(xhtml: bytes) -> bytes:
    link = f'<link rel="stylesheet" type="text/css" href="{STYLE}"/></head>'
    return xhtml.replace(b"</head>", link.encode(), 1)


def _navigation(theme: Theme, edition: Edition, pages: Sequence[Page]) -> bytes:
    """The navigation document (EPUB 3.3, 7): contents and landmarks."""
    parts = [
        (part, [{"file": file_name(page), "title": page.section.title} for page in group])
        for part, group in _by_part(pages)
    ]
    start = next(page for page in pages if page.section.matter == "body")
    return _document(theme, "epub-navigation.xhtml", edition, parts=parts, start=file_name(start))


def _by_part(pages: Sequence[Page]) -> Iterator[tuple[str, list[Page]]]:
    listed = [page for page in pages if page.section.title]
    for part, group in groupby(listed, key=lambda page: page.section.part):
        yield part, list(group)


def _table_of_contents(pages: Sequence[Page]) -> list[object]:
    """EbookLib's tree for the legacy NCX: parts over sections."""
    toc: list[object] = []
    for part, group in _by_part(pages):
        links = [
            ebooklib.Link(file_name(page), page.section.title, f"toc-{page.section.slug}")
            for page in group
        ]
        toc += [(ebooklib.Section(part, links[0].href), links)] if part else links
    return toc


def _describe(book: ebooklib.EpubBook, edition: Edition, pages: Sequence[Page]) -> None:
    book.set_identifier(f"urn:uuid:{uuid5(NAMESPACE_URL, edition.identifier)}")
    book.set_title(f"{edition.title}: {edition.subtitle}")
    book.set_language(edition.language)
    for name, value in (
        ("creator", edition.publisher),
        ("publisher", edition.publisher),
        ("date", edition.date.isoformat()),
        ("description", edition.description),
    ):
        book.add_metadata("DC", name, value)
    for name, value in _accessibility(pictures=any(map(_has_picture, pages))):
        book.add_metadata(None, "meta", value, {"property": name})
    conformance = "EPUB Accessibility 1.1 - WCAG 2.2 Level AA"
    book.add_metadata(
        None, "meta", conformance, {"property": "dcterms:conformsTo", "id": "conformance"}
    )
    book.add_metadata(
        None, "meta", edition.publisher,
        {"property": "a11y:certifiedBy", "refines": "#conformance", "id": "certifier"},
    )  # fmt: skip


SUMMARY = (
    "Reflowable text with headings, lists and tables marked as such; every picture has a text "
    "alternative that says what it shows, in full or with a table beside it."
)

FEATURES = (
    "tableOfContents", "readingOrder", "structuralNavigation", "alternativeText",
    "displayTransformability", "index",
)  # fmt: skip


def _accessibility(*, pictures: bool) -> list[tuple[str, str]]:
    """Schema.org accessibility metadata (EPUB Accessibility 1.1, 2.2)."""
    modes = ["textual", "visual"] if pictures else ["textual"]
    return [
        *(("schema:accessMode", mode) for mode in modes),
        ("schema:accessModeSufficient", "textual"),
        *(("schema:accessibilityFeature", feature) for feature in FEATURES),
        ("schema:accessibilityHazard", "none"),
        ("schema:accessibilitySummary", SUMMARY),
    ]
