"""A text of a record as its reader meets it."""

import re
from dataclasses import dataclass

from publisher.records.checks.lines import CODE
from publisher.records.diagnostics import Place
from publisher.records.document import Document

STAND_IN = "\ufffc"
"""Stands for each character of code and, where they are left out, of quotations."""

GONE = "\u200b"
"""Stands for each character that no reader sees, such as the address of a link."""

ADDRESS = re.compile(r"(?<=\])\([^()\s]{1,500}\)|<https?:[^<>\s]{1,500}>")
QUOTED = re.compile(r'"[^"]{1,2000}"|“[^”]{1,2000}”')
TITLE = re.compile(r"(?<=\[)[^\[\]]{1,300}(?=\]\((?:resource|source):)")


@dataclass(frozen=True, slots=True)
class Passage:
    """A paragraph, an entry of a list, a value of a key.

    Both texts are as long as what is written, so that an offset in one is an offset in the file.
    """

    form: str
    """paragraph, item, heading, table, quotation, or value and question of front matter."""
    start: int
    """Where it begins in the text of its document, counted from 0."""
    text: str
    """Without code and addresses."""
    own: str
    """Without quotations and the titles of linked works, too."""


def passage_of(form: str, start: int, written: str) -> Passage:
    """The passage that is `written` from the offset `start` on."""
    own = text = CODE.sub(_stand_in, written) if "`" in written else written
    if "](" in text or "<http" in text:
        own = ADDRESS.sub(_gone, TITLE.sub(_stand_in, text))
        text = ADDRESS.sub(_gone, text)
    if form == "quotation":
        own = STAND_IN * len(own)
    elif '"' in own or "“" in own:
        own = QUOTED.sub(_stand_in, own)
    return Passage(form, start, text, own)


def place_at(document: Document, offset: int) -> Place:
    """Line and column of the character at `offset`, counted from 0, of the text of a document."""
    before = document.text[:offset]
    return before.count("\n") + 1, offset - before.rfind("\n")


def line_starts(text: str) -> list[int]:
    """The offset of the first character of each line, and of the line behind the last."""
    starts = [0]
    for line in text.split("\n"):
        starts.append(starts[-1] + len(line) + 1)
    return starts


def _stand_in(match: re.Match[str]) -> str:
    return STAND_IN * len(match[0])


def _gone(match: re.Match[str]) -> str:
    return GONE * len(match[0])
