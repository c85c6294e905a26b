"""What is kept is whole, or it is made again."""

import os
import pickle
import random
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

import boto3
import pytest

from publisher.build import remote_folder
from publisher.build.folders import Folder, LocalFolder
from publisher.build.places import folder_at
from publisher.build.store import Holdings, Pruned, Store
from tests.build.test_folders import READ_ONLY, SMALL_DISK, mounted, python
from tests.s3 import CREDENTIALS, Server

DAY = 24 * 3600.0
ENTRY = 1000
"""Bytes of an entry that the tests of size put, digest and all."""


def put_aged(store: Store, ages: dict[str, float]) -> None:
    """Put entries of `ENTRY` bytes that were last used so many seconds ago."""
    assert isinstance(store.folder, LocalFolder)
    for key, age in ages.items():
        store.put(key, bytes(ENTRY - 32))
        set_age(store.folder.path / key[:2] / key, age)


def set_age(path: Path, age: float) -> None:
    then = time.time() - age
    os.utime(path, (then, then))


def age_of(path: Path) -> float:
    return time.time() - path.stat().st_mtime


def keys_in(store: Store) -> list[str]:
    return sorted(file.name.rpartition("/")[2] for file in store.folder.files())


def test_what_was_put_is_got(folder: Folder) -> None:
    store = Store(folder)
    assert not store.changed
    store.put("ab12", b"content")
    store.put("ab34", b"")
    assert (b"content", b"") == (store.get("ab12"), store.get("ab34"))
    assert store.get("cd34") is None
    assert store.changed
    assert store.trouble is None


def test_what_is_put_again_replaces(folder: Folder) -> None:
    store = Store(folder)
    store.put("ab12", b"one")
    store.put("ab12", b"other")
    assert store.get("ab12") == b"other"


def test_a_store_is_at_a_path_a_url_or_in_a_folder(tmp_path: Path) -> None:
    Store(tmp_path).put("ab12", b"content")
    for place in (str(tmp_path), tmp_path.as_uri(), LocalFolder(tmp_path)):
        assert Store(place).get("ab12") == b"content"
    with pytest.raises(ValueError, match="no place for files"):
        Store("http://example.org/cache")


@pytest.mark.parametrize("damage", ["cut", "flipped", "emptied", "short"])
def test_a_damaged_entry_counts_as_missing(damage: str, folder: Folder) -> None:
    store = Store(folder)
    store.put("ab12", b"content" * 100)
    whole = folder.read("ab/ab12")
    flipped = whole[:50] + bytes([whole[50] ^ 1]) + whole[51:]
    damaged = {"cut": whole[:-1], "flipped": flipped, "emptied": b"", "short": whole[:20]}
    folder.write("ab/ab12", damaged[damage])
    assert store.get("ab12") is None
    store.put("ab12", b"again")
    assert store.get("ab12") == b"again"


@pytest.mark.parametrize("key", ["", "ab", "../../etc/passwd", "ABCD", "ab/cd", "ab12\n", "xyz"])
def test_keys_are_digests(key: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="no digest"):
        Store(tmp_path).put(key, b"x")
    with pytest.raises(ValueError, match="no digest"):
        Store(tmp_path).get(key)


def test_it_pickles(folder: Folder) -> None:
    store = Store(folder, cap=5)
    store.put("ab12", b"content")
    again = pickle.loads(pickle.dumps(store))  # noqa: S301  # our own bytes
    assert again.get("ab12") == b"content"
    assert again.cap == 5
    assert not again.changed


# Size


def test_what_was_used_last_stays(tmp_path: Path) -> None:
    store = Store(tmp_path)
    put_aged(store, {"ab1": 4 * DAY, "cd2": DAY, "ef3": 3 * DAY, "ef4": 2 * DAY})
    assert Pruned(2, 2 * ENTRY, 0, 2, 2 * ENTRY) == store.prune(3 * ENTRY - 1)
    assert ["cd2", "ef4"] == keys_in(store)


