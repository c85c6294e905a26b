"""Bad input gets a clear word and exit status 1 or 2: no traceback, no file half written."""

import os
import resource
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from publisher.cli import main
from tests.conftest import MadeGuide


def run(*arguments: str) -> Result:
    """The command line in this process."""
    return CliRunner().invoke(main, arguments)


def assert_refused(result: Result, status: int, *words: str) -> None:
    """The command ended with `status` and said `words`, and Python said nothing."""
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exc_info
    assert status == result.exit_code, result.output
    for word in words:
        assert word in result.output
    assert "Traceback" not in result.output


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["sofware-engineer"], ["BACKGROUND", "did you mean 'software-engineer'?"]),
        ([], ["BACKGROUND is missing"]),
        (["software-engineer", "--career", "vector-databse"], ["--career", "did you mean"]),
        (["software-engineer", "--track", "plattform"], ["--track", "'platform'"]),
        (["software-engineer", "--skill", "pyton=3"], ["--skill", "'python'"]),
        (["software-engineer", "--skill", "python=5"], ["python=5", "0 to 4"]),
        (["software-engineer", "--skill", "python"], ["python=3"]),
        (["software-engineer", "--done", "hnsw-tunning"], ["--done", "'hnsw-tuning'"]),
        (["software-engineer", "--hours", "0"], ["--hours", "greater than or equal to 1"]),
        (["software-engineer", "--hours", "-8"], ["--hours", "greater than or equal to 1"]),
        (["software-engineer", "--hours", "169"], ["--hours", "less than or equal to 80"]),
        (["software-engineer", "--hours", "nan"], ["--hours"]),
        (["software-engineer", "--hours", "many"], ["--hours"]),
        (["software-engineer", "--start", "2027-02-30"], ["--start", "2027-02-30", "2027-01-04"]),
        (["software-engineer", "--start", "9999-12-31"], ["--start", "2200"]),
        (["software-engineer", "--start", "2027-01-04", "--deadline", "2027-01-01"],
         ["--deadline", "after the start"]),
        (["software-engineer", "--name", "x" * 10_000], ["--name", "120", "(10000 characters)"]),
        (["software-engineer", "--name", "a\x07b"], ["--name", "U+0007"]),
        (["software-engineer", "--name", "  "], ["--name", "empty"]),
        (["software-engineer", "--paper", "a5"], ["--paper"]),
        (["software-engineer", "--reader", "no/such/file.yaml"], ["no/such/file.yaml"]),
    ],
)  # fmt: skip
def test_wrong_answers_are_refused(arguments: list[str], words: list[str]) -> None:
    result = run("plan", *arguments)
    assert_refused(result, 1 if "--reader" in arguments else 2, *words)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--format", "docx"], ["--format", "pdf nor epub"]),
        (["--out-name", "../../etc/passwd"], ["--out-name"]),
        (["--name", "Ada \u16a0"], ["--name", "U+16A0"]),
        (["--from", "no/such.pdf"], ["no/such.pdf", "No such file"]),
        (["--workers", "0"], ["--workers"]),
    ],
)
def test_wrong_orders_are_refused(arguments: list[str], words: list[str], tmp_path: Path) -> None:
    result = run("guide", "software-engineer", "-o", str(tmp_path / "out"), *arguments)
    assert_refused(result, 2, *words)
    assert not list(tmp_path.rglob("*.pdf"))


def test_a_pdf_of_others_carries_no_plan(tmp_path: Path) -> None:
    other = tmp_path / "other.pdf"
    other.write_bytes(b"%PDF-1.7 nothing")
    assert_refused(run("guide", "--from", str(other), "-o", str(tmp_path)), 2, "no plan of ours")


def test_an_output_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    result = run("guide", "software-engineer", "-o", str(tmp_path / "file" / "out"))
    assert_refused(result, 1, "B203")


@pytest.mark.parametrize("folder", ["missing", "empty"])
def test_a_folder_without_records(folder: str, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    result = run("plan", "software-engineer", "--guides", str(tmp_path / folder))
    assert_refused(result, 1, "R001", "nothing was made")


def test_half_broken_records_stop_the_guide(guides: Path, tmp_path: Path) -> None:
    """Every mistake is told, nothing is made."""
    import shutil  # noqa: PLC0415

    broken = tmp_path / "guides"
    shutil.copytree(guides, broken)
    skill = broken / "skills" / "hnsw.yaml"
    skill.write_text(skill.read_text("utf-8") + "colour: red\n", "utf-8")
    (broken / "modules" / "hnsw-tuning.md").write_bytes(b"\xff\xfe")
    out = tmp_path / "out"
    result = run("guide", "software-engineer", "--guides", str(broken), "-o", str(out))
    assert_refused(result, 1, "hnsw.yaml", "R101", "hnsw-tuning.md", "R002", "nothing was made")
    assert not out.exists()


def test_a_reader_file_with_mistakes_names_their_places(tmp_path: Path) -> None:
    reader = tmp_path / "ada.yaml"
    reader.write_text("name: Ada\nbackground: software-engineer\nhours: 8\nskills: {python: 7}\n")
    result = run("plan", "--reader", str(reader))
    assert_refused(result, 1, "ada.yaml:3:1: R101", "ada.yaml:4:18: R104")


def test_options_win_over_the_reader_file(tmp_path: Path) -> None:
    reader = tmp_path / "ada.yaml"
    reader.write_text("background: software-engineer\nhours_per_week: 8.0\nstart: 2027-01-04\n")
    result = run("plan", "--reader", str(reader), "--hours", "10", "--start", "2027-02-01")
    assert result.exit_code == 0
    assert "at 10 a week" in result.output
    assert "from 2027-02-01" in result.output


def limited() -> None:
    """No file of this process may grow beyond a megabyte, as on a disk that is nearly full."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, 1_000_000))


def test_a_full_disk_keeps_the_old_file(
    made_guides: Mapping[str, MadeGuide], tmp_path: Path
) -> None:
    old = tmp_path / "vector-database-engineer-for-software-engineer.pdf"
    old.write_bytes(b"old")
    cache = made_guides["software-engineer"].pdf.parent / "cache"
    ended = subprocess.run(
        [sys.executable, "-m", "publisher", "guide", "software-engineer", "--name",
         "Ada Lovelace", "--hours", "8", "--start", "2027-01-04", "-o", str(tmp_path)],
        env={**os.environ, "PUBLISHER_CACHE": str(cache)},
        preexec_fn=limited, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert ended.returncode == 1, ended.stderr
    assert "B203" in ended.stderr
    assert "Traceback" not in ended.stderr
    assert [old] == list(tmp_path.iterdir())
    assert old.read_bytes() == b"old"
