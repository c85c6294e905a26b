"""A sum of money in the text names where it comes from."""

import re
from collections.abc import Iterator

from publisher.records.checks.lines import prose_lines
from publisher.records.diagnostics import Diagnostic
from publisher.records.document import Document
from publisher.records.entries import Entries

MONEY = re.compile(r"(?:US\$|[$€£])\s?\d[\d.,]*\d{2}")
CITATION = re.compile(r"\]\((?:source|resource):")
HINT = "add a link such as [BLS, 2024](source:…) to the paragraph"


OPENING = re.compile(r"\s*(?:[-*+|>#]|\d+[.)])\s?")
"""How an entry of a list, a row of a table or a heading begins: each is a paragraph here."""

Paragraph = list[tuple[int, str]]
"""Its lines with their numbers."""


def figures_have_sources(entries: Entries) -> Iterator[Diagnostic]:
    """A paragraph with an amount of money of three digits or more links to a source."""
    for entry in entries.all():
        if not MONEY.search(entry.document.text):
            continue
        for paragraph in _paragraphs(entry.document):
            if any(CITATION.search(line) for _, line in paragraph):
                continue
            for number, line in paragraph:
                for amount in MONEY.finditer(line):
                    text = f"the amount {amount[0]!r} names no source"
                    yield entry.finding_at((number, amount.start() + 1), "R305", text, HINT)


def _paragraphs(document: Document) -> Iterator[Paragraph]:
    """Lines of Markdown that belong together; in YAML, each line is a text of its own."""
    paragraph: Paragraph = []
    for number, line in prose_lines(document):
        if number <= document.body_line or not line.strip() or OPENING.match(line):
            yield paragraph
            paragraph = []
        paragraph.append((number, line))
    yield paragraph