@pytest.mark.parametrize(
    ("cap", "left"), [(3 * ENTRY, 3), (3 * ENTRY - 1, 2), (ENTRY, 1), (ENTRY - 1, 0), (0, 0)]
)
def test_what_stays_fits_the_cap(cap: int, left: int, folder: Folder) -> None:
    store = Store(folder, cap)
    for key in ("ab1", "cd2", "ef3"):
        store.put(key, bytes(ENTRY - 32))
    pruned = store.trim()
    assert (3 - left, left) == (pruned.entries, pruned.entries_left)
    assert (left * ENTRY, left) == (store.holdings().size, store.holdings().entries)


def test_what_was_read_counts_as_used(tmp_path: Path) -> None:
    store = Store(tmp_path)
    put_aged(store, {"ab1": 3 * DAY, "cd2": 2 * DAY})
    assert store.get("ab1") is not None
    store.prune(ENTRY)
    assert ["ab1"] == keys_in(store)


def test_use_is_noted_once_an_hour(tmp_path: Path) -> None:
    store = Store(tmp_path)
    put_aged(store, {"ab1": 3000, "cd2": 4000})
    store.get("ab1")
    store.get("cd2")
    assert 2999 < age_of(tmp_path / "ab" / "ab1")
    assert 2999 > age_of(tmp_path / "cd" / "cd2")


def test_a_time_in_the_future_is_mended(tmp_path: Path) -> None:
    """A clock that was wrong for a day keeps nothing for ever."""
    store = Store(tmp_path)
    put_aged(store, {"ab1": -400 * DAY})
    store.get("ab1")
    assert age_of(tmp_path / "ab" / "ab1") > -DAY


