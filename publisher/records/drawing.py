"""Reads a figure: SVG of shapes and text that leaves colours and faces to a theme."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from lxml import etree

from publisher.records.diagnostics import Place
from publisher.records.tree import Mistake, Tree

SVG = "{http://www.w3.org/2000/svg}"

WIDTH, HIGHEST = 460, 600
"""The width of a page's text in points, so that letters print in the size that a theme gives."""

ELEMENTS = frozenset({
    "svg", "title", "desc", "g", "defs", "pattern", "clipPath", "use",
    "path", "rect", "circle", "ellipse", "line", "polyline", "polygon", "text", "tspan",
})  # fmt: skip

ATTRIBUTES = frozenset({
    "id", "class", "viewBox", "transform", "href", "fill", "stroke", "clip-path",
    "x", "y", "x1", "y1", "x2", "y2", "cx", "cy", "r", "rx", "ry", "width", "height", "d",
    "points", "dx", "dy", "patternUnits", "patternTransform",
})  # fmt: skip

STYLE = re.compile(r"style|color|opacity|(?:fill|stroke|font|text|stop|letter|word)(?:-.*)?")
"""Attributes that say how something looks."""

PAINTS = re.compile(r"none|url\(#[\w-]+\)")
"""What `fill` and `stroke` may say: nothing, or a pattern of the file."""

INSIDE = re.compile(r"(?:url\()?#([\w-]+)\)?")
"""A reference to something in the same file."""

Fault = tuple[str, str]
"""Code and text."""


def read_drawing(text: str) -> Tree:
    """Read the text of an SVG file: its words and itself are the data."""
    before, doctype, _ = text.partition("<!DOCTYPE")
    if doctype:
        # Its entities can stand for files of the machine, or for more text than memory holds.
        return Tree(mistakes=[Mistake("R407", "a document type", _after(before))])
    parser = etree.XMLParser(encoding="utf-8", resolve_entities=False, no_network=True)
    try:
        root = etree.fromstring(text.encode(), parser)
    except etree.XMLSyntaxError as error:
        wrong = str(error.msg).partition(", line ")[0]
        return Tree(mistakes=[Mistake("R009", wrong, _within(text, *error.position))])
    ids = frozenset(name for element in root.iter() if (name := element.get("id")))
    return _Drawing(text.split("\n"), root, ids).tree()


def _after(text: str) -> Place:
    return text.count("\n") + 1, len(text) - text.rfind("\n")


def _within(text: str, line: int, column: int) -> Place:
    """The place that is nearest to one which the parser named; it counts what is not there, too."""
    lines = text.split("\n")
    line = min(max(line, 1), len(lines))
    return line, min(max(column, 1), len(lines[line - 1]) + 1)


@dataclass(frozen=True, slots=True)
class _Drawing:
    """A well-formed file: its lines, its outermost element, and the ids in it."""

    lines: list[str]
    root: Any
    ids: frozenset[str]

    def tree(self) -> Tree:
        """The data of the file, with what is wrong in it."""
        tree = Tree(data={"drawing": "\n".join(self.lines)})
        for element in [*self.root.itersiblings(preceding=True), *self.root.iter()]:
            for code, text in self._faults(element):
                tree.mistakes.append(Mistake(code, text, self._place(element)))
        box = self.root.get("viewBox", "")
        height = re.fullmatch(rf"0 0 {WIDTH} ([1-9]\d*)", box)
        if not height or int(height[1]) > HIGHEST:
            tree.mistakes.append(Mistake("R409", f"viewBox {box!r}", self._place(self.root)))
        for tag, key in (("title", "title"), ("desc", "description")):
            self._read_words(tree, tag, key)
        return tree

    def _read_words(self, tree: Tree, tag: str, key: str) -> None:
        element = self.root.find(f"{SVG}{tag}")
        words = "" if element is None else " ".join("".join(element.itertext()).split())
        place = self._place(self.root if element is None else element)
        tree.values[(key,)] = place
        if words and tree.data is not None:
            tree.data[key] = words
        elif not words:
            tree.mistakes.append(Mistake("R406", f"<{tag}> is missing or empty", place))
            tree.data = None  # so that the model does not miss the words a second time

    def _faults(self, element: Any) -> Iterator[Fault]:
        """What an element is or says that a figure may not."""
        if element.tag is etree.Comment:
            return
        name = _name(element)
        if element is self.root and name != "svg":
            yield "R407", f"the file begins with {name!r} and not with 'svg'"
        elif not str(element.tag).startswith(SVG) or name not in ELEMENTS:
            # A <style> is no danger, but it has colours and faces of its own.
            yield "R408" if name == "style" else "R407", f"the element {name!r}"
        else:
            for attribute, value in element.attrib.items():
                yield from self._attribute_faults(str(attribute), str(value))

    def _attribute_faults(self, name: str, value: str) -> Iterator[Fault]:
        if name not in ATTRIBUTES:
            yield "R408" if STYLE.fullmatch(name) else "R407", f"the attribute {_local(name)!r}"
        elif name in ("fill", "stroke") and not PAINTS.fullmatch(value):
            yield "R408", f"{name} is {value!r}"
        elif name == "href" or "url(" in value:
            inside = INSIDE.fullmatch(value)
            if not inside or inside[1] not in self.ids:
                yield "R407", f"a reference to {value[:60]!r}, which is not in the file"

    def _place(self, element: Any) -> Place:
        """Where an element begins; the parser knows the line in which its first tag ends."""
        sign = f"<{_name(element)}" if isinstance(element.tag, str) else "<?"
        for number in range(element.sourceline, 0, -1):
            column = self.lines[number - 1].rfind(sign)
            if column >= 0:
                return number, column + 1
        return element.sourceline, 1


def _name(element: Any) -> str:
    if isinstance(element.tag, str):
        return _local(element.tag)
    return str(getattr(element, "target", "entity"))


def _local(name: str) -> str:
    return name.rpartition("}")[2]
