"""Joins the PDFs of a long book, one after the other, without holding them all in memory.

pikepdf keeps every object of a file, some 0.25 MB a page. So a long book is made in volumes of some
hundred pages; each is saved, its objects go into the one file under new numbers, and it is
forgotten. What is said of the book as a whole (catalogue, page tree, outline, root of the
structure) comes last, as a small PDF of its own: the frame.

Objects of one that stand for objects of the other are marked with a name: the real one by `own`,
the others by `stand_in`. What stand-ins have in their `K` or `Nums` goes to the real one.

Only files that `saved` wrote are read here: without object streams, and in qpdf's plain form, where
brackets in strings are escaped and nothing but a reference looks like one.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

from pikepdf import Object, String

from publisher.rendering.pdf.writer import Writer

OWN, STAND_IN = "/Own", "/StandIn"

CATALOGUE = "catalogue"

MARK = re.compile(rb" /(Own|StandIn) \(([a-z0-9-]+)\)")
HEAD = re.compile(rb"(\d+) 0 obj\n")
STREAM, END_OF_STREAM, END = b"\nstream\n", b"\nendstream", b"\nendobj\n"
TOKEN = re.compile(rb"\((?:[^\\()]|\\.)*\)|<[0-9a-f]*>|(\d+) 0 R", re.DOTALL)
"""A string, which may hold anything, or a reference."""

LIST = re.compile(rb"/(K|Nums) \[ (?:(.*) )?\]", re.DOTALL)


def own(thing: Object, name: str) -> None:
    """Mark an object as the real one."""
    thing[OWN] = String(name)


def stand_in(thing: Object, name: str) -> None:
    """Mark an object as standing for the one in another file that owns the name."""
    thing[STAND_IN] = String(name)


@dataclass(frozen=True, slots=True)
class Saved:
    """An object of a saved file: its text, its stream if it has one, and its mark."""

    number: int
    text: bytes
    stream: bytes | None
    name: bytes | None
    stands_in: bool


class Joint:
    """A file that grows by volumes."""

    def __init__(self) -> None:
        self._writer = Writer()
        self._named: dict[bytes, int] = {}
        self._lists: dict[bytes, list[bytes]] = defaultdict(list)

    def add(self, pdf: bytes) -> None:
        """Take over the objects of a saved file."""
        # Read twice, since so many objects take more memory than their text.
        numbers = {each.number: self._number(each.name) for each in _objects(pdf)}
        for each in _objects(pdf):
            text = _renumbered(each.text, numbers)
            if each.stands_in and each.name:
                found = LIST.search(text)
                if found and found[2]:
                    self._lists[each.name].append(found[2])
                continue
            if each.name in self._lists:
                text = _with_list(text, b" ".join(self._lists.pop(each.name)))
            self._writer.write(numbers[each.number], text, each.stream)

    def finish(self) -> bytes:
        """The whole file, behind the frame, which owns the catalogue."""
        return self._writer.finish(self._named[CATALOGUE.encode()], self._named.get(b"info"))

    def _number(self, name: bytes | None) -> int:
        if name is None:
            return self._writer.reserve()
        if name not in self._named:
            self._named[name] = self._writer.reserve()
        return self._named[name]


def _objects(pdf: bytes) -> Iterator[Saved]:
    offsets = _offsets(pdf)
    for start, end in pairwise(offsets):
        head = HEAD.match(pdf, start)
        if head is None:
            raise ValueError(f"no object at {start}")
        text, found, stream = pdf[head.end() : end].removesuffix(END).partition(STREAM)
        mark = MARK.search(text)
        yield Saved(
            number=int(head[1]),
            text=MARK.sub(b"", text),
            stream=stream.removesuffix(END_OF_STREAM) if found else None,
            name=mark[2] if mark else None,
            stands_in=bool(mark and mark[1] == b"StandIn"),
        )


def _offsets(pdf: bytes) -> list[int]:
    """Where the objects begin, and where the last one ends."""
    table = int(pdf[pdf.rindex(b"startxref") :].split()[1])
    lines = pdf[table : pdf.index(b"trailer", table)].split(b"\n")[2:]
    return [*sorted(int(line[:10]) for line in lines if line.endswith(b"n ")), table]


def _renumbered(text: bytes, numbers: Mapping[int, int]) -> bytes:
    def new(token: re.Match[bytes]) -> bytes:
        return b"%d 0 R" % numbers[int(token[1])] if token[1] else token[0]

    return TOKEN.sub(new, text)


def _with_list(text: bytes, items: bytes) -> bytes:
    found = LIST.search(text)
    if found is None:
        raise ValueError("the owner of a list has none")
    return text[: found.start()] + b"/%s [ %s ]" % (found[1], items) + text[found.end() :]
