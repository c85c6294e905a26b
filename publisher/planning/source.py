"""A file of readers as text, read piece by piece, so that its size does not matter."""

import codecs
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from io import IncrementalNewlineDecoder
from itertools import chain
from typing import BinaryIO

from publisher.planning.reader_rows import place_after, useless

PIECE = 1 << 20
"""So many bytes are read at once."""

STDIN = "<stdin>"
"""The name of standard input in diagnostics; as a path it is -."""


@dataclass(frozen=True, slots=True)
class Source:
    """A file of readers: `stream` can be read again from its beginning; `file` is a path, or -."""

    stream: BinaryIO
    file: str

    @property
    def name(self) -> str:
        """What diagnostics call it."""
        # A name that is not UTF-8 must not keep the diagnostic from being printed.
        return STDIN if self.file == "-" else self.file.encode(errors="replace").decode()

    def pieces(self) -> Iterator[str]:
        r"""The text from its beginning, never parted inside a \r\n.

        A spreadsheet may put a byte order mark first; it is no part of the text. Raises
        `DiagnosedError` (L002) where the file is not UTF-8, and `OSError`.
        """
        self.stream.seek(0)
        utf8 = codecs.getincrementaldecoder("utf-8-sig")()
        # Without a decoder behind it, it only holds back a \r until it knows what follows.
        lines = IncrementalNewlineDecoder(None, translate=False)
        place = 1, 1
        for content in chain(iter(partial(self.stream.read, PIECE), b""), (b"",)):
            try:
                piece = lines.decode(utf8.decode(content, not content), not content)
            except UnicodeDecodeError as error:
                before = lines.decode(error.object[: error.start].decode(), final=True)
                at = place_after(before, place)
                raise useless(self.name, "L002", "the file is not UTF-8", at) from None
            place = place_after(piece, place)
            yield piece

    def check(self) -> None:
        """Read it all once, so that a file with a fault near its end is not half used."""
        for _ in self.pieces():
            pass

    def first_character(self) -> str:
        """The first that is not blank, or nothing if there is none."""
        return next((text[0] for piece in self.pieces() if (text := piece.lstrip())), "")
