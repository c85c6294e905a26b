"""Whatever befalls disks, folders and records: clear words, whole files, and the next run mends."""

import json
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from publisher.build import worker
from publisher.build.orders import Order, Receipt
from publisher.build.places import folder_at
from publisher.build.press import Sources
from publisher.build.receipts import Receipts
from publisher.build.worker import Place, make
from publisher.planning.reader import Reader
from publisher.records.catalogue import Catalogue, load_catalogue
from publisher.settings import CHECKOUT
from tests.runs import (
    AT_THE_FIRST,
    SMALL,
    assert_well,
    contents,
    counts,
    ended,
    publisher,
    publisher_with,
    readers_file,
    start,
    until,
)

COPIES = 4

SMALL_DISK = 'mount -t tmpfs -o size=400k tmpfs "$FOLDER"'
"""Room for some copies of 140 kB."""

TINY_DISK = 'mount -t tmpfs -o size=100k tmpfs "$FOLDER"'

READ_ONLY = 'mount --bind "$FOLDER" "$FOLDER"; mount -o remount,bind,ro "$FOLDER"'


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with readers.csv, what was made of it in out/, and the cache for it."""
    folder = tmp_path_factory.mktemp("undisturbed")
    readers_file(folder / "readers.csv", COPIES)
    assert_well(publisher(*batch(folder, folder / "out"), cache=folder / "cache"))
    return folder


def batch(folder: Path, out: Path, guides: Path = SMALL) -> list[str | Path]:
    """The batch of the readers in a folder."""
    readers = folder / "readers.csv"
    return ["batch", readers, "--guides", guides, "--output", out, "--workers", "2"]


@pytest.fixture
def out(undisturbed: Path, tmp_path: Path) -> Path:
    """A copy of what was made."""
    return Path(shutil.copytree(undisturbed / "out", tmp_path / "out"))


@pytest.fixture(scope="module")
def made_before(undisturbed: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What was made of readers of the same names who had less time."""
    folder = tmp_path_factory.mktemp("before")
    readers_file(folder / "readers.csv", COPIES, pace=3)
    assert_well(publisher(*batch(folder, folder / "out"), cache=undisturbed / "cache"))
    return folder / "out"


@pytest.fixture
def older(made_before: Path, tmp_path: Path) -> Path:
    """A copy of it."""
    return Path(shutil.copytree(made_before, tmp_path / "out"))


# Disks


