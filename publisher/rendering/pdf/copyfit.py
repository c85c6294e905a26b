"""Saves a last page that would carry only a few lines, as a typesetter would: by setting closer.

The theme's stylesheet says what closer means: print.css has rules for `body.tight` and
`body.tighter`.
"""

from collections.abc import Callable
from typing import Any

CLOSER = ("tight", "tighter")

SHORT = 0.3
"""A last page that is filled to less than this part is worth saving."""

Layout = Callable[[str], Any]
"""From XHTML to WeasyPrint's document."""


def fitted(xhtml: str, lay_out: Layout) -> Any:
    """The document of `xhtml`, set closer if that saves a short last page."""
    document = lay_out(xhtml)
    pages = len(document.pages)
    if pages == 1 or _filled(document.pages[-1]) > SHORT:
        return document
    for name in CLOSER:
        closer = lay_out(xhtml.replace('<body class="', f'<body class="{name} ', 1))
        if len(closer.pages) < pages:
            return closer
    return document


def _filled(page: Any) -> float:
    """The part of a page's height that is used, 0 to 1."""
    box = page._page_box  # noqa: SLF001  # WeasyPrint has no public word on how full a page is
    body = box.children[0].children[0]
    return float(body.margin_height() / box.height)
