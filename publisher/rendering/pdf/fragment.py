"""A fragment: one section laid out, as a small tagged PDF with a map of its anchors."""

import ctypes
import hashlib
import io
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache, cached_property
from importlib.metadata import version

from pikepdf import Pdf

from publisher.rendering.pdf.scratch import Kept, Scratch
from publisher.rendering.theme import ScriptFont

LAYOUT_VERSION = "8"
"""Raised when the code that lays out or encodes fragments changes what they contain."""

ENGINES = ("weasyprint", "pydyf", "fonttools", "pyphen", "tinycss2", "tinyhtml5", "pillow")


PANGO = ("libpango-1.0.so.0", "libpango-1.0.dylib", "libpango-1.0-0.dll")
"""The file of the library that breaks lines, by system."""


@cache
def engine_versions() -> tuple[str, ...]:
    """The versions of everything that decides what a fragment looks like."""
    return (LAYOUT_VERSION, pango_version(), *(version(engine) for engine in ENGINES))


def pango_version() -> str:
    """The version of the system's Pango, asked without loading the renderer."""
    for name in PANGO:
        try:
            return str(ctypes.CDLL(name).pango_version())
        except OSError:
            continue
    return "unknown"


@dataclass(frozen=True)
class FragmentJob:
    """Everything that a fragment depends on. Jobs travel to worker processes."""

    name: str
    xhtml: bytes
    style: str
    paper: str
    script_fonts: tuple[ScriptFont, ...]
    fonts_folder: str
    fonts_digest: str
    tagged: bool = True
    plain: bool = False
    """Whether the setter can do it without the general renderer (see setter/)."""
    lasting: bool = True
    """Whether another book may have the same; if not, it is not worth keeping."""

    @cached_property
    def key(self) -> str:
        """A digest of all inputs but the place of the font files."""
        inputs = [
            *engine_versions(), self.style, self.paper,
            *(font.file for font in self.script_fonts), self.fonts_digest, self.tagged, self.plain,
        ]  # fmt: skip
        digest = hashlib.sha256(json.dumps(inputs).encode())
        digest.update(self.xhtml)
        return digest.hexdigest()


@dataclass(frozen=True)
class Fragment:
    """`pdf` is a tagged PDF; `anchors` maps a name to its page, counted from 0, and its top.

    Places are in PDF points from the left and bottom edge of the page. `starts` has, for each
    page, the number of the first block that begins on it (see `number_blocks` in xhtml.py), or
    None for the first page and for one on which no block begins.
    """

    pdf: bytes | Kept
    pages: int
    anchors: Mapping[str, tuple[int, float, float]]
    starts: tuple[int | None, ...]

    @property
    def content(self) -> bytes:
        """The bytes of its PDF."""
        return self.pdf if isinstance(self.pdf, bytes) else self.pdf.read()

    def kept_in(self, scratch: Scratch) -> "Fragment":
        """The same with its PDF out of memory."""
        return replace(self, pdf=scratch.add(self.content))

    @cached_property
    def document(self) -> Pdf:
        """Its PDF, opened once for all the books that take its pages over."""
        return Pdf.open(io.BytesIO(self.content))

    @contextmanager
    def opened(self, *, keep: bool) -> Iterator[Pdf]:
        """Its PDF, which stays open for the next book if `keep`; an open one takes some 0.5 MB."""
        if keep:
            yield self.document
        else:
            with Pdf.open(io.BytesIO(self.content)) as document:
                yield document

    def encode(self) -> bytes:
        """The bytes to keep: a line of JSON with a digest, then the PDF."""
        content = self.content
        head = {
            "sha256": hashlib.sha256(content).hexdigest(),
            "pages": self.pages,
            "anchors": self.anchors,
            "starts": self.starts,
        }
        return json.dumps(head, separators=(",", ":")).encode() + b"\n" + content

    @classmethod
    def decode(cls, data: bytes) -> "Fragment":
        """The fragment of `encode`'s bytes. Raises `ValueError` when they are damaged."""
        line, _, pdf = data.partition(b"\n")
        head = json.loads(line)
        if hashlib.sha256(pdf).hexdigest() != head["sha256"]:
            raise ValueError("the fragment's bytes are damaged")
        anchors = {name: (int(p), x, y) for name, (p, x, y) in head["anchors"].items()}
        return cls(pdf, head["pages"], anchors, tuple(head["starts"]))
