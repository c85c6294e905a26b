"""Validators of finished files, made by others, each behind one typed function.

Each gives an empty list only when the validator ran and found nothing.
A program that is missing makes the calling test skip, or fail in CI; see `programs`.
"""

from collections.abc import Callable
from pathlib import Path

from publisher.records.diagnostics import Diagnostic
from tests.validators.epub import ace, epubcheck
from tests.validators.html import axe, nu
from tests.validators.pdf import pages_as_pictures, pdffonts, qpdf, unembedded_fonts, verapdf

__all__ = [
    "Validator",
    "ace",
    "axe",
    "epubcheck",
    "nu",
    "pages_as_pictures",
    "pdffonts",
    "qpdf",
    "unembedded_fonts",
    "verapdf",
]

Validator = Callable[[Path], list[Diagnostic]]
"""From a file to what is wrong in it."""
