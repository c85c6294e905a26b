"""publisher batch: what it says, what it makes, and what it leaves alone."""

import fcntl
import json
import os
import pty
import re
import shutil
import signal
import struct
import subprocess
import sys
import termios
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from publisher.build.orders import Receipt
from publisher.cli import main, progress
from tests.runs import (
    AT_THE_FIRST,
    SMALL,
    assert_well,
    contents,
    counts,
    ended,
    publisher,
    readers_file,
    start,
    until,
)

COPIES = 4

BOOK = "cartographer-for-surveyor"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with readers.csv, what was made of it in out/, and the cache for it."""
    folder = tmp_path_factory.mktemp("made")
    readers_file(folder / "readers.csv", COPIES)
    assert_well(publisher(*batch(folder / "readers.csv", folder / "out"), cache=folder / "cache"))
    return folder


def batch(readers: Path | str, out: Path, *options: str | Path) -> list[str | Path]:
    return ["batch", readers, "--guides", SMALL, "--output", out, "--workers", "2", *options]


@pytest.fixture
def run(tmp_path: Path) -> Callable[..., Result]:
    """Runs a batch in this process, as EPUB, which needs no layout."""

    def run(readers: Path | str, *options: str | Path, text: str = "") -> Result:
        command = batch(readers, tmp_path / "out", "--format", "epub", *options)
        environment = {"PUBLISHER_CACHE": str(tmp_path / "cache")}
        result = CliRunner().invoke(main, list(map(str, command)), env=environment, input=text)
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exc_info
        return result

    return run


Runs = Callable[..., Result]


def lines(path: Path, *rows: str) -> Path:
    """A file of readers."""
    path.write_text("".join(f"{row}\n" for row in rows), "utf-8")
    return path


# The file of readers


def test_a_bad_line_is_told_of_and_the_others_are_made(run: Runs, tmp_path: Path) -> None:
    readers = lines(
        tmp_path / "readers.csv",
        "name,background,hours_per_week",
        "Ada,surveyor,5",
        "Bob,surveyer,5",
        "Cyd,surveyor,500",
        "Dee,surveyor,8",
    )
    result = run(readers)
    assert 1 == result.exit_code
    assert f"{readers}:3:5: L203" in result.stderr
    assert "did you mean 'surveyor'?" in result.stderr
    assert f"{readers}:4:14: L107" in result.stderr
    assert result.stderr.splitlines()[-1].startswith("2 made, 0 kept, 0 failed, 2 findings in the ")
    found = contents(tmp_path / "out")
    assert {f"{BOOK}-ada.epub", f"{BOOK}-dee.epub", "manifest.json"} == set(found)
    assert not (tmp_path / "out" / "receipts").exists()
    refused = json.loads(found["manifest.json"])["refused"]
    assert [each.split(" ")[:2] for each in refused] == [
        [f"{readers}:3:5:", "L203"], [f"{readers}:4:14:", "L107"],
    ]  # fmt: skip


def test_readers_with_the_same_files_are_refused_before_anything_is_made(
    run: Runs, tmp_path: Path
) -> None:
    readers = lines(
        tmp_path / "readers.csv", "name,background", "Ada,surveyor", "Bob,surveyor", "ADA,surveyor"
    )
    result = run(readers)
    assert 1 == result.exit_code
    assert f"{readers}:4:1: L402" in result.stderr
    assert "as those of line 2" in result.stderr
    assert "nothing was made" in result.stderr
    assert [readers] == list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("text", "code"),
    [("", "L003"), ("name,background\n", "L003"), ("name\nAda\n", "L102"), ("x,y\n1,2\n", "L004")],
)
def test_a_file_of_no_use_makes_nothing(text: str, code: str, run: Runs, tmp_path: Path) -> None:
    readers = tmp_path / "readers.csv"
    readers.write_text(text)
    result = run(readers)
    assert (1, True) == (result.exit_code, f" {code} " in result.stderr)
    assert [readers] == list(tmp_path.iterdir())


def test_a_missing_file_is_named(run: Runs, tmp_path: Path) -> None:
    result = run(tmp_path / "no.csv")
    assert (1, True) == (result.exit_code, f"{tmp_path}/no.csv: L001" in result.stderr)


def test_json_lines_and_standard_input_are_the_same_readers(run: Runs, tmp_path: Path) -> None:
    """Four ways to say the same make the same books; only the number of the line may differ."""
    csv = 'name,background,skills,start\n"Zoë O\'Hara",surveyor,drawing=1,2027-03-01\n'
    jsonl = json.dumps(
        {"name": "Zoë O'Hara", "background": "surveyor", "skills": {"drawing": 1},
         "start": "2027-03-01"}
    )  # fmt: skip
    (tmp_path / "readers.csv").write_text(csv, "utf-8")
    (tmp_path / "readers.jsonl").write_text(jsonl, "utf-8")
    found = []
    for readers, text in (
        (tmp_path / "readers.csv", ""), (tmp_path / "readers.jsonl", ""), ("-", csv), ("-", jsonl),
    ):  # fmt: skip
        result = run(readers, text=text)
        assert 0 == result.exit_code, result.output
        assert result.stderr.splitlines()[-1].startswith("1 made")
        files = contents(tmp_path / "out")
        receipt = json.loads(files.pop("manifest.json"))["made"][0]
        found.append((files, {**receipt, "line": None}))
        shutil.rmtree(tmp_path / "out")
    assert [f"{BOOK}-zoë-o-hara.epub"] == list(found[0][0])
    assert [found[0]] * 4 == found


def test_mistakes_of_standard_input_are_named(run: Runs) -> None:
    result = run("-", text="name,background\nAda,surveyer\n")
    assert (1, True) == (result.exit_code, "<stdin>:2:5: L203" in result.stderr)


@pytest.mark.parametrize(
    ("options", "word"),
    [
        (["--format", "docx"], "pdf nor epub"),
        (["--workers", "0"], "--workers"),
        (["--output", "ftp://example.org/a"], "--output: ftp:// is no place for files"),
        (["--only", "all"], "--only"),
        (["--executor", "elsewhere"], "--executor: 'elsewhere' is not like dask://HOST:PORT"),
    ],
)
def test_wrong_usage_is_refused(options: list[str], word: str, run: Runs, tmp_path: Path) -> None:
    result = run(lines(tmp_path / "readers.csv", "background", "surveyor"), *options)
    assert (2, True) == (result.exit_code, word in result.output), result.output


def test_the_manifest_has_no_address(run: Runs, tmp_path: Path) -> None:
    readers = lines(tmp_path / "r.csv", "name,email,background", "Ada,ada@example.org,surveyor")
    assert 0 == run(readers).exit_code
    manifest = (tmp_path / "out" / "manifest.json").read_text()
    assert "Ada" in manifest
    assert "example.org" not in manifest


# What is due


def test_a_dry_run_says_why_and_changes_nothing(made: Path, tmp_path: Path) -> None:
    """Each copy that is due has a reason of its own."""
    out = Path(shutil.copytree(made / "out", tmp_path / "out"))
    text = (made / "readers.csv").read_text()
    readers = tmp_path / "readers.csv"
    changed = text.replace("Reader000,surveyor,5", "Reader000,surveyor,6")
    readers.write_text(f"{changed}New,surveyor,5,\n")
    (out / f"{BOOK}-reader001.epub").unlink()
    (out / f"{BOOK}-reader002.pdf").write_bytes(b"%PDF-1.7")
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")}
    command = batch(readers, out, "--dry-run")
    said = publisher(*command, cache=tmp_path / "cache")
    assert_well(said)
    assert [
        f"{BOOK}-reader000: changed: reader",
        f"{BOOK}-reader001: a file is missing or damaged",
        f"{BOOK}-reader002: a file is missing or damaged",
        f"{BOOK}-new: new",
    ] == said.stdout.splitlines()
    assert "4 of 5 would be made; 0 findings in the file" in said.stderr
    assert before == {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")}


def test_a_dry_run_into_a_new_folder_makes_none(run: Runs, tmp_path: Path) -> None:
    readers = lines(tmp_path / "readers.csv", "name,background", "Ada,surveyor", "Bob,nobody")
    result = run(readers, "--dry-run")
    assert result.stderr.endswith("1 of 1 would be made; 1 finding in the file\n")
    assert (1, f"{BOOK}-ada: new\n") == (result.exit_code, result.stdout)
    assert [readers] == list(tmp_path.iterdir())


def test_edited_records_are_a_reason(made: Path, tmp_path: Path) -> None:
    guides = Path(shutil.copytree(SMALL, tmp_path / "guides"))
    glossary = guides / "glossary.yaml"
    glossary.write_text(glossary.read_text().replace("equal height", "the same height"))
    command = ["batch", made / "readers.csv", "--guides", guides, "--output", made / "out"]
    said = publisher(*command, "--dry-run", cache=made / "cache")
    assert {f"{BOOK}-reader{n:03}: changed: records" for n in range(COPIES)} == set(
        said.stdout.splitlines()
    )


def test_only_what_failed_is_tried_again(run: Runs, tmp_path: Path) -> None:
    """The rune has no glyph; the others are made, or left for later."""
    rows = ["name,background", "Ada,surveyor", "Run\u16a0,surveyor", "Cyd,surveyor"]
    first = run(lines(tmp_path / "readers.csv", *rows))
    assert 1 == first.exit_code
    assert f"{BOOK}-run\u16a0: title.xhtml: B109 no bundled font has" in first.stderr
    assert first.stderr.splitlines()[-1].startswith("2 made, 0 kept, 1 failed, 0 findings")
    readers = lines(tmp_path / "readers.csv", *rows, "Dee,surveyor")
    again = run(readers, "--only", "failed")
    assert 1 == again.exit_code
    assert again.stderr.splitlines()[-1].startswith("0 made, 2 kept, 1 left for later, 1 failed, 0")
    assert not list(tmp_path.glob("out/*dee*"))
    last = run(readers)
    assert last.stderr.splitlines()[-1].startswith("1 made, 2 kept, 1 failed, 0")


def test_a_run_with_nothing_due_touches_nothing(made: Path) -> None:
    def stamps() -> dict[Path, tuple[int, int]]:
        paths = sorted((made / "out").rglob("*"))
        return {path: (path.stat().st_ino, path.stat().st_mtime_ns) for path in paths}

    before = stamps()
    said = publisher(*batch(made / "readers.csv", made / "out"), cache=made / "cache")
    assert_well(said)
    assert (0, COPIES) == (counts(said.stderr)["made"], counts(said.stderr)["kept"])
    assert before == stamps()


def test_a_kept_copy_follows_its_line(run: Runs, tmp_path: Path) -> None:
    """The manifest has the order and the numbers of the file as it is now."""
    ada, bob = "Ada,surveyor", "Bob,surveyor"
    assert 0 == run(lines(tmp_path / "r.csv", "name,background", ada, bob)).exit_code
    result = run(lines(tmp_path / "r.csv", "name,background", "", bob, ada))
    assert result.stderr.splitlines()[-1].startswith("0 made, 2 kept")
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_bytes())
    assert [(f"{BOOK}-bob", 3), (f"{BOOK}-ada", 4)] == [
        (receipt["name"], receipt["line"]) for receipt in manifest["made"]
    ]


def test_another_file_of_readers_does_not_forget_the_first(run: Runs, tmp_path: Path) -> None:
    monday = lines(tmp_path / "monday.csv", "name,background", "Ada,surveyor")
    tuesday = lines(tmp_path / "tuesday.csv", "name,background", "Bob,surveyor")
    assert [0, 0] == [run(readers).exit_code for readers in (monday, tuesday)]
    assert run(monday).stderr.splitlines()[-1].startswith("0 made, 1 kept")
    (tmp_path / "out" / f"{BOOK}-bob.epub").unlink()
    run(monday)
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_bytes())
    assert [f"{BOOK}-ada"] == [receipt["name"] for receipt in manifest["made"]]


def test_an_epub_needs_no_layout(run: Runs, tmp_path: Path) -> None:
    result = run(lines(tmp_path / "readers.csv", "background", "surveyor"))
    assert 0 == result.exit_code
    assert "Fragments" not in result.stderr
    assert not (tmp_path / "cache").exists()


# Progress, and its end


def test_on_a_terminal_a_bar_has_rate_and_time_left(tmp_path: Path) -> None:
    readers = readers_file(tmp_path / "readers.csv", COPIES)
    command = batch(readers, tmp_path / "out", "--format", "epub")
    said = on_a_terminal(command, tmp_path / "cache")
    bars = re.findall(r"(\d+)/4 \[\d\d:\d\d<(\S+), +(\S+?)\]", said)
    assert ("0", "?", "?copy/s") == bars[0]
    assert "4" == bars[-1][0]
    assert all(re.fullmatch(r"\?copy/s|[\d.]+(copy/s|s/copy)", rate) for _, _, rate in bars)
    assert any(re.fullmatch(r"\d\d:\d\d", left) for _, left, _ in bars)
    assert " a second" not in said
    assert "4 made" in said


def on_a_terminal(command: list[str | Path], cache: Path) -> str:
    """What a command writes on a terminal, a hundred columns wide."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 100, 0, 0))
    process = subprocess.Popen(
        [sys.executable, "-m", "publisher", *map(str, command)],
        stdin=theirs, stdout=theirs, stderr=theirs,
        env={**os.environ, "PUBLISHER_CACHE": str(cache)},
    )  # fmt: skip
    os.close(theirs)
    said = b""
    try:
        while part := os.read(ours, 1000):
            said += part
    except OSError:  # Linux's way to say that the terminal has been left
        pass
    os.close(ours)
    assert 0 == process.wait(), said
    return said.decode()


