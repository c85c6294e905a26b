"""Mends a fault of WeasyPrint 70 that leaves a line with one word.

When the text before an inline element fits the line but for its closing space,
`split_first_line` takes the whole text for too long, keeps its first word and starts a new line.
With a link in every other sentence a book has dozens of such lines. The private function is
wrapped, so WeasyPrint is pinned; tests/rendering/test_line_breaks.py fails when the fault is gone
upstream, and then this module goes, too.
"""

from typing import Any

from weasyprint.layout import inline, preferred
from weasyprint.text import line_break

COLLAPSING = ("normal", "pre-line")
"""Values of `white-space` at which a space at the end of a line takes no room."""

split_first_line = line_break.split_first_line


def split_without_closing_space(
    text: str, style: Any, context: Any, max_width: Any, spacing: Any, **more: Any
) -> Any:
    """`split_first_line`, tried again without the closing space where that one is the trouble.

    The result is WeasyPrint's tuple of layout, length, index to resume at, width, height, baseline.
    """
    found = split_first_line(text, style, context, max_width, spacing, **more)
    resume_at, whole = found[2], len(text.encode())
    if resume_at is None or resume_at >= whole or not text.endswith(" "):
        return found
    if style["white_space"] not in COLLAPSING:
        return found
    shorter = split_first_line(text.rstrip(" "), style, context, max_width, spacing, **more)
    fits = shorter[2] is None and shorter[3] <= max_width
    return (*shorter[:2], whole, *shorter[3:]) if fits else found


def mend_line_breaks() -> None:
    """Put the mended function in the place of WeasyPrint's own, for this process."""
    for module in (line_break, inline, preferred):
        module.split_first_line = split_without_closing_space
