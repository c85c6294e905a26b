"""No line ends before the next word would have to."""

import pytest
from weasyprint import HTML
from weasyprint.layout import inline, preferred
from weasyprint.text import line_break

from publisher.rendering.pdf.line_breaks import (
    mend_line_breaks,
    split_without_closing_space,
    without_closing_space,
)

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
    """WeasyPrint alone leaves lone words with Pango 1.50, and none with 1.56; mended never."""
    for module in MODULES:
        monkeypatch.setattr(module, "split_first_line", split_without_closing_space)
    assert lone_words() == 0


def test_the_mended_function_is_in_use() -> None:
    mend_line_breaks()
    assert {split_without_closing_space} == {module.split_first_line for module in MODULES}


def test_a_text_that_fits_but_for_its_closing_space_is_whole() -> None:
    """The fault itself, whatever Pango does: a first word alone is not accepted."""
    whole = len(b"two words ")

    def split(text: str, *_: object, **__: object) -> tuple[object, ...]:
        fits = not text.endswith(" ")
        return ("layout", len(text), None if fits else 3, 40.0, 10.0, 8.0)

    found = without_closing_space(split, "two words ", {"white_space": "normal"}, 41.0)
    assert ("layout", len("two words"), whole, 40.0, 10.0, 8.0) == found
    kept = without_closing_space(split, "two words ", {"white_space": "pre-wrap"}, 41.0)
    assert 3 == kept[2]
    narrow = without_closing_space(split, "two words ", {"white_space": "normal"}, 39.0)
    assert 3 == narrow[2]
