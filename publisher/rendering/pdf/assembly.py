"""Joins fragments to a book: pages, one structure, links, folios, outline, fonts, metadata."""

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time
from pathlib import Path

from pikepdf import AttachedFileSpec, Dictionary, Name, ObjectStreamMode, Page, Pdf, String

from publisher.editions.edition import Edition, Section
from publisher.rendering.pdf.fonts import Subsetter, merge_fonts
from publisher.rendering.pdf.fragment import Fragment
from publisher.rendering.pdf.furniture import (
    DIGITS,
    FormNames,
    Furniture,
    load_forms,
    place,
)
from publisher.rendering.pdf.links import (
    Destination,
    PageNumber,
    connect,
    outline,
    write_destinations,
)
from publisher.rendering.pdf.structure import StructureTree

MARGIN = 68.0
"""Distance in points of the text from the left and right edges; print.css has it, too."""

HEAD_FROM_TOP, FOOT_FROM_BOTTOM = 44.0, 38.0
"""Baselines of running head and foot in points from the edges."""

DESCENT = 0.279
"""Part of the slot for a page number that lies below its baseline."""


@dataclass(frozen=True, slots=True)
class Part:
    """A section with its fragment."""

    section: Section
    fragment: Fragment


def furniture_lines(edition: Edition) -> list[str]:
    """Every line of text that the pages of an edition repeat, digits first."""
    heads = [head for section in edition.sections if (head := running_head(section))]
    return list(dict.fromkeys([*DIGITS, edition.running_foot, *heads]))


def running_head(section: Section) -> str:
    """The text at the top of a section's pages from its second one on."""
    return section.title if section.furniture else ""


def assemble(
    edition: Edition,
    parts: Sequence[Part],
    furniture: Fragment,
    digit_width: float,
    fonts_folder: Path,
    subset: Subsetter,
) -> bytes:
    """The PDF of an edition. `furniture` has the pages of `furniture_lines(edition)`."""
    pdf = Pdf.new()
    tree = StructureTree(pdf)
    fonts = []
    for part in parts:
        with Pdf.open(io.BytesIO(part.fragment.pdf)) as source:
            first = len(pdf.pages)
            pdf.pages.extend(source.pages)
            pages = [pdf.pages[i] for i in range(first, len(pdf.pages))]
            tree.adopt(source, pages, part.section.title)
            fonts.append(pages[0].resources.Font)
    forms = load_forms(pdf, furniture, furniture_lines(edition))
    fonts += [form.Resources.Font for form in list(forms.values())[:1]]
    stock = Furniture(forms, digit_width)
    destinations = _destinations(parts)
    used: set[str] = set()
    for number, (section, is_first, page) in enumerate(_pages(pdf, parts), start=1):
        numbers = connect(page, destinations, tree, used)
        _stamp(page, number, section, edition, stock, tree, numbers, is_first=is_first)
    tree.finish()
    write_destinations(pdf, destinations, used)
    outline(pdf, _entries(parts))
    merge_fonts(pdf, fonts, fonts_folder, subset)
    _describe(pdf, edition)
    return _save(pdf)


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


def _entries(parts: Sequence[Part]) -> Iterator[tuple[str, str, int]]:
    page = 0
    for part in parts:
        if part.section.title:
            yield part.section.part, part.section.title, page
        page += part.fragment.pages


def _stamp(
    page: Page,
    number: int,
    section: Section,
    edition: Edition,
    stock: Furniture,
    tree: StructureTree,
    numbers: list[PageNumber],
    *,
    is_first: bool,
) -> None:
    """Print folio, head and foot as artifacts, and page numbers on the links that want them."""
    if not section.furniture:
        return
    names = FormNames(page)
    width, height = float(page.mediabox[2]), float(page.mediabox[3])
    right = width - MARGIN - stock.width(number)
    foot = place(names(stock.forms[edition.running_foot]), MARGIN, FOOT_FROM_BOTTOM)
    foot += stock.number(names, number, right, FOOT_FROM_BOTTOM)
    operators = _artifact(b"Footer", foot)
    head = running_head(section)
    if head and not is_first:
        above = place(names(stock.forms[head]), MARGIN, height - HEAD_FROM_TOP)
        operators += _artifact(b"Header", above)
    for wanted in numbers:
        operators += _page_number(page, wanted, stock, names, tree)
    # The fragment's own operators turn the page upside down, so theirs are wrapped.
    page.contents_add(b"q\n", prepend=True)
    page.contents_add(b"Q\n" + operators)


def _artifact(kind: bytes, operators: bytes) -> bytes:
    return (
        b"/Artifact << /Type /Pagination /Subtype /" + kind + b" >> BDC\n" + operators + b"EMC\n"
    )


def _page_number(
    page: Page, wanted: PageNumber, stock: Furniture, names: FormNames, tree: StructureTree
) -> bytes:
    left, one, right, other = (float(edge) for edge in wanted.annotation.Rect)
    bottom, top = min(one, other), max(one, other)
    baseline = bottom + DESCENT * (top - bottom)
    x = max(left, right - stock.width(wanted.number))
    mcid = tree.add_content(page, tree.element_of(wanted.annotation))
    digits = stock.number(names, wanted.number, x, baseline)
    return b"/Span << /MCID %d >> BDC\n" % mcid + digits + b"EMC\n"


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


def _save(pdf: Pdf) -> bytes:
    pdf.remove_unreferenced_resources()
    target = io.BytesIO()
    pdf.save(
        target,
        object_stream_mode=ObjectStreamMode.generate,
        compress_streams=True,
        deterministic_id=True,
    )
    return target.getvalue()


