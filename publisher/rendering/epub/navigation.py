"""The navigation document (EPUB 3.3, 7): contents and landmarks."""

from collections.abc import Sequence
from html import escape
from itertools import groupby

from publisher.editions.edition import Edition
from publisher.rendering.xhtml import Page


def navigation(edition: Edition, pages: Sequence[Page], style: str) -> bytes:
    """The document; parts nest their sections."""
    contents = "".join(_part(part, list(group)) for part, group in groupby(
        (page for page in pages if page.section.title), key=lambda page: page.section.part
    ))  # fmt: skip
    first = next(page for page in pages if page.section.matter == "body")
    language = edition.language
    return f"""<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE html>
<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops" lang="{language}" xml:lang="{language}">
<head><title>Contents</title><link rel="stylesheet" type="text/css" href="{style}"/></head>
<body>
<nav epub:type="toc" role="doc-toc" id="toc" aria-labelledby="toc-title"><h1 id="toc-title">Contents</h1><ol>{contents}</ol></nav>
<nav epub:type="landmarks" id="landmarks" aria-label="Landmarks" hidden="hidden"><ol>
<li><a epub:type="cover" href="cover.xhtml">Cover</a></li>
<li><a epub:type="toc" href="#toc">Contents</a></li>
<li><a epub:type="bodymatter" href="{first.section.slug}.xhtml">Start</a></li>
</ol></nav>
</body>
</html>
""".encode()


def _part(part: str, pages: list[Page]) -> str:
    links = "".join(
        f'<li><a href="{page.section.slug}.xhtml">{escape(page.section.title)}</a></li>'
        for page in pages
    )
    return f"<li><span>{escape(part)}</span><ol>{links}</ol></li>" if part else links
