"""What repeats on the pages of a book: running heads, feet and folios.

Each line of text is laid out once, as a page of its own, and becomes a form that the pages
share; numbers are set from ten digits. So the text has the theme's embedded fonts and needs no
shaping here, whatever its script.
"""

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from html import escape

from pikepdf import Dictionary, Object, Page, Pdf

from publisher.rendering.pdf.fragment import Fragment

DIGITS = "0123456789"

LINE_HEIGHT = 12.0
"""Height in points of the page that a line is laid out on."""

BASELINE = 3.35
"""Distance in points of the text's baseline from the foot of that page."""

FONT_SIZE = 8.5
"""Size in points of all furniture."""


def furniture_xhtml(lines: Iterable[str], language: str) -> bytes:
    """A document with a page for each line."""
    body = "".join(f"<p>{escape(line)}</p>" for line in lines)
    return (
        f'<html lang="{language}"><head><title>Furniture</title></head>'
        f'<body class="furniture">{body}</body></html>'
    ).encode()


@dataclass(frozen=True, slots=True)
class Form:
    """A line of text as a form, with its name in the resources of every page that shows it."""

    name: str
    content: Object

    def place(self, page: Page, x: float, y: float) -> bytes:
        """Operators that draw the form on `page`, its left edge at `x`, its baseline at `y`."""
        forms = page.resources.get("/XObject")
        if forms is None:
            forms = page.resources.XObject = Dictionary()
        forms[self.name] = self.content
        return f"q 1 0 0 1 {x:.2f} {y - BASELINE:.2f} cm {self.name} Do Q\n".encode()


@dataclass(frozen=True, slots=True)
class Furniture:
    """Forms by their text, and the width in points of a digit."""

    forms: Mapping[str, Form]
    digit_width: float

    def text(self, page: Page, line: str, x: float, y: float) -> bytes:
        """Operators that set a line of text with its left edge at `x`, its baseline at `y`."""
        return self.forms[line].place(page, x, y)

    def number(self, page: Page, number: int, x: float, y: float) -> bytes:
        """Operators that set a number with its left edge at `x`, its baseline at `y`."""
        return b"".join(
            self.forms[digit].place(page, x + i * self.digit_width, y)
            for i, digit in enumerate(str(number))
        )

    def width(self, number: int) -> float:
        """The width of a number in points."""
        return len(str(number)) * self.digit_width


def load_forms(
    pdf: Pdf, fragment: Fragment, lines: Iterable[str], group: str, wanted: Container[str]
) -> dict[str, Form]:
    """The wanted pages of a furniture fragment as forms of `pdf`, by their text."""
    return {
        line: Form(f"/Furniture-{group}-{i}", pdf.copy_foreign(page.as_form_xobject()))
        for i, (line, page) in enumerate(zip(lines, fragment.document.pages, strict=True))
        if line in wanted
    }
