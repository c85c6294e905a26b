"""YAML, and Markdown with YAML front matter, to plain data with the place of every value.

YAML here is the safe subset of YAML 1.1 in which only `true` and `false` are booleans and
`1:30` is a text, as an editor expects.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from publisher.records.diagnostics import Diagnostic

Key = tuple[str | int, ...]
"""The way from the top of a document to a value: keys and list indices."""

Place = tuple[int, int]
"""Line and column, both from 1."""

FENCE = "---"

DEEPEST = 30
"""Deeper nesting than any record has; it stops a YAML alias that contains itself."""


class _Loader(yaml.CSafeLoader):
    """The C parser with the resolver's surprises taken out."""

    yaml_implicit_resolvers = {
        first: [
            (tag, pattern)
            for tag, pattern in resolvers
            if tag.rpartition(":")[2] not in ("bool", "int", "float")
        ]
        for first, resolvers in yaml.CSafeLoader.yaml_implicit_resolvers.items()
    }


_Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"^(?:true|false)$"), list("tf"))
_Loader.add_implicit_resolver(
    "tag:yaml.org,2002:int", re.compile(r"^[-+]?(?:0|[1-9]\d*)$"), list("-+0123456789")
)
_Loader.add_implicit_resolver(
    "tag:yaml.org,2002:float", re.compile(r"^[-+]?\d+\.\d+$"), list("-+0123456789")
)


@dataclass(slots=True)
class Document:
    """One parsed file: its data, where each key and value stands, and its Markdown body."""

    file: str
    data: Any = None
    values: dict[Key, Place] = field(default_factory=dict)
    keys: dict[Key, Place] = field(default_factory=dict)
    text: str = ""
    body: str = ""
    body_line: int = 1
    diagnostics: list[Diagnostic] = field(default_factory=list)

    def place(self, key: Key, *, of_key: bool = False) -> Place:
        """Where the value at `key` stands, or its nearest ancestor that does."""
        for length in range(len(key), -1, -1):
            part = key[:length]
            found = (self.keys.get(part) if of_key else None) or self.values.get(part)
            if found:
                return found
        return (1, 1)

    def report(self, code: str, text: str, place: Place, hint: str = "") -> None:
        """Remember a finding in this file."""
        self.diagnostics.append(Diagnostic(self.file, *place, code, text, hint))


def read_document(path: Path, name: str) -> Document:
    """Read the record at `path`; mistakes go to its `diagnostics` under the file name `name`."""
    document = Document(name)
    try:
        text = path.read_bytes().decode("utf-8")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        document.report("R002", "the file is not UTF-8", (line, 1), "save it as UTF-8")
        return document
    except OSError as error:
        document.report("R001", f"the file cannot be read: {error.strerror}", (0, 0))
        return document
    document.text = text
    if path.suffix == ".md":
        _read_markdown(document, text)
    else:
        _read_yaml(document, text, first_line=1)
    return document


def _read_markdown(document: Document, text: str) -> None:
    lines = text.split("\n")
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
    try:
        loader = _Loader(text)
        node = loader.get_single_node()
        if node is None:
            document.data = {}
            return
        document.data = _Builder(document, loader, first_line).build(node, ())
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        place = (mark.line + first_line, mark.column + 1) if mark else (first_line, 1)
        document.report("R003", f"YAML: {error.problem or error.context}", place)
    except yaml.YAMLError as error:  # a character that YAML forbids has no mark
        document.report("R003", f"YAML: {str(error).splitlines()[0]}", (first_line, 1))
    except ValueError as error:  # 2026-02-31 is a timestamp to YAML
        document.report("R003", f"YAML: {error}", (first_line, 1))


class _Builder:
    """Turns YAML nodes to data and notes their places."""

    def __init__(self, document: Document, loader: yaml.CSafeLoader, first_line: int) -> None:
        self.document, self.loader, self.first_line = document, loader, first_line

    def build(self, node: yaml.Node, key: Key) -> Any:
        self.document.values[key] = self._place(node)
        if len(key) > DEEPEST:
            raise ValueError("nested too deep")
        if isinstance(node, yaml.MappingNode):
            return dict(self._items(node, key))
        if isinstance(node, yaml.SequenceNode):
            # Tuples: records are frozen, and strict validation takes no list for a tuple.
            return tuple(self.build(child, (*key, i)) for i, child in enumerate(node.value))
        return self.loader.construct_object(node)

    def _items(self, node: yaml.MappingNode, key: Key) -> Iterator[tuple[str | int, Any]]:
        seen: set[str | int] = set()
        for name_node, value_node in node.value:
            name = self.loader.construct_object(name_node)
            if not isinstance(name, str | int):
                name = str(name)
            if name in seen:
                self.document.report("R005", f"key {name!r} stands twice", self._place(name_node))
            seen.add(name)
            self.document.keys[(*key, name)] = self._place(name_node)
            yield name, self.build(value_node, (*key, name))

    def _place(self, node: yaml.Node) -> Place:
        return (node.start_mark.line + self.first_line, node.start_mark.column + 1)
