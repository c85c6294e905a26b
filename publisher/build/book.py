"""An edition to the bytes of its PDF and EPUB."""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import uharfbuzz as hb

from publisher.build.fragments import fragments_for
from publisher.build.store import Store
from publisher.build.workshop import Workshop
from publisher.editions.contents import parts_of
from publisher.editions.edition import Edition, Section
from publisher.planning.plan import RULE
from publisher.records.catalogue import Catalogue
from publisher.records.diagnostics import DiagnosedError
from publisher.rendering.epub.book import Breaks, epub
from publisher.rendering.index import index_letters
from publisher.rendering.pagemap import PageMap
from publisher.rendering.pdf.assembly import Book as PdfBook
from publisher.rendering.pdf.assembly import Part, assemble
from publisher.rendering.pdf.fonts import FontSupply, subset_font
from publisher.rendering.pdf.fragment import FragmentJob
from publisher.rendering.pdf.furniture import FONT_SIZE, furniture_xhtml
from publisher.rendering.pdf.stamps import furniture_lines
from publisher.rendering.theme import Theme
from publisher.rendering.xhtml import Page, compose, dead_links, problems


@dataclass(frozen=True, slots=True)
class Book:
    """A finished edition: format ("pdf", "epub") to bytes, and the pages of the PDF if made."""

    files: Mapping[str, bytes]
    pages: int | None


def make_book(
    edition: Edition, catalogue: Catalogue, formats: Collection[str], workshop: Workshop
) -> Book:
    """The edition in the wanted formats. Raises `DiagnosedError`."""
    workshop.reporter.step(f"{edition.title}: {len(edition.sections)} sections")
    return book_of(edition, composed(edition, catalogue, workshop), formats, workshop)


def book_of(
    edition: Edition, pages: Sequence[Page], formats: Collection[str], workshop: Workshop
) -> Book:
    """The book of composed sections. Raises `DiagnosedError`."""
    files: dict[str, bytes] = {}
    parts: list[Part] = []
    if "pdf" in formats or edition.page_list:
        parts = lay_out_all(edition, pages, workshop)
    if "pdf" in formats:
        files["pdf"] = pdf_of(edition, parts, workshop)
    if "epub" in formats:
        workshop.reporter.step("EPUB")
        breaks = page_breaks(parts) if edition.page_list else None
        files["epub"] = epub(edition, pages, workshop.theme, breaks)
    return Book(files, sum(part.fragment.pages for part in parts) or None)


def composed(edition: Edition, catalogue: Catalogue, workshop: Workshop) -> list[Page]:
    """Every section of an edition as XHTML, checked; the index has its sections only.

    Raises `DiagnosedError` with everything that is wrong.
    """
    pages = {
        section.slug: _composed(section, edition, workshop)
        for section in edition.sections
        if not section.needs_pages
    }
    letters = index_letters(edition, pages.values(), PageMap({}))
    for section in edition.sections:
        if section.needs_pages:
            pages[section.slug] = compose(section, edition, workshop.theme, letters=letters)
    ordered = [pages[section.slug] for section in edition.sections]
    found = [*problems(ordered), *dead_links(ordered, _anchors_elsewhere(edition, catalogue))]
    if found:
        raise DiagnosedError(found)
    return ordered


def _composed(section: Section, edition: Edition, workshop: Workshop) -> Page:
    extra = _about_the_book(section, edition)
    if extra:
        return compose(section, edition, workshop.theme, **extra)
    return workshop.page(section, edition)


def _about_the_book(section: Section, edition: Edition) -> dict[str, Any]:
    """What the sections about the book itself know beside their context."""
    match section.template:
        case "contents":
            listed = edition.contents or edition.sections
            return {"parts": parts_of(s for s in listed if s.template != "contents")}
        case "colophon":
            return {"rule": RULE}
        case _:
            return {}


