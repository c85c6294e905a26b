"""The cover of an EPUB: a drawing, so that it needs no picture and no fonts of its own."""

from html import escape
from textwrap import wrap

from publisher.editions.edition import Edition

WIDTH, HEIGHT = 600, 900
LINE = 58
CHARACTERS = 17
"""Of the title in one line, at 48 units a line of large type."""


def cover_svg(edition: Edition) -> bytes:
    """The cover as SVG."""
    lines = wrap(edition.title, CHARACTERS)
    title = "".join(
        f'<text x="60" y="{250 + i * LINE}" font-size="50" font-weight="700" fill="#ffffff">'
        f"{escape(line)}</text>"
        for i, line in enumerate(lines)
    )
    below = 250 + len(lines) * LINE
    return f"""<?xml version="1.0" encoding="utf-8"?>
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}" font-family="sans-serif" role="img">
<title>Cover: {escape(edition.title)}</title>
<rect width="{WIDTH}" height="{HEIGHT}" fill="#0d4a52"/>
<rect x="60" y="170" width="90" height="8" fill="#e0a070"/>
{title}
<text x="60" y="{below + 20}" font-size="28" fill="#f3dcc8">{escape(edition.subtitle)}</text>
<text x="60" y="{HEIGHT - 60}" font-size="22" fill="#cfe0e2">{escape(edition.publisher)}</text>
</svg>
""".encode()


def cover_xhtml(edition: Edition, style: str) -> bytes:
    """The page that shows the cover."""
    language = edition.language
    return f"""<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE html>
<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops" lang="{language}" xml:lang="{language}">
<head><title>Cover</title><link rel="stylesheet" type="text/css" href="{style}"/></head>
<body><section epub:type="cover" aria-label="Cover"><img src="cover.svg" alt="Cover: {escape(edition.title, quote=True)}" role="doc-cover"/></section></body>
</html>
""".encode()
