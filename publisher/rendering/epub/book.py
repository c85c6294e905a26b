"""The EPUB of an edition, through EbookLib as a container writer.

Sections go in as raw XHTML items: EbookLib's own chapter class parses them as HTML 4 and damages
SVG (`viewBox` becomes `viewbox`).
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, time
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from ebooklib import epub as ebooklib

from publisher.editions.contents import parts_of
from publisher.editions.edition import Edition, Section
from publisher.rendering.epub.package import Navigation, RawXhtml, write_package
from publisher.rendering.names import SVG
from publisher.rendering.theme import Theme
from publisher.rendering.xhtml import Page, for_screen, page_anchor

STYLE = "style/book.css"


Breaks = Mapping[str, Mapping[int | None, Sequence[int]]]
"""Section to block (None: the section's beginning) to the pages that begin there."""


def epub(
    edition: Edition, pages: Sequence[Page], theme: Theme, breaks: Breaks | None = None
) -> bytes:
    """The bytes of the EPUB. The same edition gives the same bytes.

    With `breaks` it says where the pages of the PDF begin (EPUB 3.3, page list).
    """
    # The list of contents is the navigation document; the printed one would repeat it.
    shown = [page for page in pages if page.section.template != "contents"]
    breaks = breaks or {}
    files = {anchor: file_name(page.section) for page in shown for anchor in page.anchors}
    book = ebooklib.EpubBook()
    _describe(book, edition, shown, paged=bool(breaks))
    book.add_item(ebooklib.EpubItem("style", STYLE, "text/css", theme.epub_style.encode()))
    cover = _document(theme, "epub-cover.svg", edition)
    book.add_item(ebooklib.EpubItem("cover-image", "cover.svg", "image/svg+xml", cover))
    book.get_item_with_id("cover-image").properties = ["cover-image"]
    items = [
        RawXhtml("cover", "cover.xhtml", "Cover", _document(theme, "epub-cover.xhtml", edition)),
        *(_item(page, edition, files, breaks.get(page.section.slug, {})) for page in shown),
    ]
    for item in items:
        book.add_item(item)
    book.toc = _table_of_contents(shown)
    book.add_item(ebooklib.EpubNcx())
    page_list = list(_page_list(shown, breaks))
    book.add_item(Navigation(_navigation(theme, edition, shown, page_list)))
    book.spine = ["cover", items[1].id, "nav", *(item.id for item in items[2:])]
    return write_package(book, datetime.combine(edition.date, time(), UTC))


def file_name(section: Section) -> str:
    """The file of a section inside the container."""
    return f"{section.slug}.xhtml"


def _item(
    page: Page,
    edition: Edition,
    files: Mapping[str, str],
    breaks: Mapping[int | None, Sequence[int]],
) -> RawXhtml:
    section = page.section
    title = section.title or section.part or edition.title
    content = _styled(for_screen(page, files, breaks))
    return RawXhtml(section.slug, file_name(section), title, content, svg=_has_picture(page))


def _page_list(pages: Sequence[Page], breaks: Breaks) -> Iterator[tuple[int, str]]:
    """Page numbers with where they begin, in order."""
    for page in pages:
        for numbers in breaks.get(page.section.slug, {}).values():
            for number in numbers:
                yield number, f"{file_name(page.section)}#{page_anchor(number)}"


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


def _navigation(
    theme: Theme, edition: Edition, pages: Sequence[Page], page_list: list[tuple[int, str]]
) -> bytes:
    """The navigation document (EPUB 3.3, 7): contents, pages and landmarks."""
    parts = parts_of(page.section for page in pages)
    start = next(page for page in pages if page.section.matter == "body")
    return _document(
        theme, "epub-navigation.xhtml", edition,
        parts=parts, start=file_name(start.section), page_list=page_list,
    )  # fmt: skip


def _table_of_contents(pages: Sequence[Page]) -> list[object]:
    """EbookLib's tree for the legacy NCX: parts over chapters over sections."""
    toc: list[object] = []
    for part in parts_of(page.section for page in pages):
        chapters = [
            _nested(_link(c.section), [_link(s) for s in c.sections]) for c in part.chapters
        ]
        if part.name:
            opener = f"{part.opener or part.chapters[0].slug}.xhtml"
            toc.append((ebooklib.Section(part.name, opener), chapters))
        else:
            toc += chapters
    return toc


def _nested(link: ebooklib.Link, below: list[ebooklib.Link]) -> object:
    return (ebooklib.Section(link.title, link.href), below) if below else link


def _link(section: Section) -> ebooklib.Link:
    return ebooklib.Link(file_name(section), section.title, f"toc-{section.slug}")


def _describe(
    book: ebooklib.EpubBook, edition: Edition, pages: Sequence[Page], *, paged: bool
) -> None:
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
    for name, value in _accessibility(pictures=any(map(_has_picture, pages)), paged=paged):
        book.add_metadata(None, "meta", value, {"property": name})
    if paged:
        book.add_metadata(None, "meta", f"{edition.name}.pdf", {"property": "pageBreakSource"})
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


PAGED_FEATURES = "pageBreakMarkers", "pageNavigation"


def _accessibility(*, pictures: bool, paged: bool) -> list[tuple[str, str]]:
    """Schema.org accessibility metadata (EPUB Accessibility 1.1, 2.2)."""
    modes = ["textual", "visual"] if pictures else ["textual"]
    return [
        *(("schema:accessMode", mode) for mode in modes),
        ("schema:accessModeSufficient", "textual"),
        *(("schema:accessibilityFeature", feature) for feature in FEATURES),
        *(("schema:accessibilityFeature", feature) for feature in PAGED_FEATURES if paged),
        ("schema:accessibilityHazard", "none"),
        ("schema:accessibilitySummary", SUMMARY),
    ]
