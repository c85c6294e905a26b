"""No line ends before the next word would have to."""

import pytest
from weasyprint import HTML
from weasyprint.layout import inline, preferred
from weasyprint.text import line_break

from publisher.rendering.pdf.line_breaks import split_first_line, split_without_closing_space

TEXT = "hfresh, hybrid search and <a>multi-tenancy</a>. You meet it in retrieval applications"

MODULES = (line_break, inline, preferred)


def shortest_first_line(width: float) -> int:
    """Characters in the first of several lines of the text, set `width` pixels wide."""
    html = f'<style>p {{ width: {width}px; font: 12px serif }}</style><p lang="en">{TEXT}</p>'
    page = HTML(string=html).render().pages[0]._page_box
    lines = [box for box in page.descendants() if type(box).__name__ == "LineBox"]
    return len("".join(getattr(box, "text", "") for box in lines[0].descendants()))


def lone_words() -> int:
    """How many of many widths leave one word in the first line."""
    return sum(shortest_first_line(100 + step / 2) < len("hfresh, h") for step in range(120))


def test_a_closing_space_does_not_break_the_line(monkeypatch: pytest.MonkeyPatch) -> None:
    """The fault is in WeasyPrint still (else the module has no purpose), and mended here."""
    for module in MODULES:
        monkeypatch.setattr(module, "split_first_line", split_first_line)
    assert lone_words() > 0
    for module in MODULES:
        monkeypatch.setattr(module, "split_first_line", split_without_closing_space)
    assert lone_words() == 0
