"""A file in a folder is whole or not there, whatever holds the folder."""

import os
import pickle
import re
import shutil
import stat
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import boto3
import pytest

from publisher.build.folders import File, Folder, LocalFolder, write_whole
from publisher.build.places import folder_at, place_of
from publisher.build.remote_folder import RemoteFolder, _reason
from tests.s3 import CREDENTIALS, Server

NAMES = ("book.pdf", "de/ep/er.json", "Zoë [1] 100% #?*.epub", "日本.pdf")


def python(script: str, *arguments: str | Path, **environment: str) -> str:
    """What a script prints in a process of its own that ends well."""
    ended = subprocess.run(
        [sys.executable, "-c", script, *map(str, arguments)],
        capture_output=True, text=True, check=False, env={**os.environ, **environment},
    )  # fmt: skip
    assert ended.returncode == 0, ended.stderr
    return ended.stdout


def mounted(how: str, script: str, folder: Path) -> str:
    """What a script prints to which alone `folder` appears as `how` mounts it."""
    if not shutil.which("unshare"):
        pytest.skip("needs unshare, of util-linux, to mount something for one process")
    space = ["unshare", "--user", "--map-root-user", "--mount"]
    if subprocess.run([*space, "true"], check=False, capture_output=True).returncode:
        pytest.skip("this system does not let a process mount something for itself")
    ended = subprocess.run(
        [*space, "sh", "-ec", f'{how}; exec "$0" -c "$1" "$2"', sys.executable, script, folder],
        capture_output=True, text=True, check=False, env={**os.environ, "FOLDER": str(folder)},
    )  # fmt: skip
    assert ended.returncode == 0, ended.stderr
    return ended.stdout


READ_ONLY = 'mount --bind "$FOLDER" "$FOLDER"; mount -o remount,bind,ro "$FOLDER"'
SMALL_DISK = 'mount -t tmpfs -o size=64k tmpfs "$FOLDER"'


@pytest.mark.parametrize("name", NAMES)
def test_what_was_written_is_read(name: str, folder: Folder) -> None:
    folder.write(name, b"old")
    folder.write(name, b"content")
    assert folder.read(name) == b"content"
    folder.remove(name)
    with pytest.raises(FileNotFoundError):
        folder.read(name)


def test_an_empty_file_is_a_file(folder: Folder) -> None:
    folder.write("empty", b"")
    assert folder.read("empty") == b""


def test_files_have_name_size_and_time(folder: Folder) -> None:
    before = time.time()
    for size, name in enumerate(NAMES):
        folder.write(name, b"x" * size)
    found = {file.name: file for file in folder.files()}
    assert {name: size for size, name in enumerate(NAMES)} == {
        name: file.size for name, file in found.items()
    }
    # An object store tells whole seconds.
    assert all(before - 2 <= file.used <= time.time() + 2 for file in found.values())


def test_a_folder_that_was_never_made_has_no_files(folder: Folder) -> None:
    assert not list(folder.files())
    folder.remove("nothing", "no/thing")


def test_what_held_the_last_file_goes_with_it(folder: Folder, tmp_path: Path) -> None:
    """As in an object store, where a folder is nothing but its files; the folder itself stays."""
    for name in ("book.pdf", "de/ep/er.json", "de/ep/est/one.json"):
        folder.write(name, b"content")
    folder.remove("de/ep/est/one.json")
    assert not (tmp_path / "folder" / "de" / "ep" / "est").exists()
    assert {"book.pdf", "de/ep/er.json"} == {file.name for file in folder.files()}
    folder.remove("book.pdf", "de/ep/er.json")
    assert not list((tmp_path / "folder").glob("*"))
    folder.write("de/ep/er.json", b"again")
    assert folder.read("de/ep/er.json") == b"again"