def test_elsewhere_plain_lines_have_them(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(progress, "EVERY", -1.0)
    receipts = [Receipt(name=f"copy{n}", status="done", inputs={}) for n in range(3)]
    failed = Receipt(name="copy3", status="failed", inputs={}, errors=("title.xhtml: B109 x",))
    assert [*receipts, failed] == list(progress.shown([*receipts, failed], 5))
    *said, error, last = capsys.readouterr().err.splitlines()
    assert "copy3: title.xhtml: B109 x" == error
    for number, line in enumerate([*said, last], start=1):
        assert re.fullmatch(rf"{number} of 5 done, [\d.]+ a second, \d+ s left", line)


def test_plain_lines_come_seldom_but_at_the_end(capsys: pytest.CaptureFixture[str]) -> None:
    receipts = [Receipt(name=f"copy{n}", status="done", inputs={}) for n in range(3)]
    list(progress.shown(receipts, 3))
    assert re.fullmatch(r"3 of 3 done, [\d.]+ a second\n", capsys.readouterr().err)


@pytest.mark.parametrize("kill", ["killpg", "kill"])
def test_an_interrupt_ends_with_a_word(kill: str, made: Path, tmp_path: Path) -> None:
    """A terminal tells every process, others only the first. The next run goes on."""
    out = tmp_path / "out"
    command = batch(made / "readers.csv", out)
    act = f"    threading.Timer(0.05, os.{kill}, (os.getpid(), signal.SIGINT)).start()"
    said = publisher(*command, cache=made / "cache", before=f"{AT_THE_FIRST}{act}")
    assert_well(said, status=130)
    assert "stopped; the same command goes on from here" == said.stderr.splitlines()[-1]
    done = len(list(out.glob("receipts/*.json")))
    again = publisher(*command, cache=made / "cache")
    assert_well(again)
    assert (COPIES - done, done) == (counts(again.stderr)["made"], counts(again.stderr)["kept"])
    assert contents(made / "out") == contents(out)


def test_an_interrupt_while_sections_are_laid_out(made: Path, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    run = start(*batch(made / "readers.csv", tmp_path / "out"), cache=cache)
    until(lambda: list(cache.glob("*/*")), run)
    os.killpg(run.pid, signal.SIGINT)
    said = ended(run)
    assert_well(said, status=130)
    assert "stopped" in said.stderr
