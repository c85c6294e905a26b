"""How the texts of the records read. What is found here keeps nobody from making a guide."""

from collections.abc import Iterator

from publisher.records.checks.blocks import blocks
from publisher.records.checks.reading import texts_are_easy
from publisher.records.checks.values import values
from publisher.records.checks.wording import words_are_plain
from publisher.records.diagnostics import Diagnostic
from publisher.records.entries import Entries
from publisher.records.models.figure import Figure


def prose_reads_well(entries: Entries) -> Iterator[Diagnostic]:
    """No filler, no slip of person or mark, no sentence too long and no text too hard."""
    for entry in (each for each in entries.all() if each.model is not Figure):
        passages = [*values(entry), *blocks(entry.document)]
        passages.sort(key=lambda passage: passage.start)
        yield from words_are_plain(entry, passages)
        yield from texts_are_easy(entry, passages)