def test_a_folder_that_is_removed_as_a_file_is_written_is_made_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another process may remove the last file in it between the two steps of writing."""
    made, was_removed = Path.mkdir, []

    def mkdir(path: Path, *options: object, **more: bool) -> None:
        made(path, *options, **more)
        if path.name == "inside" and not was_removed:
            path.rmdir()
            was_removed.append(path)

    monkeypatch.setattr(Path, "mkdir", mkdir)
    LocalFolder(tmp_path).write("inside/book.pdf", b"content")
    assert was_removed
    assert LocalFolder(tmp_path).read("inside/book.pdf") == b"content"


def test_folders_beside_it_are_not_its(folder: Folder) -> None:
    beside = folder_at(f"{folder}-beside")
    beside.write("book.pdf", b"theirs")
    assert not list(folder.files())


def test_what_prepare_leaves_is_nothing(folder: Folder) -> None:
    folder.prepare()
    folder.prepare()
    assert not list(folder.files(unfinished=True))


def test_it_pickles(folder: Folder) -> None:
    folder.write("book.pdf", b"content")
    again = pickle.loads(pickle.dumps(folder))  # noqa: S301  # our own bytes
    assert again == folder
    assert again.read("book.pdf") == b"content"


@pytest.mark.parametrize(
    "name", ["", "/etc/passwd", "../up", "a/../../up", "a//b", "a/", ".", "a/./b", "a\0b"]
)
def test_names_stay_inside(name: str, folder: Folder) -> None:
    for use in (folder.read, folder.remove, lambda each: folder.write(each, b"x")):
        with pytest.raises(ValueError, match="no name of a file inside"):
            use(name)


@pytest.mark.parametrize("name", [".hidden", "a/.hidden", ".a/b"])
def test_names_with_a_dot_are_for_unfinished_files(name: str, folder: Folder) -> None:
    with pytest.raises(ValueError, match="begins with a dot"):
        folder.write(name, b"x")


def test_unfinished_files_are_listed_only_when_asked_for(tmp_path: Path) -> None:
    (tmp_path / f".{'0' * 32}.part").write_bytes(b"x")
    folder = LocalFolder(tmp_path)
    assert not list(folder.files())
    (file,) = folder.files(unfinished=True)
    assert not file.left_over


@pytest.mark.parametrize(
    ("name", "age", "expected"),
    [
        (f".{'0' * 32}.part", 3700, True),
        (f"ab/.{'0' * 32}.part", 3700, True),
        (f".{'0' * 32}.part", 3500, False),
        (f"{'0' * 32}.part", 3700, False),
        (".hidden", 3700, False),
    ],
)
def test_what_lies_for_an_hour_is_left_over(name: str, age: int, expected: bool) -> None:
    assert expected == File(name, 1, time.time() - age).left_over


# Places


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        ("out", Path("out")),
        (Path("out"), Path("out")),
        ("/a/b", Path("/a/b")),
        ("out:1/b", Path("out:1/b")),
        ("file:///a/b%20c", Path("/a/b c")),
        ("FILE://localhost/a", Path("/a")),
        ("s3://bucket", "s3://bucket"),
        ("S3://bucket/a b/c/", "s3://bucket/a b/c"),
        ("memory://", "memory://"),
    ],
)
def test_places_are_paths_or_urls(place: str | Path, expected: str | Path) -> None:
    assert expected == place_of(place)
    assert str(expected) == str(folder_at(place))


@pytest.mark.parametrize(
    ("place", "word"),
    [
        ("", "path or the URL"),
        ("a\0b", "path or the URL"),
        (Path("s3://bucket/prefix"), "two slashes after 's3'"),
        ("s3:bucket", "two slashes after 's3'"),
        ("file:/a", "two slashes after 'file'"),
        ("file://host/a", "file:///its/path"),
        ("file://a", "file:///its/path"),
        ("http://example.org/a", "http:// is no place for files"),
        ("gs://bucket/a", "gs:// is no place for files"),
        ("s3://", "name the bucket"),
        ("s3:///prefix", "name the bucket"),
        ("s3://bucket/../other", "inside a folder"),
        ("s3://bucket//a", "inside a folder"),
        ("s3://bucket/a?versionId=1", "leave '?'"),
        ("s3://bucket/a::file:///b", "leave '?'"),
        ("s3://key:secret@bucket/a", "keep credentials out of the URL"),
        ("memory://key:secret@host/a", "keep credentials out of the URL"),
    ],
)
def test_wrong_places_are_refused(place: str | Path, word: str) -> None:
    with pytest.raises(ValueError, match=re.escape(word)) as refused:
        folder_at(place)
    assert "secret" not in str(refused.value)


def test_a_missing_extra_is_named() -> None:
    script = """
