"""What is kept is whole, or it is made again."""

from pathlib import Path

import pytest

from publisher.build.store import Store, write_whole


def only_file(folder: Path) -> Path:
    (path,) = (path for path in folder.rglob("*") if path.is_file())
    return path


def test_what_was_put_is_got(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.put("ab12", b"content")
    assert store.get("ab12") == b"content"
    assert store.get("cd34") is None


@pytest.mark.parametrize("damage", ["cut", "flipped", "emptied"])
def test_a_damaged_entry_counts_as_missing(damage: str, tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.put("ab12", b"content" * 100)
    path = only_file(tmp_path)
    whole = path.read_bytes()
    flipped = whole[:50] + bytes([whole[50] ^ 1]) + whole[51:]
    path.write_bytes({"cut": whole[:-1], "flipped": flipped, "emptied": b""}[damage])
    assert store.get("ab12") is None
    store.put("ab12", b"again")
    assert store.get("ab12") == b"again"


def test_a_cache_that_cannot_be_written_is_no_failure(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    store = Store(tmp_path / "file")
    store.put("ab12", b"content")
    assert store.get("ab12") is None


def test_a_failed_write_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "book.pdf"
    write_whole(path, b"old")
    with pytest.raises(TypeError):
        write_whole(path, "no bytes")  # type: ignore[arg-type]  # the fault to be survived
    assert path.read_bytes() == b"old"
    assert [path] == list(tmp_path.iterdir())
