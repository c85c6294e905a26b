"""YAML to plain data, with the place of every key and value.

YAML here is a small, safe subset: only `true` and `false` are booleans, `null`, `~` and nothing
are empty, `1:30`, `no` and `on` are texts, and a key is a text whatever it looks like.
"""

import re
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import yaml

from publisher.records.diagnostics import Place
from publisher.records.syntax import explain

Key = tuple[str | int, ...]
"""The way from the top of a document to a value: keys and list indices."""

DEEPEST = 30
"""Deeper nesting than any record has; beyond it lies the end of the interpreter's stack."""

CONSTANTS = {"": None, "~": None, "null": None, "true": True, "false": False}

# Eighteen digits fit every figure of a record; a longer row of digits is a text.
WHOLE = re.compile(r"[-+]?(?:0|[1-9][0-9]{0,17})")
DECIMAL = re.compile(r"[-+]?[0-9]{1,18}\.[0-9]{1,18}")
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


@dataclass(slots=True)
class Mistake:
    """Something wrong at a place of the text that is being read."""

    code: str
    text: str
    place: Place
    hint: str | None = None


@dataclass(slots=True)
class Tree:
    """The data of a text. It is None if the text is no YAML, and {} if the text is empty."""

    data: Any = None
    values: dict[Key, Place] = field(default_factory=dict)
    keys: dict[Key, Place] = field(default_factory=dict)
    mistakes: list[Mistake] = field(default_factory=list)


def read_tree(text: str, first_line: int = 1) -> Tree:
    """Read YAML whose first line is line `first_line` of its file."""
    builder = _Builder(text, first_line)
    try:
        builder.read()
    except yaml.MarkedYAMLError as error:
        wrong, hint, mark = explain(error, text)
        place = builder.place(mark) if mark else (first_line, 1)
        builder.tree.mistakes.append(Mistake("R003", wrong, place, hint))
    return builder.tree


class _Builder:
    """Turns the events of the C parser to data and notes their places.

    Events, since the parser's own tree of nodes is built by unguarded recursion.
    """

    def __init__(self, text: str, first_line: int) -> None:
        self.parser, self.first_line = yaml.CSafeLoader(text), first_line
        self.tree = Tree()
        self.anchors: dict[str, Any] = {}

    def read(self) -> None:
        self._next()  # start of the stream
        data = {}
        if not isinstance(self._next(), yaml.StreamEndEvent):
            data = self._value(self._next(), ())
            self._next()  # end of the document
            after = self._next()
            if not isinstance(after, yaml.StreamEndEvent):
                raise _refusal(after, "a second document begins", "keep one record a file")
        self.tree.data = {} if data is None else data

    def place(self, mark: Any) -> Place:
        return mark.line + self.first_line, mark.column + 1

    def _next(self) -> Any:
        return self.parser.get_event()

    def _value(self, event: Any, key: Key) -> Any:
        self.tree.values[key] = self.place(event.start_mark)
        if isinstance(event, yaml.AliasEvent):
            return self._known(event)
        if event.tag:
            raise _refusal(event, "a tag (!) has no meaning here", "write the value plainly")
        if len(key) > DEEPEST:
            raise _refusal(event, "nested too deep", "no record has so many levels")
        data = self._data(event, key)
        if event.anchor:
            self.anchors[event.anchor] = data
        return data

    def _data(self, event: Any, key: Key) -> Any:
        if isinstance(event, yaml.ScalarEvent):
            plain = event.implicit[0]
            return plain_value(event.value) if plain else event.value
        if isinstance(event, yaml.MappingStartEvent):
            return self._mapping(key)
        # Tuples: records are frozen, and strict validation takes no list for a tuple.
        items: list[Any] = []
        while not isinstance(event := self._next(), yaml.SequenceEndEvent):
            items.append(self._value(event, (*key, len(items))))
        return tuple(items)

    def _mapping(self, key: Key) -> dict[str, Any]:
        items: dict[str, Any] = {}
        while not isinstance(event := self._next(), yaml.MappingEndEvent):
            if not isinstance(event, yaml.ScalarEvent):
                raise _refusal(event, "a key must be one text", "write key: value")
            name, place = event.value, self.place(event.start_mark)
            if name in items:
                line, _ = self.tree.keys[(*key, name)]
                text = f"key {name!r} stands twice, first in line {line}"
                self.tree.mistakes.append(Mistake("R005", text, place))
            self.tree.keys[(*key, name)] = place
            items[name] = self._value(self._next(), (*key, name))
        return items

    def _known(self, event: yaml.AliasEvent) -> Any:
        if event.anchor not in self.anchors:
            text = f"*{event.anchor} names nothing that is complete above it"
            raise _refusal(event, text, "put quotes around a text that begins with *")
        return self.anchors[event.anchor]


def plain_value(text: str) -> Any:
    """What a scalar without quotes stands for."""
    if text in CONSTANTS:
        return CONSTANTS[text]
    if WHOLE.fullmatch(text):
        return int(text)
    if DECIMAL.fullmatch(text):
        return float(text)
    if DAY.fullmatch(text):
        try:
            return date.fromisoformat(text)
        except ValueError:
            pass  # 2026-02-31: a text, which the field that wants a day refuses
    return text


def _refusal(event: Any, problem: str, hint: str) -> yaml.MarkedYAMLError:
    return yaml.MarkedYAMLError(problem=problem, problem_mark=event.start_mark, note=hint)
