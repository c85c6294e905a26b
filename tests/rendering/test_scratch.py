"""What waits on disk comes back as it was, also when the disk has no room for it."""

import io
import tempfile
from pathlib import Path

import pytest

from publisher.rendering.pdf import scratch
from publisher.rendering.pdf.scratch import Scratch


class Full(io.BytesIO):
    """A file on a disk with room for ten bytes."""

    def write(self, content: object) -> int:
        """Take what fits, then say that the disk is full."""
        assert isinstance(content, bytes)
        super().write(content[: 10 - self.tell()])
        if self.tell() >= 10:
            raise OSError(28, "No space left on device")
        return len(content)


def test_pieces_come_back() -> None:
    file = Scratch()
    kept = [file.add(piece) for piece in (b"one", b"", b"three")]
    assert [b"one", b"", b"three"] == [each.read() for each in kept]
    assert b"onethree" == file.read(0, file.length)


@pytest.mark.parametrize("room", [Full, None])
def test_a_full_disk_loses_nothing(
    monkeypatch: pytest.MonkeyPatch, room: type[io.BytesIO] | None
) -> None:
    def refuse() -> io.BytesIO:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(scratch, "TemporaryFile", room or refuse)
    file = Scratch()
    kept = [file.add(piece) for piece in (b"first", b"second", b"third")]
    assert [b"first", b"second", b"third"] == [each.read() for each in kept]
    assert b"firstsecondthird" == file.read(0, file.length)


def test_nobody_sees_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    file = Scratch()
    file.add(b"x" * 100_000)
    assert [] == list(tmp_path.iterdir())
