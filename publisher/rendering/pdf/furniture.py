"""What repeats on the pages of a book: running heads, feet and folios.

Each line of text is laid out once, as a page of its own, and becomes a form that the pages
share; numbers are set from ten digits. So the text has the theme's embedded fonts and needs no
shaping here, whatever its script.
"""

import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from html import escape

from pikepdf import Object, Page, Pdf

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
class Furniture:
    """Forms by their text, and the width in points of a digit."""

    forms: Mapping[str, Object]
    digit_width: float

    def number(self, names: "FormNames", number: int, x: float, y: float) -> bytes:
        """Operators that set a number with its left edge at `x` and its baseline at `y`."""
        return b"".join(
            place(names(self.forms[digit]), x + i * self.digit_width, y)
            for i, digit in enumerate(str(number))
        )

    def width(self, number: int) -> float:
        """The width of a number in points."""
        return len(str(number)) * self.digit_width


class FormNames:
    """Gives each form a resource name on the page that is being stamped."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.names: dict[tuple[int, int], str] = {}

    def __call__(self, form: Object) -> str:
        """The name of `form` on the page."""
        key = form.objgen
        if key not in self.names:
            self.names[key] = str(self.page.add_resource(form, "/XObject"))  # type: ignore[arg-type]
        return self.names[key]


def place(name: str, x: float, y: float) -> bytes:
    """Operators that draw the form `name` with its baseline at `y`."""
    return f"q 1 0 0 1 {x:.2f} {y - BASELINE:.2f} cm {name} Do Q\n".encode()


def load_forms(pdf: Pdf, fragment: Fragment, lines: Iterable[str]) -> dict[str, Object]:
    """The pages of a furniture fragment as forms of `pdf`, by their text."""
    with Pdf.open(io.BytesIO(fragment.pdf)) as source:
        return {
            line: pdf.copy_foreign(page.as_form_xobject())
            for line, page in zip(lines, source.pages, strict=True)
        }