def test_a_full_disk_costs_only_what_has_no_room(undisturbed: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    command = batch(undisturbed, out)
    said = publisher_with(SMALL_DISK, out, *command, cache=undisturbed / "cache")
    assert_well(said, status=1)
    assert f"{out}/cartographer-for-surveyor-reader" in said.stderr
    assert "B203 cannot be written: No space left on device" in said.stderr
    assert "hint: free the disk" in said.stderr
    end = counts(said.stderr)
    assert end["made"] > 0
    assert end["failed"] > 0
    assert end["made"] + end["failed"] == COPIES
    wanted = contents(undisturbed / "out")
    books = {name: made for name, made in contents(out).items() if name[-5:] in (".epub", "3.pdf")}
    assert books.items() <= wanted.items()
    again = publisher(*command, cache=undisturbed / "cache")
    assert_well(again)
    assert wanted == contents(out)


def test_a_full_disk_keeps_old_files(undisturbed: Path, older: Path) -> None:
    """Each file is the old one or the new one."""
    before, after = contents(older), contents(undisturbed / "out")
    disk = SMALL_DISK.replace("400k", f"{sum(map(len, before.values())) // 1000 + 100}k")
    command = batch(undisturbed, older)
    said = publisher_with(disk, older, *command, cache=undisturbed / "cache")
    assert_well(said, status=1)
    found = {name: made for name, made in contents(older).items() if not name.startswith("rec")}
    assert before.keys() == found.keys()
    del found["manifest.json"]
    assert all(content in (before[name], after[name]) for name, content in found.items())


@pytest.mark.parametrize("mount", [TINY_DISK, READ_ONLY])
def test_a_cache_that_takes_nothing_costs_time_only(
    mount: str, undisturbed: Path, tmp_path: Path
) -> None:
    cache = tmp_path / "cache"
    cache.mkdir()
    readers_file(tmp_path / "readers.csv", 1)
    said = publisher_with(mount, cache, *batch(tmp_path, tmp_path / "out"), cache=cache)
    assert_well(said)
    assert f"cache {cache}: " in said.stderr
    assert_first_copy_is_there(undisturbed, tmp_path / "out")


def test_a_folder_that_takes_no_files_is_told_of_at_once(undisturbed: Path, older: Path) -> None:
    before = contents(older)
    command = batch(undisturbed, older)
    said = publisher_with(READ_ONLY, older, *command, cache=undisturbed / "cache")
    assert_well(said, status=1)
    assert f"{older}: B203 takes no files: Read-only file system" in said.stderr
    assert "done" not in said.stderr
    assert before == contents(older)


# The cache


def test_a_cache_that_goes_during_the_run(undisturbed: Path, tmp_path: Path) -> None:
    cache = Path(shutil.copytree(undisturbed / "cache", tmp_path / "cache"))
    out = tmp_path / "out"
    run = start(*batch(undisturbed, out), cache=cache)
    until(lambda: list(out.glob("receipts/*.json")), run)
    shutil.rmtree(cache, ignore_errors=True)  # workers write into it meanwhile
    said = ended(run)
    assert_well(said)
    assert contents(undisturbed / "out") == contents(out)


def test_a_damaged_cache(undisturbed: Path, tmp_path: Path) -> None:
    """Entries are cut, or hold something else, or something that only looks right."""
    cache = Path(shutil.copytree(undisturbed / "cache", tmp_path / "cache"))
    entries = sorted(path for path in cache.rglob("*") if path.is_file())
    damages: tuple[Callable[[bytes], bytes], ...] = (
        lambda content: content[: len(content) // 2],
        lambda _: b"",
        lambda content: content.replace(b"obj", b"jbo"),
        lambda content: bytes(len(content)),
    )
    for number, path in enumerate(entries):
        path.write_bytes(damages[number % len(damages)](path.read_bytes()))
    readers_file(tmp_path / "readers.csv", 1)
    assert_well(publisher(*batch(tmp_path, tmp_path / "out"), cache=cache))
    assert_first_copy_is_there(undisturbed, tmp_path / "out")


def assert_first_copy_is_there(undisturbed: Path, out: Path) -> None:
    """Both files of the first reader are as they should be."""
    wanted, found = contents(undisturbed / "out"), contents(out)
    assert 3 == len(found)
    assert all(wanted[name] == found[name] for name in found if name != "manifest.json")


# What was made


def test_a_file_that_is_gone_or_damaged_is_made_again(undisturbed: Path, out: Path) -> None:
    books = sorted([*out.glob("*.pdf"), *out.glob("*.epub")])
    books[0].unlink()
    books[3].write_bytes(books[3].read_bytes()[:-1])
    stamps = {path: path.stat().st_mtime_ns for path in books[4:]}
    said = publisher(*batch(undisturbed, out), cache=undisturbed / "cache")
    assert_well(said)
    assert (2, COPIES - 2) == (counts(said.stderr)["made"], counts(said.stderr)["kept"])
    assert contents(undisturbed / "out") == contents(out)
    assert stamps == {path: path.stat().st_mtime_ns for path in stamps}


def with_made(manifest: dict[str, Any], **changes: Any) -> bytes:
    """A manifest with only its first receipt, and that changed."""
    return json.dumps({**manifest, "made": [{**manifest["made"][0], **changes}]}).encode()


DAMAGES: Mapping[str, Callable[[bytes], bytes]] = {
    "cut": lambda text: text[: len(text) // 2],
    "empty": lambda _: b"",
    "no text": lambda _: bytes(range(256)),
    "nested": lambda _: b"[" * 100_000,
    "null": lambda _: b"null",
    "list": lambda _: b"[]",
    "other program": lambda text: text.replace(b"career-guides", b"another-thing"),
    "number for a list": lambda text: json.dumps({**json.loads(text), "made": 7}).encode(),
    "number in the list": lambda text: json.dumps({**json.loads(text), "made": [7]}).encode(),
    "no files": lambda text: with_made(json.loads(text), files={}),
    "files elsewhere": lambda text: with_made(
        json.loads(text), files={"../../etc/passwd": {"sha256": "0", "bytes": 1}}
    ),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_manifest_counts_as_none(damage: str, out: Path) -> None:
    manifest = out / "manifest.json"
    whole = manifest.read_bytes()
    receipts = Receipts(folder_at(out))
    made = list(receipts.earlier().values())
    files = receipts.files()
    manifest.write_bytes(DAMAGES[damage](whole))
    assert not [each for each in receipts.earlier().values() if receipts.whole(each)]
    assert not receipts.settled({}, [])
    receipts.collect(made, files)
    assert whole == manifest.read_bytes()


def test_copies_without_a_manifest_are_made_again(undisturbed: Path, out: Path) -> None:
    manifest = out / "manifest.json"
    manifest.write_bytes(DAMAGES["cut"](manifest.read_bytes()))
    said = publisher(*batch(undisturbed, out), cache=undisturbed / "cache")
    assert_well(said)
    assert COPIES == counts(said.stderr)["made"]
    assert contents(undisturbed / "out") == contents(out)


def test_a_folder_in_place_of_the_manifest(undisturbed: Path, out: Path) -> None:
    """The copies are made; what is missing is told of."""
    (out / "manifest.json").unlink()
    (out / "manifest.json").mkdir()
    said = publisher(*batch(undisturbed, out), cache=undisturbed / "cache")
    assert_well(said, status=1)
    assert f"{out}: B203 the manifest cannot be written: Is a directory" in said.stderr
    assert COPIES == counts(said.stderr)["made"]


# Others


def test_two_batches_of_the_same_readers_at_once(undisturbed: Path, tmp_path: Path) -> None:
    runs = [start(*batch(undisturbed, tmp_path), cache=undisturbed / "cache") for _ in range(2)]
    for run in runs:
        assert_well(ended(run))
    assert contents(undisturbed / "out") == contents(tmp_path)


def test_two_batches_of_different_readers_at_once(undisturbed: Path, tmp_path: Path) -> None:
    """Neither forgets what the other has made."""
    others = tmp_path / "others"
    others.mkdir()
    text = readers_file(others / "readers.csv", COPIES).read_text().replace("Reader", "Other")
    (others / "readers.csv").write_text(text)
    commands = [batch(folder, tmp_path / "out") for folder in (undisturbed, others)]
    for run in [start(*command, cache=undisturbed / "cache") for command in commands]:
        assert_well(ended(run))
    for command in commands:
        said = publisher(*command, cache=undisturbed / "cache")
        assert_well(said)
        assert (0, COPIES) == (counts(said.stderr)["made"], counts(said.stderr)["kept"])
    books = contents(undisturbed / "out")
    del books["manifest.json"]
    assert books.items() <= contents(tmp_path / "out").items()


# Records and theme that are edited meanwhile


@pytest.fixture
def edited(tmp_path: Path) -> Path:
    """A copy of the records, for a test to edit."""
    return Path(shutil.copytree(SMALL, tmp_path / "guides"))


def replacing(file: Path, old: str, new: str) -> str:
    """A line of Python that edits a file."""
    return f"    p = Path({str(file)!r}); p.write_text(p.read_text().replace({old!r}, {new!r}))"


def test_records_edited_during_a_run(undisturbed: Path, edited: Path, tmp_path: Path) -> None:
    """A copy is that of the records before, or none; the next run makes all anew."""
    out = tmp_path / "out"
    command = batch(undisturbed, out, edited)
    edit = replacing(edited / "modules" / "draw-contours.md", "Say what", "Say precisely what")
    said = publisher(*command, cache=undisturbed / "cache", before=f"{AT_THE_FIRST}{edit}")
    assert "Traceback" not in said.stderr
    assert_done_or_refused(out, undisturbed)
    again = publisher(*command, cache=undisturbed / "cache")
    assert_well(again)
    assert COPIES == counts(again.stderr)["made"]
    assert_no_book_is_in_both(out, undisturbed)


BEFORE_THE_WORKERS = """
from pathlib import Path
from publisher.build import press
def lay_out_shared(*_):
"""


def test_workers_refuse_records_that_were_edited_before_them(
    undisturbed: Path, edited: Path, tmp_path: Path
) -> None:
    edit = replacing(edited / "modules" / "draw-contours.md", "Say what", "Say precisely what")
    before = f"{BEFORE_THE_WORKERS}{edit}\npress.lay_out_shared = lay_out_shared"
    out = tmp_path / "out"
    command = batch(undisturbed, out, edited)
    said = publisher(*command, cache=undisturbed / "cache", before=before)
    assert_well(said, status=1)
    assert f"{edited}: B204 other records than the run began with" in said.stderr
    assert COPIES == counts(said.stderr)["failed"]
    assert ["manifest.json"] == list(contents(out))


def test_a_theme_edited_during_a_run(undisturbed: Path, tmp_path: Path) -> None:
    theme = Path(shutil.copytree(CHECKOUT / "themes" / "default", tmp_path / "theme"))
    out = tmp_path / "out"
    command = batch(undisturbed, out)
    edit = replacing(theme / "templates" / "title.xhtml", "Prepared for", "Made for")
    said = publisher(
        *command, cache=undisturbed / "cache", before=f"{AT_THE_FIRST}{edit}", PUBLISHER_THEME=theme
    )
    assert_well(said, status=1)
    assert f"{theme}: B204 other theme than the run began with" in said.stderr
    assert_done_or_refused(out, undisturbed)
    assert_well(publisher(*command, cache=undisturbed / "cache", PUBLISHER_THEME=theme))
    assert_no_book_is_in_both(out, undisturbed)


def assert_done_or_refused(out: Path, undisturbed: Path) -> None:
    """Each receipt has failed with B204, or its files are those of the run before the edit."""
    found, wanted = contents(out), contents(undisturbed / "out")
    for entry in json.loads(found["manifest.json"])["made"]:
        receipt = Receipt.model_validate(entry)
        if receipt.done:
            assert all(found[name] == wanted[name] for name in receipt.files)
        else:
            assert "B204" in receipt.errors[0]
            assert not [name for name in found if name.startswith(f"{receipt.name}.")]


def assert_no_book_is_in_both(out: Path, undisturbed: Path) -> None:
    before, after = contents(undisturbed / "out"), contents(out)
    assert before.keys() == after.keys()
    assert not [name for name in before if before[name] == after[name]]


def order_of(guides: Path, catalogue: Catalogue) -> Order:
    (background,) = catalogue.backgrounds
    sources = Sources.of(guides, CHECKOUT / "themes" / "default")
    return sources.order_for("copy", Reader(background=background), ["epub"], 2)


def test_records_edited_while_a_worker_reads_them(
    edited: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was read may be of both states, so it is thrown away."""

    def load_and_edit(guides: Path) -> Catalogue:
        catalogue = load_catalogue(guides)
        (guides / "glossary.yaml").write_text(
            (guides / "glossary.yaml").read_text().replace("equal height", "the same height")
        )
        return catalogue

    order = order_of(edited, load_catalogue(edited))
    place = Place(str(edited), "", str(tmp_path / "cache"), str(tmp_path / "out"))
    monkeypatch.setattr(worker, "load_catalogue", load_and_edit)
    receipt = make(order, place)
    assert "failed" == receipt.status
    assert "B204 other records" in receipt.errors[0]
    assert not list((tmp_path / "out").glob("copy.*"))


def test_a_worker_that_lives_on_reads_what_was_edited(edited: Path, tmp_path: Path) -> None:
    """A cluster's workers outlive a run; the next one gives them other records."""
    place = Place(str(edited), "", str(tmp_path / "cache"), str(tmp_path / "out"))
    first = make(order_of(edited, load_catalogue(edited)), place)
    module = edited / "modules" / "draw-contours.md"
    module.write_text(module.read_text().replace("Say what", "Say precisely what"))
    again = make(order_of(edited, load_catalogue(edited)), place)
    assert ("done", "done") == (first.status, again.status)
    assert first.files != again.files


def test_what_a_book_fails_with_is_in_its_receipt(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError("a fault of ours")

    monkeypatch.setattr(worker, "composed", fail)
    place = Place(str(SMALL), "", str(tmp_path / "cache"), str(tmp_path / "out"))
    receipt = make(order_of(SMALL, load_catalogue(SMALL)), place)
    assert ("failed", 2) == (receipt.status, receipt.line)
    assert receipt.errors[0].startswith("copy: B205 ZeroDivisionError: a fault of ours\n    hint:")
