"""Writes a PDF file object by object (PDF 1.7, 7.5): small ones together in compressed streams."""

import hashlib
import zlib

from publisher.rendering.pdf.saving import COMPRESSION
from publisher.rendering.pdf.scratch import Scratch

HEADER = b"%PDF-1.7\n%\xbf\xf7\xa2\xfe\n"

TOGETHER = 100
"""So many small objects share a stream; a reader must unpack all to have one."""

WIDTHS = (1, 4, 2)
"""Bytes of the three fields of an entry of the cross-reference stream (7.5.8.3)."""

ENTRY = sum(WIDTHS)


class Writer:
    """A file that is being written."""

    def __init__(self) -> None:
        self._entries = bytearray(_entry(0, 0, 0xFFFF))
        self._file = Scratch()
        self._file.add(HEADER)
        self._digest = hashlib.sha256(HEADER)
        self._waiting: list[tuple[int, bytes]] = []

    def reserve(self) -> int:
        """A number for an object."""
        self._entries += _entry(0, 0, 0xFFFF)
        return len(self._entries) // ENTRY - 1

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
        number, start = self.reserve(), self._file.length
        self._note(number, 1, start, 0)
        about = b"/Info %d 0 R " % info if info else b""
        text = b"<< /Type /XRef /Size %d /W [ %d %d %d ] /Root %d 0 R %s/ID [ <%s> <%s> ]" % (
            number + 1, *WIDTHS, root, about, mark, mark,
        )  # fmt: skip
        self._place(number, _packed(text, self._entries))
        self._add(b"startxref\n%d\n%%%%EOF\n" % start)
        return self._file.read(0, self._file.length)

    def _write_waiting(self) -> None:
        """An object stream (7.5.7)."""
        stream = self.reserve()
        head, body = [], bytearray()
        for index, (number, text) in enumerate(self._waiting):
            self._note(number, 2, stream, index)
            head.append(b"%d %d" % (number, len(body)))
            body += text + b"\n"
        first = b" ".join(head) + b"\n"
        text = b"<< /Type /ObjStm /N %d /First %d" % (len(self._waiting), len(first))
        self._place(stream, _packed(text, first + bytes(body)))
        self._waiting.clear()

    def _place(self, number: int, content: bytes) -> None:
        self._note(number, 1, self._file.length, 0)
        self._add(b"%d 0 obj\n%s\nendobj\n" % (number, content))

    def _note(self, number: int, *fields: int) -> None:
        self._entries[number * ENTRY : (number + 1) * ENTRY] = _entry(*fields)

    def _add(self, piece: bytes) -> None:
        self._file.add(piece)
        self._digest.update(piece)


def _entry(*fields: int) -> bytes:
    """Where an object is: kind, place, and index or generation (7.5.8.3)."""
    return b"".join(f.to_bytes(width, "big") for f, width in zip(fields, WIDTHS, strict=True))


def _packed(text: bytes, content: bytes | bytearray) -> bytes:
    packed = zlib.compress(content, COMPRESSION)
    end = b" /Filter /FlateDecode /Length %d >>\nstream\n%s\nendstream" % (len(packed), packed)
    return text + end
