"""A file of the records, read: its data with places, and its Markdown text."""

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from publisher.records.codes import REMEDIES
from publisher.records.diagnostics import Diagnostic, Place
from publisher.records.drawing import read_drawing
from publisher.records.tree import Key, Tree, read_tree

FENCE = "---"

UNPRINTABLE = re.compile(
    r"[^\t\n\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]"
)
"""What neither YAML nor XHTML can hold, and what only some programs take for a line end."""


@dataclass(slots=True)
class Document:
    """One file. `text` is all of it, `body` the Markdown from line `body_line` on.

    Lines end in a bare line feed, whatever they end in on disk. Without a body, `body_line` lies
    behind the last line.
    """

    file: str
    tree: Tree = field(default_factory=Tree)
    text: str = ""
    body: str = ""
    body_line: int = 1
    diagnostics: list[Diagnostic] = field(default_factory=list)

    @property
    def data(self) -> Any:
        """The YAML data; None if they could not be read."""
        return self.tree.data

    def place(self, key: Key, *, of_key: bool = False) -> Place:
        """Where the value at `key` stands, or its nearest ancestor that does."""
        for length in range(len(key), -1, -1):
            part = key[:length]
            found = (self.tree.keys.get(part) if of_key else None) or self.tree.values.get(part)
            if found:
                return found
        return (1, 1)

    def report(self, code: str, text: str, place: Place, hint: str | None = None) -> None:
        """Remember a finding in this file. Without a hint, the remedy of its code is one."""
        hint = REMEDIES[code] if hint is None else hint
        self.diagnostics.append(Diagnostic(self.file, *place, code, text, hint))


def read_document(path: Path, name: str) -> Document:
    """Read the record at `path`; mistakes go to its `diagnostics` under the file name `name`."""
    document = Document(name)
    try:
        # An editor may put a byte order mark first; it is no part of the text.
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        document.report(
            "R002", "the file is not UTF-8", _after(error.object[: error.start].decode())
        )
        return document
    except OSError as error:
        document.report("R001", f"the file cannot be read: {error.strerror}", (0, 0))
        return document
    document.text = text.replace("\r\n", "\n").replace("\r", "\n")
    document.body_line = document.text.count("\n") + 2
    unprintable = UNPRINTABLE.search(document.text)
    if unprintable:
        wrong = f"the character U+{ord(unprintable[0]):04X} cannot be printed"
        document.report("R008", wrong, _after(document.text[: unprintable.start()]))
    elif path.suffix == ".md":
        _read_markdown(document)
    elif path.suffix == ".svg":
        _take(document, read_drawing(document.text))
    else:
        _read_yaml(document, document.text, first_line=1)
    return document


def _read_markdown(document: Document) -> None:
    lines = document.text.split("\n")
    if lines[0].rstrip() != FENCE:
        document.report("R004", "front matter is missing", (1, 1), "begin the file with ---")
        return
    for number, line in enumerate(lines[1:], start=1):
        if line.rstrip() == FENCE:
            _read_yaml(document, "\n".join(lines[1:number]), first_line=2)
            document.body = "\n".join(lines[number + 1 :])
            document.body_line = number + 2
            return
    document.report("R004", "front matter is not closed", (1, 1), "end it with a line ---")


def _read_yaml(document: Document, text: str, first_line: int) -> None:
    _take(document, read_tree(text, first_line))


def _take(document: Document, tree: Tree) -> None:
    document.tree = tree
    for mistake in tree.mistakes:
        document.report(mistake.code, mistake.text, mistake.place, mistake.hint)


def _after(text: str) -> Place:
    """The place right after `text`, with which a file begins."""
    return text.count("\n") + 1, len(text) - text.rfind("\n")
