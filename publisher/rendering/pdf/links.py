"""Makes the links between fragments real, and tells which destinations they need."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pikepdf import Array, Dictionary, Name, Object, Page, Pdf, String

from publisher.editions.contents import Part
from publisher.rendering.names import PAGE_XREF, XREF
from publisher.rendering.pdf.structure import StructureTree, annotations


@dataclass(frozen=True, slots=True)
class Destination:
    """Where an anchor stands in the book, and the title of the section that it stands in."""

    page: int
    left: float
    top: float
    title: str


@dataclass(frozen=True, slots=True)
class PageNumber:
    """A link on which the number of its target's page is to be printed."""

    annotation: Object
    number: int


def connect(
    page: Page, destinations: Mapping[str, Destination], tree: StructureTree, used: set[str]
) -> list[PageNumber]:
    """Point the links of a page to their targets; return those that want a page number.

    A link to something that this book does not have becomes plain text. Names of destinations
    that are linked to are added to `used`.
    """
    wanted: list[PageNumber] = []
    dead: list[Object] = []
    for annotation in annotations(page):
        target, with_number = _target(annotation)
        if target is None:
            continue
        destination = destinations.get(target)
        if destination is None:
            dead.append(annotation)
            continue
        used.add(target)
        if "/A" in annotation:
            del annotation.A
        annotation.Dest = String(target)
        annotation.Contents = String(f"{destination.title}, page {destination.page + 1}")
        if with_number:
            wanted.append(PageNumber(annotation, destination.page + 1))
    for annotation in dead:
        tree.drop_annotation(annotation)
    if dead:
        gone = {annotation.objgen for annotation in dead}
        page.obj.Annots = Array([a for a in annotations(page) if a.objgen not in gone])
    return wanted


def _target(annotation: Object) -> tuple[str | None, bool]:
    """The anchor that a link leads to, if it stays in the book, and if it wants a number."""
    if "/Dest" in annotation:
        return str(annotation.Dest), False
    uri = str(annotation.A.get("/URI", "")) if "/A" in annotation else ""
    if uri.startswith(PAGE_XREF):
        return uri.removeprefix(PAGE_XREF), True
    if uri.startswith(XREF):
        return uri.removeprefix(XREF), False
    return None, False


def write_destinations(pdf: Pdf, destinations: Mapping[str, Destination], used: set[str]) -> None:
    """Write the name tree of the destinations that are linked to (PDF 1.7, 12.3.2.3)."""
    names = Array()
    for name in sorted(used, key=lambda anchor: anchor.encode()):
        place = destinations[name]
        page = pdf.pages[place.page].obj
        names.append(String(name))
        names.append(Array([page, Name.XYZ, place.left, place.top, 0]))
    pdf.Root.Names = Dictionary(Dests=pdf.make_indirect(Dictionary(Names=names)))


def outline(pdf: Pdf, parts: Iterable[Part], first_pages: Mapping[str, int], top: float) -> None:
    """Write the outline; parts fold over their chapters, chapters over their sections.

    `first_pages` has the page of each section by slug, counted from 0; `top` is a page's height.
    """
    from pikepdf import OutlineItem  # noqa: PLC0415

    def item(title: str, slug: str) -> OutlineItem:
        return OutlineItem(title, first_pages[slug], "XYZ", left=0, top=top)

    with pdf.open_outline() as tree:
        for part in parts:
            siblings = tree.root
            if part.name:
                heading = item(part.name, part.opener or part.chapters[0].slug)
                heading.is_closed = True
                tree.root.append(heading)
                siblings = heading.children
            for chapter in part.chapters:
                entry = item(chapter.title, chapter.slug)
                entry.is_closed = True
                entry.children.extend(item(each.title, each.slug) for each in chapter.sections)
                siblings.append(entry)
