"""Writes a PDF file object by object (PDF 1.7, 7.5): small ones together in compressed streams."""

import hashlib
import zlib
from itertools import count

from publisher.rendering.pdf.saving import COMPRESSION

HEADER = b"%PDF-1.7\n%\xbf\xf7\xa2\xfe\n"

TOGETHER = 100
"""So many small objects share a stream; a reader must unpack all to have one."""

WIDTHS = (1, 4, 2)
"""Bytes of the three fields of an entry of the cross-reference stream (7.5.8.3)."""

FREE = (0, 0, 0xFFFF)


class Writer:
    """A file that is being written."""

    def __init__(self) -> None:
        self._numbers = count(1)
        self._pieces = [HEADER]
        self._length = len(HEADER)
        self._digest = hashlib.sha256(HEADER)
        self._places: dict[int, tuple[int, int, int]] = {0: FREE}
        self._waiting: list[tuple[int, bytes]] = []

    def reserve(self) -> int:
        """A number for an object."""
        return next(self._numbers)

    def write(self, number: int, text: bytes, stream: bytes | None = None) -> None:
        """Write an object; `stream` is encoded as its dictionary `text` says."""
        if stream is not None:
            self._place(number, b"%s\nstream\n%s\nendstream" % (text, stream))
            return
        self._waiting.append((number, text))
        if len(self._waiting) == TOGETHER:
            self._write_waiting()

    def finish(self, root: int, info: int | None) -> bytes:
        """The bytes of the file whose catalogue is the object `root`."""
        if self._waiting:
            self._write_waiting()
        # All that stands before it makes the identifier (14.4), as nothing else differs.
        mark = self._digest.hexdigest()[:32].encode()
        number, start = self.reserve(), self._length
        self._places[number] = (1, start, 0)
        entries = b"".join(
            field.to_bytes(width, "big")
            for each in range(number + 1)
            for field, width in zip(self._places.get(each, FREE), WIDTHS, strict=True)
        )
        about = b"/Info %d 0 R " % info if info else b""
        text = b"<< /Type /XRef /Size %d /W [ %d %d %d ] /Root %d 0 R %s/ID [ <%s> <%s> ]" % (
            number + 1, *WIDTHS, root, about, mark, mark,
        )  # fmt: skip
        self._place(number, _packed(text, entries))
        self._add(b"startxref\n%d\n%%%%EOF\n" % start)
        return b"".join(self._pieces)

    def _write_waiting(self) -> None:
        """An object stream (7.5.7)."""
        stream = self.reserve()
        head, body = [], bytearray()
        for index, (number, text) in enumerate(self._waiting):
            self._places[number] = (2, stream, index)
            head.append(b"%d %d" % (number, len(body)))
            body += text + b"\n"
        first = b" ".join(head) + b"\n"
        text = b"<< /Type /ObjStm /N %d /First %d" % (len(self._waiting), len(first))
        self._place(stream, _packed(text, first + bytes(body)))
        self._waiting.clear()

    def _place(self, number: int, content: bytes) -> None:
        self._places[number] = (1, self._length, 0)
        self._add(b"%d 0 obj\n%s\nendobj\n" % (number, content))

    def _add(self, piece: bytes) -> None:
        self._pieces.append(piece)
        self._length += len(piece)
        self._digest.update(piece)


def _packed(text: bytes, content: bytes) -> bytes:
    packed = zlib.compress(content, COMPRESSION)
    end = b" /Filter /FlateDecode /Length %d >>\nstream\n%s\nendstream" % (len(packed), packed)
    return text + end
