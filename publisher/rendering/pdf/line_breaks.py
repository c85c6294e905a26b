"""Mends a fault of WeasyPrint 70 that leaves a line with one word.

When the text before an inline element fits the line but for its closing space,
`split_first_line` can take the whole text for too long, keep its first word and start a new line
(seen with Pango 1.50, not with 1.56). With a link in every other sentence a book has dozens of such
lines. The private function is wrapped, so WeasyPrint is pinned.
"""

from collections.abc import Callable
from typing import Any

from weasyprint.layout import inline, preferred
from weasyprint.text import line_break

COLLAPSING = ("normal", "pre-line")
"""Values of `white-space` at which a space at the end of a line takes no room."""

split_first_line = line_break.split_first_line


def split_without_closing_space(
    text: str, style: Any, context: Any, max_width: Any, spacing: Any, **more: Any
) -> Any:
    """WeasyPrint's `split_first_line`, mended; it takes and gives the same."""

    def split(shown: str) -> Any:
        return split_first_line(shown, style, context, max_width, spacing, **more)

    return without_closing_space(split, text, style, max_width)


def without_closing_space(split: Callable[[str], Any], text: str, style: Any, width: Any) -> Any:
    """What `split` makes of `text`, or of the text without its closing space if all of that fits.

    The result is WeasyPrint's tuple of layout, length, index to resume at, width, height, baseline.
    """
    found = split(text)
    resume_at, whole = found[2], len(text.encode())
    if resume_at is None or resume_at >= whole or not text.endswith(" "):
        return found
    if style["white_space"] not in COLLAPSING:
        return found
    shorter = split(text.rstrip(" "))
    fits = shorter[2] is None and shorter[3] <= width
    return (*shorter[:2], whole, *shorter[3:]) if fits else found


def mend_line_breaks() -> None:
    """Put the mended function in the place of WeasyPrint's own, for this process."""
    for module in (line_break, inline, preferred):
        module.split_first_line = split_without_closing_space
