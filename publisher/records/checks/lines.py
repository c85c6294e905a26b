"""The lines of a record's text as a reader sees them, code left out."""

import re
from collections.abc import Iterator

from publisher.records.document import Document

FENCE = re.compile(r"\s*(`{3,}|~{3,})")
CODE = re.compile(r"(`{1,3})(?!`).{1,500}?(?<!`)\1(?!`)")


def prose_lines(document: Document) -> Iterator[tuple[int, str]]:
    """Number and text of each line; code in it is blank, so that columns stay what they are."""
    closing = ""
    for number, line in enumerate(document.text.split("\n"), start=1):
        fence = FENCE.match(line)
        if closing:
            if line.strip().startswith(closing) and not line.strip(closing[0] + " "):
                closing = ""
        elif fence and number >= document.body_line:
            closing = fence[1]
        else:
            yield number, CODE.sub(_blank, line) if "`" in line else line


def _blank(code: re.Match[str]) -> str:
    return " " * len(code[0])