import sys
sys.modules["s3fs"] = None  # as if it were not installed
from publisher.build.places import folder_at
try:
    folder_at("s3://bucket/prefix")
except ValueError as error:
    print(error)
"""
    assert "s3:// needs the package s3fs; install the extra 's3'\n" == python(script)


def test_local_folders_do_not_load_fsspec(tmp_path: Path) -> None:
    script = """
import sys
from publisher.build.store import Store
store = Store(sys.argv[1])
store.put("ab12", b"content")
assert store.get("ab12") == b"content"
print("fsspec" in sys.modules)
"""
    assert "False\n" == python(script, tmp_path)


def test_a_relative_folder_travels(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker with another working directory writes to the same folder."""
    monkeypatch.chdir(tmp_path)
    sent = pickle.dumps(folder_at("out"))
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    pickle.loads(sent).write("book.pdf", b"content")  # noqa: S301  # our own bytes
    assert (tmp_path / "out" / "book.pdf").read_bytes() == b"content"


# Writing on this machine


def test_a_failed_write_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "book.pdf"
    write_whole(path, b"old")
    with pytest.raises(TypeError):
        write_whole(path, "no bytes")  # type: ignore[arg-type]  # the fault to be survived
    assert path.read_bytes() == b"old"
    assert [path] == list(tmp_path.iterdir())


def test_a_name_may_be_as_long_as_the_system_allows(tmp_path: Path) -> None:
    LocalFolder(tmp_path).write("n" * 255, b"content")
    assert [tmp_path / ("n" * 255)] == list(tmp_path.iterdir())


def test_the_umask_of_the_user_holds(tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        LocalFolder(tmp_path).write("book.pdf", b"content")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "book.pdf").stat().st_mode) == 0o640


WRITE = """
import os, sys
from pathlib import Path
from publisher.build.folders import LocalFolder
folder = LocalFolder(Path(sys.argv[1]))
def tried(action, *arguments):
    try:
        action(*arguments)
    except OSError as error:
        print(action.__name__, error.strerror, sorted(os.listdir(folder.path)))
"""


def test_a_file_too_large_for_the_system(tmp_path: Path) -> None:
    limit = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000))\n"
    write = 'folder.write("a", b"old"); tried(folder.write, "a", bytes(60_000))'
    assert "write File too large ['a']\n" == python(WRITE + limit + write, tmp_path)
    assert (tmp_path / "a").read_bytes() == b"old"


def test_a_full_disk(tmp_path: Path) -> None:
    write = 'folder.write("a", b"old"); tried(folder.write, "a", bytes(90_000))\n'
    read = 'assert folder.read("a") == b"old"'
    said = mounted(SMALL_DISK, WRITE + write + read, tmp_path)
    assert "write No space left on device ['a']\n" == said


def test_a_read_only_folder(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"old")
    use = """
tried(folder.prepare)
tried(folder.write, "a", b"new")
tried(folder.remove, "a")
assert folder.read("a") == b"old"
"""
    said = mounted(READ_ONLY, WRITE + use, tmp_path)
    refused = "Read-only file system ['a']\n"
    assert f"prepare {refused}write {refused}remove {refused}" == said


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is forbidden to root")
def test_a_folder_of_others(tmp_path: Path) -> None:
    tmp_path.chmod(0o555)
    with pytest.raises(PermissionError):
        LocalFolder(tmp_path).prepare()
    with pytest.raises(PermissionError):
        LocalFolder(tmp_path).write("a", b"x")


