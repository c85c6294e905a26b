"""Lays out one section with WeasyPrint. Runs in worker processes.

The renderer sees the section, the theme's stylesheet and bundled fonts, and nothing else: no
network, no files of the machine. Whatever it logs fails the build.
"""

import logging
from collections.abc import Iterator
from functools import cache
from multiprocessing.util import Finalize
from pathlib import Path
from typing import Any, Self
from xml.etree import ElementTree as ET

from cssselect2 import ElementWrapper
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

from publisher.records.diagnostics import DiagnosedError, Diagnostic
from publisher.rendering.names import BLOCK, THEME_URL
from publisher.rendering.pdf.copyfit import fitted
from publisher.rendering.pdf.fragment import Fragment, FragmentJob
from publisher.rendering.pdf.line_breaks import mend_line_breaks
from publisher.rendering.pdf.slim import slimmed
from publisher.rendering.theme import ScriptFont

mend_line_breaks()

POINTS_PER_PIXEL = 0.75

PAPERS = {"a4": (595.275591, 841.889764), "letter": (612.0, 792.0)}
"""Width and height in points, as WeasyPrint computes them."""


def lay_out(job: FragmentJob) -> Fragment:
    """Render a section to a tagged PDF/UA-1 fragment.

    Raises `DiagnosedError` with B201 for each record that the renderer logs.
    """
    style, fonts = _stylesheet(job.style, job.paper, job.script_fonts, job.fonts_folder)
    fetcher = ThemeFetcher(job.fonts_folder)

    def render(xhtml: str) -> Any:
        return Parsed(xhtml, fetcher).render(stylesheets=[style], font_config=fonts)

    with _Log(job.name) as log:
        try:
            document = fitted(job.xhtml.decode(), render)
            pdf = document.write_pdf(pdf_variant="pdf/ua-1" if job.tagged else None)
            pdf = slimmed(pdf) if job.tagged else pdf
        except FatalURLFetchingError as error:
            raise DiagnosedError([Diagnostic(job.name, 0, 0, "B202", str(error))]) from error
    log.raise_findings()
    return Fragment(pdf, len(document.pages), _anchors(document), tuple(_starts(document)))


def _anchors(document: Any) -> dict[str, tuple[int, float, float]]:
    anchors: dict[str, tuple[int, float, float]] = {}
    for number, page in enumerate(document.pages):
        for name, (x, y, *_) in page.anchors.items():
            left, down = x * POINTS_PER_PIXEL, y * POINTS_PER_PIXEL
            top = page.height * POINTS_PER_PIXEL - down
            # An element that a page break cuts has its anchor where it begins.
            anchors.setdefault(name, (number, round(left, 2), round(top, 2)))
    return anchors


def _starts(document: Any) -> Iterator[int | None]:
    """For each page the number of the first block that begins on it; None for the first page."""
    seen: set[int] = set()
    for page in document.pages:
        boxes = page._page_box.descendants()  # noqa: SLF001  # there is no public word on it
        here = [number for box in boxes if (number := _block(box)) is not None]
        first = next((number for number in here if number not in seen), None)
        yield first if seen else None
        seen.update(here)


def _block(box: Any) -> int | None:
    element = getattr(box, "element", None)
    number = None if element is None else element.get(BLOCK)
    return None if number is None else int(number)


@cache
def _stylesheet(
    style: str, paper: str, scripts: tuple[ScriptFont, ...], fonts_folder: str
) -> tuple[CSS, FontConfiguration]:
    """The parsed stylesheet and its fonts, kept for the life of the worker.

    One font configuration for many documents: a new one for each leaks memory in WeasyPrint.
    """
    fonts = FontConfiguration()
    # WeasyPrint removes its copies of the fonts with this object, but a worker ends without that.
    Finalize(None, fonts.__del__, exitpriority=0)
    families = ", ".join(f'"{font.family}"' for font in scripts) or "serif"
    faces = "".join(
        f'@font-face {{ font-family: "{font.family}"; src: url("fonts/{font.file}") }}\n'
        for font in scripts
    )
    text = faces + style.replace("var(--script-fonts)", families)
    text += f"@page {{ size: {paper} }}"
    with _Log("print.css") as log:
        css = CSS(
            string=text,
            base_url=THEME_URL,
            url_fetcher=ThemeFetcher(fonts_folder),
            font_config=fonts,
        )
    log.raise_findings()
    return css, fonts


class Parsed(HTML):  # type: ignore[misc]  # WeasyPrint ships no types
    """A document that is well-formed XML: its parser takes a fiftieth of an HTML parser's time."""

    def __init__(self, xhtml: str, fetcher: URLFetcher) -> None:
        self.base_url = THEME_URL
        self.url_fetcher = fetcher
        self.media_type = "print"
        # Composed by us from checked records: no document type, no entities.
        tree = ET.fromstring(xhtml)  # noqa: S314
        self.wrapper_element = ElementWrapper.from_html_root(tree, content_language=None)
        self.etree_element = self.wrapper_element.etree_element


class ThemeFetcher(URLFetcher):  # type: ignore[misc]  # WeasyPrint ships no types
    """Serves the theme's fonts under `THEME_URL` and refuses every other address."""

    def __init__(self, fonts_folder: str) -> None:
        super().__init__()
        self.fonts_folder = Path(fonts_folder)

    def fetch(self, url: str, headers: object = None) -> URLFetcherResponse:  # noqa: ARG002
        """The response for `url`. Raises `FatalURLFetchingError` for a foreign address."""
        name = url.removeprefix(f"{THEME_URL}fonts/")
        path = self.fonts_folder / name
        if name == url or "/" in name or not path.is_file():
            raise FatalURLFetchingError(f"{url} is not part of the theme")
        return URLFetcherResponse(url, path.read_bytes(), {"Content-Type": "font/ttf"})


class _Log(logging.Handler):
    """Collects what WeasyPrint and fontTools log while a section is laid out."""

    def __init__(self, name: str) -> None:
        super().__init__(logging.WARNING)
        self.source = name
        self.findings: list[Diagnostic] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Turn a log record into a finding."""
        self.findings.append(Diagnostic(self.source, 0, 0, "B201", record.getMessage()))

    def raise_findings(self) -> None:
        """Raise `DiagnosedError` if anything was logged."""
        if self.findings:
            raise DiagnosedError(self.findings)

    def __enter__(self) -> Self:
        for logger in _loggers():
            logger.addHandler(self)
            logger.propagate = False
        return self

    def __exit__(self, *_: object) -> None:
        for logger in _loggers():
            logger.removeHandler(self)


def _loggers() -> tuple[logging.Logger, ...]:
    return logging.getLogger("weasyprint"), logging.getLogger("fontTools")
