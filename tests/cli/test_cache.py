"""publisher cache: what the cache holds, and how it is kept small."""

import os
import time
from pathlib import Path
from uuid import uuid4

import pytest
from click.testing import CliRunner, Result

from publisher.build.store import Store
from publisher.cli import main

DAY = 24 * 3600.0


def run(place: Path | str, *arguments: str, **environment: str) -> Result:
    """`publisher cache` with a cache at a place; the command does not fail with an exception."""
    result = CliRunner().invoke(
        main, ["cache", *arguments], env={"PUBLISHER_CACHE": str(place), **environment}
    )
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exc_info
    return result


def said(place: Path | str, *arguments: str, **environment: str) -> str:
    """What a command that ends well prints."""
    result = run(place, *arguments, **environment)
    assert result.exit_code == 0, result.output
    return result.output


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    """A cache of three entries of 1000 bytes, the first of which was used last, and a leftover."""
    store = Store(tmp_path / "cache")
    for key, day in (("ab1", 3), ("cd2", 1), ("ef3", 2)):
        store.put(key, bytes(968))
        path = tmp_path / "cache" / key[:2] / key
        then = 1_800_000_000 + day * DAY
        os.utime(path, (then, then))
    left = tmp_path / "cache" / "ab" / f".{'0' * 32}.part"
    left.write_bytes(b"half")
    os.utime(left, (time.time() - DAY,) * 2)
    return tmp_path / "cache"


def entries(cache: Path) -> list[str]:
    return sorted(path.name for path in cache.rglob("*") if path.is_file())


def test_info(cache: Path) -> None:
    assert (
        f"place      {cache}\n"
        "entries    3\n"
        "bytes      3000 (3.0KB)\n"
        "cap        2000000000 (2.0GB)\n"
        "oldest     2027-01-16 08:00:00 UTC\n"
        "newest     2027-01-18 08:00:00 UTC\n"
        "leftovers  1\n"
    ) == said(cache, "info")


def test_info_of_a_cache_that_is_not_there_makes_none(tmp_path: Path) -> None:
    output = said(tmp_path / "none", "info", PUBLISHER_CACHE_SIZE="500MB")
    assert "entries    0\nbytes      0 (0B)\ncap        500000000 (500.0MB)\n" in output
    assert "oldest     -\nnewest     -\nleftovers  0\n" in output
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize(
    ("options", "left", "words"),
    [
        ([], ["ab1", "cd2", "ef3"],
         "removed 0 entries (0B) and 1 leftover; 3 entries (3.0KB) left"),
        (["--size", "2KB"], ["ab1", "ef3"],
         "removed 1 entry (1.0KB) and 1 leftover; 2 entries (2.0KB) left"),
        (["--size", "1999"], ["ab1"],
         "removed 2 entries (2.0KB) and 1 leftover; 1 entry (1.0KB) left"),
        (["--all"], [], "removed 3 entries (3.0KB) and 1 leftover; 0 entries (0B) left"),
    ],
)  # fmt: skip
def test_prune(options: list[str], left: list[str], words: str, cache: Path) -> None:
    assert f"{words}\n" == said(cache, "prune", *options)
    assert left == entries(cache)


def test_prune_keeps_to_the_setting(cache: Path) -> None:
    said(cache, "prune", PUBLISHER_CACHE_SIZE="1000")
    assert ["ab1"] == entries(cache)


def test_a_cache_by_url() -> None:
    place = f"memory://{uuid4().hex}"
    Store(place).put("ab1", bytes(968))
    assert f"place      {place}\nentries    1\nbytes      1000" in said(place, "info")
    assert "removed 1 entry" in said(place, "prune", "--all")
    assert "entries    0" in said(place, "info")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["prune", "--size", "much"], "'much' is no size; write one as 500MB or 2GB"),
        (["prune", "--size", "-1"], "'-1' is no size"),
        (["prune", "--size", "9" * 400 + "GB"], "is no size"),
        (["prune", "--size", "5 apples"], "'5 apples' is no size"),
        (["prune", "--size", "2GB", "--all"], "give --size or --all, not both"),
        (["prune", "--size", "0", "--all"], "give --size or --all, not both"),
        (["empty"], "No such command 'empty'"),
    ],
)
def test_wrong_usage_removes_nothing(arguments: list[str], words: str, cache: Path) -> None:
    result = run(cache, *arguments)
    assert result.exit_code == 2
    assert words in result.output
    assert len(entries(cache)) == 4


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("PUBLISHER_CACHE", "s3:/bucket", "two slashes"),
        ("PUBLISHER_CACHE", "ftp://host/a", "ftp:// is no place for files"),
        ("PUBLISHER_CACHE", "", "give the path or the URL of a folder"),
        ("PUBLISHER_OUTPUT", "s3://", "name the bucket"),
        ("PUBLISHER_OUTPUT", "s3://key:secret@bucket", "keep credentials out"),
        ("PUBLISHER_CACHE_SIZE", "much", "'much' is no size; write one as 500MB or 2GB"),
        ("PUBLISHER_CACHE_SIZE", "-1", "'-1' is no size"),
    ],
)
def test_wrong_settings_are_refused(name: str, value: str, words: str, tmp_path: Path) -> None:
    result = run(tmp_path, "info", **{name: value})
    assert result.exit_code == 2
    assert words in result.output
    assert "secret" not in result.output


@pytest.mark.parametrize("arguments", [["info"], ["prune"], ["prune", "--all"]])
def test_a_file_in_the_way(arguments: list[str], tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    result = run(tmp_path / "file", *arguments)
    assert result.exit_code == 1
    assert f"Error: cache {tmp_path / 'file'}: Not a directory; see PUBLISHER_CACHE\n" == (
        result.output
    )
    assert (tmp_path / "file").read_text() == "in the way"


def test_a_relative_cache_is_in_the_working_directory(
    cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(cache.parent)
    assert "place      cache\nentries    3\n" in said("cache", "info")