def test_a_damaged_entry_is_not_used(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.put("ab1", b"content")
    path = tmp_path / "ab" / "ab1"
    path.write_bytes(b"damage")
    set_age(path, DAY)
    store.get("ab1")
    assert age_of(path) > DAY - 60


def test_what_was_read_from_an_object_store_counts_as_used(
    bucket: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An object is as old as its put, so it is put again, once an hour and not oftener."""
    name = bucket.removeprefix("s3://")
    client = boto3.client("s3")
    client.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})

    def puts() -> int:
        return len(client.list_object_versions(Bucket=name)["Versions"])

    Store(bucket).put("ab1", b"content")
    for _ in range(2):
        assert Store(bucket).get("ab1") == b"content"
    assert puts() == 1
    monkeypatch.setattr(remote_folder, "HOUR", -1.0)  # the hour is over
    assert Store(bucket).get("ab1") == b"content"
    assert puts() == 2
    monkeypatch.undo()


def test_a_worker_asks_once_an_hour_when_an_object_was_used(bucket: str, s3_server: Server) -> None:
    Store(bucket).put("ab1", b"content")
    store = Store(bucket)
    for _ in range(3):
        store.get("ab1")
    methods = s3_server.methods(f"/{bucket.removeprefix('s3://')}/ab/ab1")
    assert ["PUT", "GET", "HEAD", "GET", "GET"] == methods


def test_only_what_is_ours_is_removed(tmp_path: Path) -> None:
    """A cache may be put by mistake where other things are."""
    others = ["letter.txt", "ab/letter.txt", "ab/cd12", "AB/AB12", "ab/ab12/ab12", ".ab/ab12",
              ".profile", "photos/2026/a.jpg", "ab12", "ab/ab12.pdf"]  # fmt: skip
    for other in others:
        path = tmp_path / other
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"mine")
        set_age(path, 9 * DAY)
    store = Store(tmp_path)
    store.put("cd34", b"content")
    assert store.prune(0).entries == 1
    left = sorted(str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*") if path.is_file())
    assert sorted(others) == left


def test_links_out_of_the_cache_are_not_followed(tmp_path: Path) -> None:
    (tmp_path / "others" / "ab").mkdir(parents=True)
    (tmp_path / "others" / "ab" / "ab12").write_bytes(b"mine")
    (tmp_path / "cache").mkdir()
    (tmp_path / "cache" / "ab").symlink_to(tmp_path / "others" / "ab")
    assert Store(tmp_path / "cache").prune(0).entries == 0
    assert (tmp_path / "others" / "ab" / "ab12").exists()


def test_leftovers_are_removed_after_an_hour(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.put("ab1", b"content")
    old, new = (tmp_path / "ab" / f".{digit * 32}.part" for digit in "01")
    for path, age in ((old, 3700), (new, 3500)):
        path.write_bytes(b"half an ent")
        set_age(path, age)
    assert store.holdings().leftovers == 1
    assert store.trim().leftovers == 1
    assert (False, True) == (old.exists(), new.exists())
    assert store.get("ab1") == b"content"


def test_holdings(folder: Folder) -> None:
    store = Store(folder)
    assert Holdings(0, 0, None, None, 0) == store.holdings()
    store.put("ab1", bytes(10))
    store.put("cd2", bytes(20))
    held = store.holdings()
    assert (2, 94, 0) == (held.entries, held.size, held.leftovers)
    assert held.oldest is not None
    assert held.newest is not None
    assert held.oldest <= held.newest <= time.time() + 2


# Trouble


def test_a_cache_that_cannot_be_made_is_no_failure(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    store = Store(tmp_path / "file")
    store.put("ab12", b"content")
    assert store.get("ab12") is None
    assert Pruned() == store.trim()
    assert store.trouble == "Not a directory"
    with pytest.raises(NotADirectoryError):
        store.prune(0)


USE = """
import sys
from publisher.build.store import Store
store = Store(sys.argv[1])
"""


def test_a_read_only_cache_is_read(tmp_path: Path) -> None:
    store = Store(tmp_path)
    put_aged(store, {"ab1": DAY})
    use = """
store.put("cd2", b"x")
print(len(store.get("ab1")), store.get("cd2"), store.trim().entries, store.trouble)
"""
    said = mounted(READ_ONLY, USE + use, tmp_path)
    assert f"{ENTRY - 32} None 0 Read-only file system\n" == said


def test_a_full_disk_keeps_what_fits(tmp_path: Path) -> None:
    use = """
import os
for number in range(100, 120):
    store.put(str(number), bytes(10_000))
held = [number for number in range(100, 120) if store.get(str(number))]
print(len(held) > 2, held == list(range(100, 100 + len(held))), store.trouble)
print(store.holdings().entries == len(held), store.prune(20_100).entries_left)
print([name for _, _, names in os.walk(sys.argv[1]) for name in names if "." in name])
store.put("abc", b"room again")
print(store.get("abc"))
"""
    said = mounted(SMALL_DISK, USE + use, tmp_path)
    assert "True True No space left on device\nTrue 2\n[]\nb'room again'\n" == said


def test_a_cache_that_is_removed_meanwhile_is_made_again(tmp_path: Path) -> None:
    store = Store(tmp_path / "cache")
    store.put("ab12", b"content")
    shutil.rmtree(tmp_path / "cache")
    assert store.get("ab12") is None
    assert store.trim().entries_left == 0
    store.put("ab12", b"content")
    assert store.get("ab12") == b"content"


@contextmanager
def refusing_server() -> Iterator[tuple[str, list[int]]]:
    """An address whose server hangs up on everybody, and a list that grows by each caller."""
    callers: list[int] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def hang_up() -> None:
            while True:
                try:
                    connection, (_, port) = server.accept()
                except OSError:
                    return
                callers.append(port)
                connection.close()

        thread = threading.Thread(target=hang_up)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.getsockname()[1]}", callers
        finally:
            server.shutdown(socket.SHUT_RDWR)
            thread.join()


def test_a_cache_that_does_not_answer_is_let_alone() -> None:
    """Each call tries for seconds or minutes; a guide has hundreds of them."""
    use = """
print(store.get("ab12"))
print("asked", flush=True)
sys.stdin.readline()
for number in range(100, 200):
    store.put(str(number), b"x")
    assert store.get(str(number)) is None
store.trim()
print(bool(store.trouble), store.changed)
"""
    with refusing_server() as (address, callers):
        environment = {**os.environ, **CREDENTIALS, "AWS_ENDPOINT_URL": address}
        with subprocess.Popen(
            [sys.executable, "-c", USE + use, "s3://bucket/cache"], text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            env={**environment, "AWS_MAX_ATTEMPTS": "1"},
        ) as process:  # fmt: skip
            assert process.stdout is not None
            assert ["None\n", "asked\n"] == [process.stdout.readline() for _ in range(2)]
            before = len(callers)
            said, _ = process.communicate("go on\n")
        assert "True False\n" == said
        assert before > 0
        assert before == len(callers)


# Many processes

WORK = """
import random, sys
from hashlib import sha256
from publisher.build.store import Store
place, seed, keys, rounds = sys.argv[1], *map(int, sys.argv[2:])
store, dice = Store(place), random.Random(seed)
hits = puts = 0
for _ in range(rounds):
    number = dice.randrange(keys)
    key = sha256(b"%d" % number).hexdigest()
    made = b"%d " % number * 20_000
    found = store.get(key)
    if found is None:
        store.put(key, made)
        puts += 1
    else:
        assert found == made, key
        hits += 1
assert store.trouble is None, store.trouble
print(hits, puts)
"""

PRUNE = """
import random, sys
from publisher.build.store import Store
store, dice = Store(sys.argv[1]), random.Random(5)
removed = 0
while True:
    removed += store.prune(dice.choice([0, 200_000, 400_000])).entries
    print(removed, flush=True)
"""


@contextmanager
def pruned_all_the_time(place: str) -> Iterator[None]:
    """A process that prunes a cache without a pause; it must not fail, and must find something."""
    said: list[bytes] = []
    with subprocess.Popen([sys.executable, "-c", PRUNE, place], stdout=subprocess.PIPE) as pruner:
        drain = threading.Thread(target=lambda: said.extend(pruner.stdout or ()))
        drain.start()
        try:
            yield
            assert pruner.poll() is None, "prune failed"
        finally:
            pruner.kill()
            drain.join()
    assert int(said[-1]) > 0, "nothing was pruned"


def under_load(place: str, keys: int, rounds: int) -> tuple[int, int]:
    """Hits and puts of two processes that share a cache with one that prunes it all the time."""
    arguments = [str(keys), str(rounds)]
    with pruned_all_the_time(place):
        workers = [
            subprocess.Popen(
                [sys.executable, "-c", WORK, place, str(seed), *arguments],
                stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            )
            for seed in range(2)
        ]  # fmt: skip
        ended = [worker.communicate() for worker in workers]
    for worker, (_, error) in zip(workers, ended, strict=True):
        assert worker.returncode == 0, error
    counts = [[int(count) for count in said.split()] for said, _ in ended]
    return sum(hits for hits, _ in counts), sum(puts for _, puts in counts)


def test_processes_share_a_cache_that_is_pruned(tmp_path: Path) -> None:
    hits, puts = under_load(str(tmp_path / "cache"), keys=8, rounds=800)
    assert hits > 10
    assert puts > 16


def test_processes_share_an_object_store_that_is_pruned(bucket: str) -> None:
    hits, puts = under_load(f"{bucket}/cache", keys=4, rounds=80)
    assert hits > 2
    assert puts > 8


KILLED = """
import sys
from publisher.build.store import Store
store = Store(sys.argv[1])
print("ready", flush=True)
while True:
    for number in range(100, 104):
        store.put(str(number), b"%d" % number * 500_000)
"""


def test_a_killed_writer_leaves_nothing_wrong(tmp_path: Path) -> None:
    """What stands under an entry's name is whole, and what does not is swept up an hour later."""
    store = Store(tmp_path)
    dice = random.Random(3)  # noqa: S311  # moments to kill at
    for _ in range(20):
        with subprocess.Popen(
            [sys.executable, "-c", KILLED, tmp_path], stdout=subprocess.PIPE
        ) as writer:
            assert writer.stdout is not None
            writer.stdout.readline()
            time.sleep(dice.uniform(0, 0.03))
            writer.kill()
        for number in range(100, 104):
            found = store.get(str(number))
            assert found in (None, b"%d" % number * 500_000)
            assert found is not None or not (tmp_path / "10" / str(number)).exists()
    unfinished = [file for file in store.folder.files(unfinished=True) if file.hidden]
    assert unfinished, "no kill came while a file was being written"
    for file in unfinished:
        set_age(tmp_path / file.name, 3700)
    assert store.trim().leftovers == len(unfinished)
    assert not [file for file in store.folder.files(unfinished=True) if file.hidden]
    assert store.holdings().entries > 0


def test_an_object_store_of_another_process(bucket: str) -> None:
    put = 'store.put("ab12", b"content")'
    python(USE + put, f"{bucket}/cache")
    assert Store(f"{bucket}/cache").get("ab12") == b"content"
    assert sha256(b"content").digest() + b"content" == folder_at(bucket).read("cache/ab/ab12")
