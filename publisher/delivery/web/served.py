"""Which bytes of a file have gone out."""

import struct
from dataclasses import dataclass

MOST_RANGES = 512
"""Gaps are kept for a download that is resumed, not for one that is torn to pieces."""

PAIR = struct.Struct(">QQ")


@dataclass(frozen=True, slots=True)
class Served:
    """Ranges of bytes, first to behind the last, in order, with a gap between any two."""

    ranges: tuple[tuple[int, int], ...] = ()

    @classmethod
    def of(cls, packed: bytes) -> "Served":
        """From `packed`."""
        return cls(tuple((first, end) for first, end in PAIR.iter_unpack(packed)))

    @property
    def packed(self) -> bytes:
        """As a column holds it: 16 bytes a range."""
        return b"".join(PAIR.pack(*each) for each in self.ranges)

    def with_range(self, first: int, end: int) -> "Served":
        """With the bytes from `first` to before `end`; unchanged if it would hold too many gaps."""
        if first >= end:
            return self
        apart = [each for each in self.ranges if each[1] < first or end < each[0]]
        touching = [each for each in self.ranges if not (each[1] < first or end < each[0])]
        first = min([first, *(each[0] for each in touching)])
        end = max([end, *(each[1] for each in touching)])
        merged = sorted([*apart, (first, end)])
        return self if len(merged) > MOST_RANGES else Served(tuple(merged))

    def covers(self, size: int) -> bool:
        """Whether every byte of a file of `size` bytes is among them."""
        return not size or self.ranges[:1] == ((0, size),)
