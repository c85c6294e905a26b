"""The guide that is measured, as this program makes it and as its peers get it.

`python sample.py prepare FOLDER N` writes what the peers typeset for Ada and for N new readers;
`python sample.py make CACHE N FORMATS` makes the guides of N new readers in one loaded process
and prints what each cost.
"""

import re
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from pathlib import Path

from measure import in_process, write_costs

from publisher.build.book import composed
from publisher.build.guide import make_guide
from publisher.build.reporter import Buffer
from publisher.build.store import Store
from publisher.build.workshop import Workshop
from publisher.editions.edition import Edition
from publisher.editions.guide import personal_guide
from publisher.planning.plan import plan
from publisher.planning.reader import Reader
from publisher.records.catalogue import Catalogue, load_catalogue
from publisher.rendering.index import index_letters
from publisher.rendering.pagemap import PageMap
from publisher.rendering.theme import Theme
from publisher.rendering.xhtml import Page, compose
from publisher.settings import Settings

BODY = re.compile(r'<body class="([^"]*)">(.*)</body>', re.DOTALL)
CROSS_LINK = re.compile(r' href="xref(?:-page)?:([^"]+)"')


@dataclass(frozen=True)
class Desk:
    """The records and the theme, loaded."""

    records: Catalogue
    theme: Theme


@dataclass(frozen=True)
class Guide:
    """A composed guide that is not laid out yet."""

    edition: Edition
    pages: Sequence[Page]


def desk() -> Desk:
    """What the program's own settings point to."""
    settings = Settings()
    return Desk(load_catalogue(settings.guides), Theme(settings.theme))


def reader(number: int) -> Reader:
    """Ada, or a reader who differs from her in name and start date only."""
    start = date(2027, 1, 4) + timedelta(weeks=number)
    name = f"Reader Number {number}" if number else "Ada Lovelace"
    return Reader(name=name, background="software-engineer", hours_per_week=8, start=start)


def composed_guide(person: Reader, desk: Desk) -> Guide:
    """The guide of a reader as the program composes it."""
    edition = personal_guide(plan(person, desk.records), {}, "urn:benchmark")
    workshop = Workshop(desk.theme, Store(Path("unused")), Buffer())
    pages = composed(edition, desk.records, workshop)
    return Guide(edition, [_numbered(page, edition, pages, desk.theme) for page in pages])


def _numbered(page: Page, edition: Edition, pages: Sequence[Page], theme: Theme) -> Page:
    """The index with page numbers, as it is printed; two pages a section are taken for granted."""
    if not page.section.needs_pages:
        return page
    stand_in = {anchor: 2 * n for n, other in enumerate(pages, start=1) for anchor in other.ids}
    letters = index_letters(edition, pages, PageMap(stand_in))
    return compose(page.section, edition, theme, letters=letters)


def one_piece(guide: Guide) -> str:
    """All sections as they are printed, in one document; links lead to anchors within it."""
    anchors = frozenset().union(*(page.ids for page in guide.pages))
    sections = (BODY.search(page.print_xhtml.decode()) for page in guide.pages)
    text = "".join(f'<div class="{s[1]}">{s[2]}</div>' for s in sections if s)
    text = CROSS_LINK.sub(lambda m: f' href="#{m[1]}"' if m[1] in anchors else "", text)
    head = (
        f'<html lang="{guide.edition.language}"><head><title>{guide.edition.title}</title></head>'
    )
    return f"{head}<body>{text}</body></html>"


def one_style(theme: Theme) -> str:
    """The print stylesheet for that document, in which a section's body has become a div."""
    style = theme.print_style.replace("body.", "div.").replace("var(--script-fonts)", "serif")
    return f"{style}\n@page {{ size: a4 }}\nbody > div + div {{ break-before: page }}\n"


def prepare(folder: Path, guides: Iterable[Guide], theme: Theme) -> None:
    """Write what the peers read: numbered documents with their stylesheet, and Typst markup."""
    from markup import typst_markup  # noqa: PLC0415  # the loaded program needs none of it

    (folder / "theme").symlink_to(theme.folder.resolve())
    (folder / "print.css").write_text(one_style(theme), "utf-8")
    for number, guide in enumerate(guides):
        document = one_piece(guide)
        (folder / f"{number}.html").write_text(document, "utf-8")
        (folder / f"{number}.typ").write_text(typst_markup(document), "utf-8")


def make(cache: Path, readers: int, formats: Sequence[str]) -> None:
    """Make the guides of new readers; Ada's goes before them unmeasured, to load everything."""
    here = desk()
    workshop = Workshop(here.theme, Store(cache), Buffer())

    def job(number: int) -> None:
        make_guide(plan(reader(number), here.records), formats, workshop)

    job(0)
    write_costs(in_process(partial(job, number)) for number in range(1, readers + 1))


def main(arguments: Sequence[str]) -> None:
    """What the command line asks for."""
    match arguments:
        case ["prepare", folder, readers]:
            here = desk()
            people = map(reader, range(int(readers) + 1))
            guides = (composed_guide(person, here) for person in people)
            prepare(Path(folder), guides, here.theme)
        case ["make", cache, readers, formats]:
            make(Path(cache), int(readers), formats.split(","))


if __name__ == "__main__":
    main(sys.argv[1:])
