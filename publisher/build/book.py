"""An edition to the bytes of its PDF and EPUB."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import uharfbuzz as hb

from publisher.build.fragments import fragments_for
from publisher.build.reporter import Reporter
from publisher.build.store import Store
from publisher.editions.edition import Edition, Section
from publisher.planning.plan import RULE
from publisher.records.catalogue import Catalogue
from publisher.records.diagnostics import DiagnosedError
from publisher.rendering.epub.book import epub
from publisher.rendering.index import index_letters
from publisher.rendering.pagemap import PageMap
from publisher.rendering.pdf.assembly import Part, assemble
from publisher.rendering.pdf.fonts import FontSupply, subset_font
from publisher.rendering.pdf.fragment import Fragment, FragmentJob
from publisher.rendering.pdf.furniture import FONT_SIZE, furniture_xhtml
from publisher.rendering.pdf.stamps import furniture_lines
from publisher.rendering.theme import Theme
from publisher.rendering.xhtml import Page, compose, dead_links, for_print, problems


@dataclass(frozen=True)
class Workshop:
    """What every build needs: a theme, a cache, somebody to tell, and how many workers."""

    theme: Theme
    store: Store
    reporter: Reporter
    workers: int | None = None

    @property
    def fonts(self) -> Path:
        """The folder of the theme's fonts."""
        return self.theme.folder / "fonts"


def composed(edition: Edition, catalogue: Catalogue, theme: Theme) -> list[Page]:
    """Every section of an edition as XHTML, checked; the index has its sections only.

    Raises `DiagnosedError` with everything that is wrong.
    """
    plain = [section for section in edition.sections if not section.needs_pages]
    pages = {section.slug: compose(section, edition, theme, **_extra(section, edition))
             for section in plain}  # fmt: skip
    letters = index_letters(edition, pages.values(), PageMap({}))
    for section in edition.sections:
        if section.needs_pages:
            pages[section.slug] = compose(section, edition, theme, letters=letters)
    ordered = [pages[section.slug] for section in edition.sections]
    found = [*problems(ordered, theme), *dead_links(ordered, record_anchors(catalogue))]
    if found:
        raise DiagnosedError(found)
    return ordered


def record_anchors(catalogue: Catalogue) -> frozenset[str]:
    """Anchors of sections that some edition has, though perhaps not this one."""
    modules = {f"module-{slug}" for slug in catalogue.modules}
    projects = {f"project-{s}" for records in catalogue.careers.values() for s in records.projects}
    return frozenset(modules | projects)


def pdf_of(edition: Edition, pages: Sequence[Page], workshop: Workshop) -> bytes:
    """The PDF of composed sections. Raises `DiagnosedError`."""
    theme = workshop.theme
    sections = section_jobs(edition, pages, theme)
    furniture = furniture_jobs(edition, theme)
    laid_out = fragments_for(
        [*sections, *furniture.values()], workshop.store, workshop.reporter, workshop.workers
    )
    repeated = dict(zip(furniture, laid_out[len(sections) :], strict=True))
    parts = _parts(edition, pages, laid_out[: len(sections)], workshop)
    workshop.reporter.step(f"Assembly: {sum(part.fragment.pages for part in parts)} pages")
    supply = FontSupply(
        folder=workshop.fonts,
        subset=lambda file, glyphs: _subset(workshop.store, theme, file, glyphs),
        digit_width=_digit_width(workshop.fonts),
    )
    return assemble(edition, parts, repeated, supply)


def section_jobs(edition: Edition, pages: Sequence[Page], theme: Theme) -> list[FragmentJob]:
    """The jobs of all sections but those that need the page map."""
    return [
        _job(page.section.slug, for_print(page), edition, theme)
        for page in pages
        if not page.section.needs_pages
    ]


def furniture_jobs(edition: Edition, theme: Theme) -> dict[str, FragmentJob]:
    """The jobs of what repeats on the pages, by group."""
    jobs = {}
    for group, lines in furniture_lines(edition).items():
        xhtml = furniture_xhtml(lines, edition.language)
        jobs[group] = replace(_job(f"furniture-{group}", xhtml, edition, theme), tagged=False)
    return jobs


def epub_of(edition: Edition, pages: Sequence[Page], workshop: Workshop) -> bytes:
    """The EPUB of composed sections."""
    workshop.reporter.step("EPUB")
    return epub(edition, pages, workshop.theme)


def _parts(
    edition: Edition, pages: Sequence[Page], laid_out: list[Fragment], workshop: Workshop
) -> list[Part]:
    """Sections with their fragments; what needs the page map is laid out now."""
    waiting = iter(laid_out)
    parts: list[Part] = []
    for page in pages:
        if not page.section.needs_pages:
            parts.append(Part(page.section, next(waiting)))
            continue
        page_map = PageMap.of(part.fragment for part in parts)
        letters = index_letters(edition, pages, page_map)
        index = compose(page.section, edition, workshop.theme, letters=letters)
        job = _job(page.section.slug, for_print(index), edition, workshop.theme)
        (fragment,) = fragments_for([job], workshop.store, workshop.reporter)
        parts.append(Part(page.section, fragment))
    return parts


def _extra(section: Section, edition: Edition) -> dict[str, Any]:
    """What the sections about the book itself know beside their context."""
    match section.template:
        case "contents":
            return {"parts": _contents(edition)}
        case "colophon":
            return {"rule": RULE}
        case _:
            return {}


def _contents(edition: Edition) -> list[tuple[str, list[Section]]]:
    parts: dict[str, list[Section]] = {}
    for section in edition.sections:
        if section.title and section.template != "contents":
            parts.setdefault(section.part, []).append(section)
    return list(parts.items())


def _job(name: str, xhtml: bytes, edition: Edition, theme: Theme) -> FragmentJob:
    return FragmentJob(
        name=name,
        xhtml=xhtml,
        style=theme.print_style,
        paper=edition.paper,
        script_fonts=theme.script_fonts(xhtml.decode()),
        fonts_folder=str(theme.folder / "fonts"),
        fonts_digest=theme.fonts_digest,
    )


def _subset(store: Store, theme: Theme, file: Path, glyphs: tuple[int, ...]) -> bytes:
    text = f"subset 1 {theme.fonts_digest} {file.name} {glyphs}"
    key = hashlib.sha256(text.encode()).hexdigest()
    kept = store.get(key)
    if kept is None:
        kept = subset_font(file, glyphs)
        store.put(key, kept)
    return kept


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