def _anchors_elsewhere(edition: Edition, catalogue: Catalogue) -> frozenset[str]:
    """Anchors of what other editions have; a link to one of these becomes plain text here."""
    projects = {s for records in catalogue.careers.values() for s in records.projects}
    kinds: dict[str, Collection[str]] = {"module": catalogue.modules, "project": projects}
    if edition.contents:  # a sample has next to nothing of what its text points to
        kinds |= {
            "skill": catalogue.skills, "resource": catalogue.resources,
            "source": catalogue.sources, "term": catalogue.terms,
        }  # fmt: skip
    names = {f"{kind}-{slug}" for kind, slugs in kinds.items() for slug in slugs}
    explained = {term.anchor for term in edition.terms} if edition.contents else set()
    return frozenset({*names, *explained, *(section.slug for section in edition.contents)})


def lay_out_all(edition: Edition, pages: Sequence[Page], workshop: Workshop) -> list[Part]:
    """Sections with their fragments; those that need the page map come last."""
    jobs = [workshop.job(page, edition) for page in pages if not page.section.needs_pages]
    laid_out = iter(fragments_for([*jobs, *furniture_jobs(edition, workshop).values()], workshop))
    parts: list[Part] = []
    for page in pages:
        if not page.section.needs_pages:
            parts.append(Part(page.section, next(laid_out)))
            continue
        page_map = PageMap.of(part.fragment for part in parts)
        letters = index_letters(edition, pages, page_map)
        index = compose(page.section, edition, workshop.theme, letters=letters)
        (fragment,) = fragments_for([workshop.job(index, edition)], workshop)
        parts.append(Part(page.section, fragment))
    return parts


def furniture_jobs(edition: Edition, workshop: Workshop) -> dict[str, FragmentJob]:
    """The jobs of what repeats on the pages, by group."""
    return {
        group: workshop.job_of(
            f"furniture-{group}", furniture_xhtml(lines, edition.language), edition, tagged=False
        )
        for group, lines in furniture_lines(edition).items()
    }


def page_breaks(parts: Sequence[Part]) -> Breaks:
    """Section to block to the pages of the PDF that begin with it."""
    breaks: dict[str, dict[int | None, list[int]]] = {}
    number = 0
    for part in parts:
        here = breaks.setdefault(part.section.slug, {})
        last: int | None = None
        for start in part.fragment.starts:
            number += 1
            # A page on which nothing begins goes to where the one before it began.
            last = last if start is None else start
            here.setdefault(last, []).append(number)
    return breaks


def pdf_of(edition: Edition, parts: Sequence[Part], workshop: Workshop) -> bytes:
    """The PDF of sections that are laid out."""
    workshop.reporter.step(f"Assembly: {sum(part.fragment.pages for part in parts)} pages")
    jobs = furniture_jobs(edition, workshop)
    furniture = dict(zip(jobs, fragments_for(list(jobs.values()), workshop), strict=True))
    supply = FontSupply(
        folder=workshop.fonts,
        subset=lambda file, glyphs: _subset(workshop.store, workshop.theme, file, glyphs),
        digit_width=_digit_width(workshop.fonts),
    )
    return assemble(PdfBook(edition, parts, furniture, supply, workshop.many))


def _subset(store: Store, theme: Theme, file: Path, glyphs: tuple[int, ...]) -> bytes:
    text = f"subset 1 {theme.fonts_digest} {file.name} {glyphs}"
    key = hashlib.sha256(text.encode()).hexdigest()
    kept = store.get(key)
    if kept is None:
        kept = subset_font(file, glyphs)
        store.put(key, kept)
    return kept


@cache
def _digit_width(fonts: Path) -> float:
    """The advance of a tabular digit in points at the size of the furniture."""
    face = hb.Face(hb.Blob.from_file_path(str(fonts / "SourceSans3-Regular.ttf")))
    buffer = hb.Buffer()
    buffer.add_str("0")
    buffer.guess_segment_properties()
    hb.shape(hb.Font(face), buffer, {"tnum": True, "lnum": True})
    advance: int = buffer.glyph_positions[0].x_advance
    upem: int = face.upem
    return advance / upem * FONT_SIZE
