"""Prints running heads, feet, folios, and the page numbers that links ask for."""

from dataclasses import dataclass

from pikepdf import Page

from publisher.editions.edition import Edition, Section
from publisher.rendering.pdf.furniture import DIGITS, Furniture
from publisher.rendering.pdf.links import PageNumber
from publisher.rendering.pdf.structure import StructureTree

MARGIN = 68.0
"""Distance in points of the text from the left and right edges; print.css has it, too."""

HEAD_FROM_TOP, FOOT_FROM_BOTTOM = 38.0, 32.0
"""Baselines of running head and foot in points from the edges."""

DESCENT = 0.279
"""Part of the slot for a page number that lies below its baseline."""


def furniture_lines(edition: Edition) -> dict[str, list[str]]:
    """The lines of text that the pages of an edition repeat, in groups.

    Digits are the same in every book, heads in every book of the same sections, and the foot is
    this reader's: so two of the three groups are shared.
    """
    shown = (section for section in edition.sections if section.furniture)
    heads = edition.heads or tuple(s.running_head for s in shown if s.running_head)
    groups = {
        "digits": list(DIGITS),
        "heads": list(dict.fromkeys(heads)),
        "foot": [edition.running_foot],
    }
    return {group: lines for group, lines in groups.items() if lines}


@dataclass(frozen=True, slots=True)
class Stamps:
    """The stamps of one book: `foot` stands on every page, the stock has all forms."""

    foot: str
    stock: Furniture
    tree: StructureTree

    def stamp(
        self, page: Page, number: int, section: Section, wanted: list[PageNumber], *, is_first: bool
    ) -> None:
        """Print what belongs on `page`, the `number`th of the book, of `section`.

        A section's first page has its heading instead of a running head.
        """
        if not section.furniture:
            return
        width, height = float(page.mediabox[2]), float(page.mediabox[3])
        right = width - MARGIN - self.stock.width(number)
        foot = self.stock.text(page, self.foot, MARGIN, FOOT_FROM_BOTTOM)
        folio = self.stock.number(page, number, right, FOOT_FROM_BOTTOM)
        operators = _artifact(b"Footer", foot + folio)
        if section.running_head and not is_first:
            head = self.stock.text(page, section.running_head, MARGIN, height - HEAD_FROM_TOP)
            operators += _artifact(b"Header", head)
        operators += b"".join(self._page_number(page, each) for each in wanted)
        # A fragment's own operators turn the page upside down, so theirs are wrapped.
        page.contents_add(b"q\n", prepend=True)
        page.contents_add(b"Q\n" + operators)

    def _page_number(self, page: Page, wanted: PageNumber) -> bytes:
        """The number at the right of its link's slot, as content of the link."""
        left, one, right, other = (float(edge) for edge in wanted.annotation.Rect)
        bottom, top = min(one, other), max(one, other)
        baseline = bottom + DESCENT * (top - bottom)
        x = max(left, right - self.stock.width(wanted.number))
        mcid = self.tree.add_content(page, self.tree.element_of(wanted.annotation))
        digits = self.stock.number(page, wanted.number, x, baseline)
        return b"/Span << /MCID %d >> BDC\n" % mcid + digits + b"EMC\n"


def _artifact(kind: bytes, operators: bytes) -> bytes:
    """Operators as a pagination artifact (PDF 1.7, 14.8.2.2), which is no part of the text."""
    start = b"/Artifact << /Type /Pagination /Subtype /" + kind + b" >> BDC\n"
    return start + operators + b"EMC\n"
