"""Output and cache in an object store hold the same bytes as on this machine."""

import os
import signal
from pathlib import Path

import boto3
import pytest

from publisher.build.places import folder_at
from publisher.build.receipts import Receipts
from tests.runs import SMALL, assert_well, contents, counts, publisher, readers_file, start, until

COPIES = 4


@pytest.fixture(scope="module")
def local(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with readers.csv, and what a batch and a build make on this machine."""
    folder = tmp_path_factory.mktemp("local")
    readers_file(folder / "readers.csv", COPIES)
    for command in ("batch", "build"):
        out = folder / command
        assert_well(publisher(*arguments(command, folder, out), cache=folder / "cache"))
    return folder


def arguments(command: str, folder: Path, out: Path | str) -> list[str | Path]:
    """A command that makes several books."""
    readers = [folder / "readers.csv"] if command == "batch" else []
    return [command, *readers, "--guides", SMALL, "--output", out, "--workers", "2"]


def objects(bucket: str, prefix: str) -> dict[str, bytes]:
    """Name to bytes of the objects under a prefix."""
    client = boto3.client("s3")
    name = bucket.removeprefix("s3://")
    listed = client.list_objects_v2(Bucket=name, Prefix=f"{prefix}/").get("Contents", [])
    return {
        each["Key"].removeprefix(f"{prefix}/"): client.get_object(Bucket=name, Key=each["Key"])[
            "Body"
        ].read()
        for each in listed
    }


@pytest.mark.parametrize("command", ["batch", "build"])
def test_everything_in_a_bucket(command: str, local: Path, bucket: str) -> None:
    """The same bytes as here; and nothing is made a second time."""
    run = arguments(command, local, f"{bucket}/out")
    assert_well(publisher(*run, cache=f"{bucket}/cache"))
    assert contents(local / command) == objects(bucket, "out")
    assert len(objects(bucket, "cache")) > len(objects(bucket, "out"))
    said = publisher(*run, cache=f"{bucket}/cache")
    assert_well(said)
    assert "0 made" in said.stderr or "nothing has changed" in said.stderr
    assert contents(local / command) == objects(bucket, "out")


def test_a_killed_batch_goes_on_in_the_bucket(local: Path, bucket: str) -> None:
    run = arguments("batch", local, f"{bucket}/out")
    cache = local / "cache"
    receipts = Receipts(folder_at(f"{bucket}/out"))
    first = start(*run, cache=cache)
    until(lambda: list(receipts.work.files()), first)
    os.killpg(first.pid, signal.SIGKILL)
    first.communicate()
    done = len(receipts.earlier())
    found = objects(bucket, "out")
    wanted = contents(local / "batch")
    assert all(wanted[name] == found[name] for name in found if not name.startswith("receipts/"))
    said = publisher(*run, cache=cache)
    assert_well(said)
    assert (COPIES - done, done) == (counts(said.stderr)["made"], counts(said.stderr)["kept"])
    assert wanted == objects(bucket, "out")


def test_a_bucket_that_is_not_there(local: Path, bucket: str) -> None:
    place = f"{bucket}-missing/out"
    said = publisher(*arguments("batch", local, place), cache=local / "cache")
    assert_well(said, status=1)
    assert f"{place}: B203 takes no files" in said.stderr


def test_a_store_that_does_not_answer(
    local: Path, bucket: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    said = publisher(*arguments("batch", local, f"{bucket}/out"), cache=local / "cache")
    assert_well(said, status=1)
    assert f"{bucket}/out: B203 takes no files" in said.stderr


def test_a_cache_that_does_not_answer_costs_time_only(
    bucket: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    readers = readers_file(tmp_path / "readers.csv", 1)
    out = tmp_path / "out"
    said = publisher(
        "batch", readers, "--guides", SMALL, "--output", out, "--format", "epub",
        cache=f"{bucket}/cache",
    )  # fmt: skip
    assert_well(said)
    found = contents(out)
    assert {"cartographer-for-surveyor-reader000.epub", "manifest.json"} == set(found)
