"""The texts of Markdown below the front matter."""

import re
from collections.abc import Iterator

from publisher.records.checks.lines import prose_lines
from publisher.records.checks.passage import Passage, line_starts, passage_of
from publisher.records.document import Document

OPENING = re.compile(r"\s*(?P<mark>#{1,6}|>|[-*+]|\d{1,9}[.)])\s+")
FORMS = {"#": "heading", ">": "quotation"}
RULE = re.compile(r"[\s|:*_=-]*")
"""A line without words: blank, between paragraphs, or below the heads of a table."""


def blocks(document: Document) -> Iterator[Passage]:
    """Each paragraph, entry of a list, heading, quotation and row of a table."""
    if not document.body:
        return
    starts = line_starts(document.text)
    form, begin, end, last = "", 0, 0, 0
    for number, line in prose_lines(document):
        if number < document.body_line:
            continue
        opened, offset = _opened(line)
        rule = RULE.fullmatch(line)
        # A line that is missing held code.
        if begin < end and (opened != "paragraph" or rule or number != last + 1):
            yield passage_of(form, begin, document.text[begin:end])
            begin = end
        if not rule:
            if begin == end:
                form, begin = opened, starts[number - 1] + offset
            end = starts[number] - 1
        last = number
    if begin < end:
        yield passage_of(form, begin, document.text[begin:end])


def _opened(line: str) -> tuple[str, int]:
    """The form of the block that a line would begin, and where the text begins in the line."""
    opening = OPENING.match(line)
    if opening:
        return FORMS.get(opening["mark"][0], "item"), opening.end()
    indented = len(line) - len(line.lstrip())
    return "table" if line[indented : indented + 1] == "|" else "paragraph", indented