def test_a_file_in_the_way(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    folder = LocalFolder(tmp_path / "file")
    with pytest.raises(FileExistsError):
        folder.prepare()
    with pytest.raises(OSError, match="Not a directory"):
        list(folder.files())


# Object stores


def test_a_missing_bucket_is_found_out_before_the_work(bucket: str) -> None:
    folder = folder_at(f"{bucket}-missing/a")
    with pytest.raises(FileNotFoundError) as raised:
        folder.prepare()
    assert "The specified bucket does not exist" == raised.value.strerror
    with pytest.raises(FileNotFoundError):
        list(folder.files())


def test_consoles_show_folders_by_objects_that_are_no_files(bucket: str) -> None:
    name = bucket.removeprefix("s3://")
    boto3.client("s3").put_object(Bucket=name, Key="a/", Body=b"")
    boto3.client("s3").put_object(Bucket=name, Key="a/b/", Body=b"")
    folder = folder_at(f"{bucket}/a")
    folder.write("b/c", b"x")
    assert ["b/c"] == [file.name for file in folder.files(unfinished=True)]


def test_a_file_comes_with_one_request(bucket: str, s3_server: Server) -> None:
    folder = folder_at(bucket)
    folder.write("a", b"content")
    folder.read("a")
    assert ["PUT", "GET"] == s3_server.methods(f"/{bucket.removeprefix('s3://')}/a")


def test_a_listing_answers_no_later_question(bucket: str, s3_server: Server) -> None:
    """Others write and remove meanwhile."""
    folder_at(bucket).write("in/it/a", b"content")
    folder = folder_at(bucket)
    list(folder.files())
    folder.mark_used("in/it/a", b"content")
    assert ["PUT", "HEAD"] == s3_server.methods(f"/{bucket.removeprefix('s3://')}/in/it/a")


def test_a_bucket_itself_is_a_folder(bucket: str) -> None:
    folder = folder_at(bucket)
    folder.write("a/b", b"x")
    assert ["a/b"] == [file.name for file in folder.files()]


def test_a_large_file_comes_back(bucket: str) -> None:
    """It is put in parts, and yet as a whole."""
    content = os.urandom(1 << 20) * 101
    folder = folder_at(bucket)
    folder.write("large", content)
    assert folder.read("large") == content


def test_many_files_are_removed_and_listed(bucket: str) -> None:
    """More than one page of a listing, which has a thousand."""
    folder = folder_at(bucket)
    names = [f"{number:04}" for number in range(1010)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda name: folder.write(name, b""), names))
    assert names == sorted(file.name for file in folder.files())
    folder.remove(*names[5:])
    assert names[:5] == sorted(file.name for file in folder.files())


ANSWER = """
import sys
from publisher.build.places import folder_at
folder = folder_at("s3://bucket/prefix")
for action in (folder.prepare, lambda: folder.read("a"), lambda: list(folder.files()),
               lambda: folder.remove("a")):
    try:
        action()
    except OSError as error:
        print(type(error).__name__, error.strerror)
"""


def test_a_server_that_is_not_there() -> None:
    nobody = "http://127.0.0.1:9"
    said = python(ANSWER, **CREDENTIALS, AWS_ENDPOINT_URL=nobody, AWS_MAX_ATTEMPTS="1")
    assert ["ConnectionError Could not connect to the endpoint URL:"] * 4 == [
        line.partition(' "http')[0] for line in said.splitlines()
    ]


def test_nobody_said_who_we_are() -> None:
    without = {**CREDENTIALS, "AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": ""}
    said = python(ANSWER, **without, AWS_ENDPOINT_URL="http://127.0.0.1:9").splitlines()
    assert ["ConnectionError Unable to locate credentials"] * 4 == said


def test_reasons_are_one_line_without_credentials() -> None:
    error = RuntimeError("no answer from\n http://user:p%40ss@host/bucket and //a:b@c/d")
    assert "no answer from http://host/bucket and //c/d" == _reason(error)


def test_a_remote_folder_shows_its_url_only() -> None:
    folder = RemoteFolder("s3://bucket/a")
    folder._used["a"] = 1.0
    assert "RemoteFolder(url='s3://bucket/a')" == repr(folder)
    assert "s3://bucket/a" == str(folder)
