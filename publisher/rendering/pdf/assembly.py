"""Joins fragments to a book: pages, one structure, links, folios, outline, fonts, metadata."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time
from itertools import accumulate

from pikepdf import (
    AttachedFileSpec,
    Dictionary,
    Name,
    Page,
    Pdf,
    String,
)

from publisher.editions.contents import parts_of
from publisher.editions.edition import Edition, Section
from publisher.rendering.pdf.fonts import FontSupply, merge_fonts
from publisher.rendering.pdf.fragment import Fragment
from publisher.rendering.pdf.furniture import DIGITS, Form, Furniture, load_forms
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


def assemble(
    edition: Edition,
    parts: Sequence[Part],
    furniture: Mapping[str, Fragment],
    fonts: FontSupply,
    *,
    keep: bool,
) -> bytes:
    """The PDF of an edition. `furniture` has the pages of each group of `furniture_lines`.

    With `keep`, shared fragments stay open in memory for the next book.
    """
    pdf = Pdf.new()
    tree = StructureTree(pdf)
    resources = []
    for part in parts:
        first = len(pdf.pages)
        with part.fragment.opened(keep=keep and part.section.shared) as source:
            for page in source.pages:
                pdf.pages.append(page)
            pages = list(pdf.pages[first:])
            tree.adopt(source, pages, part.section.title)
        resources.append(pages[0].resources.Font)
    forms: dict[str, Form] = {}
    wanted = {edition.running_foot, *DIGITS, *(part.section.running_head for part in parts)}
    for group, lines in furniture_lines(edition).items():
        loaded = load_forms(pdf, furniture[group], lines, group, wanted)
        if loaded:  # the pages of a fragment share their fonts
            resources.append(next(iter(loaded.values())).content.Resources.Font)
        forms |= loaded
    stamps = Stamps(edition.running_foot, Furniture(forms, fonts.digit_width), tree)
    destinations = _destinations(parts)
    used: set[str] = set()
    for number, (section, is_first, page) in enumerate(_pages(pdf, parts), start=1):
        numbers = connect(page, destinations, tree, used)
        stamps.stamp(page, number, section, numbers, is_first=is_first)
    tree.finish()
    write_destinations(pdf, destinations, used)
    top = float(pdf.pages[0].mediabox[3])
    outline(pdf, parts_of(part.section for part in parts), _first_pages(parts), top)
    merge_fonts(pdf, resources, fonts)
    _describe(pdf, edition)
    return saved(pdf, compact=True)


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
