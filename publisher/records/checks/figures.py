"""A sum of money in the text names where it comes from."""

import re
from collections.abc import Iterator

from publisher.records.diagnostics import Diagnostic
from publisher.records.entries import Entries

MONEY = re.compile(r"(?:US\$|[$€£])\s?\d[\d.,]*\d{2}")
CITATION = re.compile(r"\]\((?:source|resource):")


def figures_have_sources(entries: Entries) -> Iterator[Diagnostic]:
    """A line with an amount of money links to a source in the same line."""
    for entry in entries.all():
        for number, line in enumerate(entry.document.text.split("\n"), start=1):
            match = MONEY.search(line)
            if match and not CITATION.search(line):
                text = f"the amount {match[0]!r} names no source"
                hint = "add a link such as [BLS, 2024](source:…) to the paragraph"
                place = (number, match.start() + 1)
                yield Diagnostic(entry.document.file, *place, "R305", text, hint)
