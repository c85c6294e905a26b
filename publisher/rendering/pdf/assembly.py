"""Joins fragments to a book: pages, one structure, links, folios, outline, fonts, metadata."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time
from functools import cached_property
from itertools import accumulate

from pikepdf import Array, AttachedFileSpec, Dictionary, Name, Page, Pdf, String

from publisher.editions.contents import parts_of
from publisher.editions.edition import Edition, Section
from publisher.rendering.pdf.fonts import FontSupply, merge_fonts
from publisher.rendering.pdf.fragment import Fragment
from publisher.rendering.pdf.furniture import DIGITS, Form, Furniture, load_forms
from publisher.rendering.pdf.joining import CATALOGUE, Joint, own, stand_in
from publisher.rendering.pdf.links import (
    Destination,
    connect,
    outline,
    write_destinations,
)
from publisher.rendering.pdf.saving import saved
from publisher.rendering.pdf.stamps import Stamps, furniture_lines
from publisher.rendering.pdf.structure import StructureTree


@dataclass(frozen=True, slots=True)
class Part:
    """A section with its fragment."""

    section: Section
    fragment: Fragment


LONGEST = 500
"""Pages up to which a book is assembled in one piece."""

VOLUME = 100
"""Pages after which a longer one begins another volume; pikepdf takes some 0.25 MB for each."""


@dataclass(frozen=True)
class Book:
    """What is to be assembled. With `keep`, shared fragments stay open for the next book."""

    edition: Edition
    parts: Sequence[Part]
    furniture: Mapping[str, Fragment]
    fonts: FontSupply
    keep: bool

    @property
    def pages(self) -> int:
        """How many it has."""
        return sum(part.fragment.pages for part in self.parts)

    @cached_property
    def destinations(self) -> Mapping[str, Destination]:
        """Where everything stands that can be linked to."""
        return _destinations(self.parts)


def assemble(book: Book, longest: int = LONGEST, volume: int = VOLUME) -> bytes:
    """The PDF of a book, through volumes if it is longer than `longest` pages."""
    if book.pages > longest:
        return _joined(book, volume)
    pdf = Pdf.new()
    tree = StructureTree(pdf)
    used: set[str] = set()
    _fill(pdf, tree, book, book.parts, used, first=1)
    tree.finish()
    _say_what_it_is(pdf, book, used)
    return saved(pdf, compact=True)


def _joined(book: Book, most: int) -> bytes:
    """The PDF of a long book, a volume of which is in memory at a time (see joining.py)."""
    joint, used = Joint(), set[str]()
    key, first = 0, 1
    for number, parts in enumerate(_volumes(book.parts, most)):
        pdf = Pdf.new()
        tree = StructureTree(pdf, key)
        _fill(pdf, tree, book, parts, used, first=first, volume=number)
        tree.finish()
        tree.mark(stand_in)
        stand_in(pdf.Root, CATALOGUE)
        stand_in(pdf.Root.Pages, "pages")
        for page in pdf.pages:
            own(page.obj, f"page-{first}")
            first += 1
        key = tree.next_key
        joint.add(saved(pdf))
    joint.add(saved(_frame(book, used, key)))
    return joint.finish()


def _frame(book: Book, used: set[str], next_key: int) -> Pdf:
    """What is said of a long book as a whole, with pages that stand for the real ones."""
    pdf = Pdf.new()
    with book.parts[0].fragment.opened(keep=False) as fragment:
        box = [float(edge) for edge in fragment.pages[0].mediabox]
    for number in range(1, book.pages + 1):
        page = Dictionary(Type=Name.Page, MediaBox=Array(box))
        stand_in(page, f"page-{number}")
        pdf.pages.append(Page(pdf.make_indirect(page)))
    tree = StructureTree(pdf, next_key)
    tree.finish()
    tree.mark(own)
    _say_what_it_is(pdf, book, used)
    own(pdf.Root, CATALOGUE)
    own(pdf.Root.Pages, "pages")
    own(pdf.docinfo, "info")
    return pdf


def _volumes(parts: Sequence[Part], most: int) -> Iterator[list[Part]]:
    """Runs of sections, each ending with the one that makes it `most` pages or more."""
    volume: list[Part] = []
    pages = 0
    for part in parts:
        volume.append(part)
        pages += part.fragment.pages
        if pages >= most:
            yield volume
            volume, pages = [], 0
    if volume:
        yield volume


def _fill(
    pdf: Pdf,
    tree: StructureTree,
    book: Book,
    parts: Sequence[Part],
    used: set[str],
    *,
    first: int,
    volume: int = 0,
) -> None:
    """Put the pages of some parts into a PDF, the first of which is page `first` of the book."""
    resources = []
    for part in parts:
        before = len(pdf.pages)
        with part.fragment.opened(keep=book.keep and part.section.shared) as source:
            for page in source.pages:
                pdf.pages.append(page)
            pages = list(pdf.pages[before:])
            tree.adopt(source, pages, part.section.title)
        resources.append(pages[0].resources.Font)
    forms: dict[str, Form] = {}
    foot = book.edition.running_foot
    wanted = {foot, *DIGITS, *(part.section.running_head for part in parts)}
    for group, lines in furniture_lines(book.edition).items():
        loaded = load_forms(pdf, book.furniture[group], lines, group, wanted)
        if loaded:  # the pages of a fragment share their fonts
            resources.append(next(iter(loaded.values())).content.Resources.Font)
        forms |= loaded
    stamps = Stamps(foot, Furniture(forms, book.fonts.digit_width), tree)
    for number, (section, is_first, page) in enumerate(_pages(pdf, parts), start=first):
        numbers = connect(page, book.destinations, tree, used)
        stamps.stamp(page, number, section, numbers, is_first=is_first)
    merge_fonts(pdf, resources, book.fonts, volume)


def _say_what_it_is(pdf: Pdf, book: Book, used: set[str]) -> None:
    """Destinations, outline and metadata."""
    write_destinations(pdf, book.destinations, used)
    top = float(pdf.pages[0].mediabox[3])
    tree = parts_of(part.section for part in book.parts)
    outline(pdf, tree, _first_pages(book.parts), top)
    _describe(pdf, book.edition)


def _pages(pdf: Pdf, parts: Sequence[Part]) -> Iterator[tuple[Section, bool, Page]]:
    pages = iter(pdf.pages)
    for part in parts:
        for i in range(part.fragment.pages):
            yield part.section, i == 0, next(pages)


def _destinations(parts: Sequence[Part]) -> dict[str, Destination]:
    destinations = {}
    before = 0
    for part in parts:
        title = part.section.title or part.section.slug
        for anchor, (page, left, top) in part.fragment.anchors.items():
            destinations[anchor] = Destination(before + page, left, top, title)
        before += part.fragment.pages
    return destinations


def _first_pages(parts: Sequence[Part]) -> dict[str, int]:
    """Section to its first page, counted from 0."""
    pages = accumulate((part.fragment.pages for part in parts), initial=0)
    return {part.section.slug: page for part, page in zip(parts, pages, strict=False)}


def _describe(pdf: Pdf, edition: Edition) -> None:
    """Title, language and conformance (PDF/UA-1, 7.1 and 5), and the attachments."""
    moment = datetime.combine(edition.date, time(), UTC)
    title = f"{edition.title}: {edition.subtitle}"
    pdf.Root.Lang = String(edition.language)
    pdf.Root.ViewerPreferences = Dictionary(DisplayDocTitle=True)
    pdf.Root.PageMode = Name.UseOutlines
    with pdf.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as xmp:
        xmp.register_xml_namespace("http://www.aiim.org/pdfua/ns/id/", "pdfuaid")
        xmp["pdfuaid:part"] = "1"
        xmp["dc:title"] = title
        xmp["dc:description"] = edition.description
        xmp["dc:publisher"] = [edition.publisher]
        xmp["dc:language"] = [edition.language]
        xmp["dc:identifier"] = edition.identifier
        xmp["xmp:CreateDate"] = xmp["xmp:ModifyDate"] = moment.isoformat()
    stamp = moment.strftime("D:%Y%m%d%H%M%SZ")
    pdf.docinfo = pdf.make_indirect(
        Dictionary(Title=title, CreationDate=stamp, ModDate=stamp, Producer="Career Guides")
    )
    for name, text in edition.attachments.items():
        kind = {"json": "application/json", "ics": "text/calendar"}[name.rpartition(".")[2]]
        pdf.attachments[name] = AttachedFileSpec(
            pdf, text.encode(), description=f"Your plan as {name}", filename=name,
            mime_type=kind, creation_date=stamp, mod_date=stamp,
        )  # fmt: skip
