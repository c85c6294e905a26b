"""publisher subscribers: what it says, and what it leaves when it is cut short."""

import csv
import json
import os
import resource
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import func, select

from publisher.cli import main
from publisher.delivery.store.database import Database
from publisher.delivery.store.tables import EVENT, SUBSCRIBER
from tests.delivery.people.rows import ADA_LINE, BOB_LINE, HEADER, everyone
from tests.runs import SMALL, until

MEMORY = 130_000_000
"""Bytes; the program itself takes some 80 million."""

FILE = HEADER + ADA_LINE + BOB_LINE
Runs = Callable[..., Result]


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """Settings that keep everything in a folder of the test."""
    return {
        "PUBLISHER_GUIDES": str(SMALL),
        "PUBLISHER_DATABASE": f"sqlite:///{tmp_path / 'data' / 'delivery.sqlite'}",
        "PUBLISHER_FILES": str(tmp_path / "files"),
        "PUBLISHER_SECRET_KEYS_FILE": str(tmp_path / "keys"),
    }


@pytest.fixture
def run(environment: dict[str, str]) -> Runs:
    """Runs `publisher subscribers` in this process."""

    def run(*arguments: str | Path, text: str = "", **others: str) -> Result:
        command = ["subscribers", *map(str, arguments)]
        result = CliRunner().invoke(main, command, env=environment | others, input=text)
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exc_info
        return result

    return run


@pytest.fixture
def people(run: Runs, tmp_path: Path) -> Runs:
    """Runs the command where Ada and Bob are subscribers."""
    file = tmp_path / "people.csv"
    file.write_text(FILE)
    result = run("import", file, "--confirmed")
    assert (0, "") == (result.exit_code, result.stdout)
    assert result.stderr.startswith("2 added, 0 updated, 0 unchanged, 0 kept out, 0 refused\n")
    assert "1 gave no background" in result.stderr
    return run


def test_bad_lines_are_told_and_the_rest_is_taken_in(run: Runs, tmp_path: Path) -> None:
    file = tmp_path / "people.csv"
    file.write_text(f"{FILE}bad,Eve,,,,,\n")
    result = run("import", file)
    assert 1 == result.exit_code
    assert f"{file}:4:1: D102 email: " in result.stderr
    assert "2 added, 0 updated, 0 unchanged, 0 kept out, 1 refused" in result.stderr
    assert "2 new ones are not written to before they confirm" in result.stderr
    assert ["pending"] * 2 == [each["state"] for each in listed(run)]


def listed(run: Runs, *options: str) -> list[dict[str, str]]:
    """What the list says as JSON."""
    found: list[dict[str, str]] = json.loads(run("list", "--format", "json", *options).stdout)
    return found


def test_standard_input_is_a_file_too(run: Runs) -> None:
    result = run("import", "-", text=f"{FILE}bad,Eve,,,,,\n")
    assert "<stdin>:4:1: D102" in result.stderr
    assert 2 == len(listed(run))


def test_a_fifo_is_a_file_too(run: Runs, tmp_path: Path) -> None:
    fifo = tmp_path / "people.csv"
    os.mkfifo(fifo)
    with subprocess.Popen(["sh", "-c", f"cat > {fifo}"], stdin=subprocess.PIPE) as writer:
        assert writer.stdin
        writer.stdin.write(FILE.encode())
        writer.stdin.close()
        assert 0 == run("import", fifo).exit_code
    assert 2 == len(listed(run))


@pytest.mark.parametrize(
    ("content", "word"), [(b"", "L003"), (b"name\nx\n", "L102"), (b"email\n\xff", "L002")]
)
def test_a_file_of_no_use_is_refused(run: Runs, tmp_path: Path, content: bytes, word: str) -> None:
    file = tmp_path / "people.csv"
    file.write_bytes(content)
    result = run("import", file)
    assert (1, True, True) == (
        result.exit_code, word in result.stderr, "nothing was made" in result.stderr,
    )  # fmt: skip
    assert [] == listed(run)


def test_a_missing_file_is_named(run: Runs, tmp_path: Path) -> None:
    result = run("import", tmp_path / "none.csv")
    assert (1, True) == (
        result.exit_code,
        "none.csv: L001 the file cannot be read" in result.stderr,
    )


def test_the_list_has_three_forms(people: Runs) -> None:
    assert (
        "ada@inbox.example\tconfirmed\tsurveyor\tcartographer\tAda Lovelace\n"
        "bob@inbox.example\tconfirmed\t\tcartographer\tBob\n"
    ) == people("list").stdout
    rows = list(csv.DictReader(people("list", "--format", "csv").stdout.splitlines()))
    assert ["Ada Lovelace", "Bob"] == [row["name"] for row in rows]
    ada, bob = listed(people)
    assert (rows[0]["consent_time"], [], None) == (
        ada["consent_time"], ada["suppressed"], bob["background"],
    )  # fmt: skip


def test_the_list_can_be_narrowed(people: Runs) -> None:
    people("suppress", "bob@inbox.example", "--scope", "guides", "--cause", "unsubscribed")
    people("suppress", "eve@inbox.example")

    def names(*options: str) -> list[str]:
        return [each["name"] for each in listed(people, *options)]

    assert ["Ada Lovelace"] == names("--background", "surveyor")
    assert ["Ada Lovelace", "Bob"] == names("--career", "cartographer", "--state", "confirmed")
    assert ["Bob"] == names("--state", "unsubscribed") == names("--state", "suppressed")
    assert [] == names("--state", "pending") == names("--career", "painter")
    assert people("list", "--state", "suppressed").stdout.endswith("Bob\tnot on: guides\n")


def test_an_empty_list_is_empty_in_each_form(run: Runs) -> None:
    assert ["", "[]\n"] == [run("list", "--format", form).stdout for form in ("text", "json")]
    assert 1 == len(run("list", "--format", "csv").stdout.splitlines())


def test_a_spreadsheet_computes_no_name(run: Runs) -> None:
    run("import", "-", text='email,name\na@b.example,"=HYPERLINK(""x"")"\n')
    (row,) = csv.DictReader(run("list", "--format", "csv").stdout.splitlines())
    assert '\'=HYPERLINK("x")' == row["name"]
    assert '=HYPERLINK("x")' == listed(run)[0]["name"]


def test_everything_on_one_person_is_json(people: Runs) -> None:
    held = json.loads(people("export", "ADA@Inbox.Example").stdout)
    assert ("Ada Lovelace", []) == (held["subscriber"]["name"], held["deliveries"])
    refused = people("export", "eve@inbox.example")
    assert (1, "", "Error: nothing is held on this address\n") == (
        refused.exit_code, refused.stdout, refused.stderr,
    )  # fmt: skip


def test_erasing_asks_first(people: Runs, tmp_path: Path) -> None:
    refused = people("erase", "ada@inbox.example", text="n\n")
    assert (1, 2) == (refused.exit_code, len(listed(people)))
    assert (1, 2) == (people("erase", "ada@inbox.example").exit_code, len(listed(people)))
    erased = people("erase", "ada@inbox.example", "--yes")
    assert 0 == erased.exit_code
    assert (
        "erased: 1 subscriber, who they are in 0 deliveries (0 cancelled), 0 files" in erased.stdout
    )
    assert ["Bob"] == [each["name"] for each in listed(people)]
    again = people("erase", "ada@inbox.example", "--yes")
    assert (1, True) == (again.exit_code, "nothing is held" in again.stderr)
    (tmp_path / "people.csv").unlink()
    left = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert len(left) >= 2
    assert not [path for path in left if b"ada" in path.read_bytes().lower()]


def test_suppressing_is_for_good(people: Runs) -> None:
    first, again = (people("suppress", "ada@inbox.example") for _ in range(2))
    assert "not written to on any list from now on\n" == first.stdout
    assert "not written to on any list already\n" == again.stdout
    result = people("import", "-", "--confirmed", text=FILE)
    assert "1 kept out" in result.stderr
    assert "1 have unsubscribed or are suppressed, and stay so" in result.stderr


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["export", "ada"], "ADDRESS: "),
        (["erase", "ada", "--yes"], "ADDRESS: "),
        (["suppress", "ada@inbox.example", "--scope", "A list"], "--scope"),
        (["suppress", "ada@inbox.example", "--cause", "ada@inbox.example"], "--cause"),
        (["suppress", "ada@inbox.example", "--cause", "a" * 41], "--cause"),
        (["list", "--state", "gone"], "--state"),
        (["import"], "FILE"),
    ],
)
def test_wrong_usage_is_refused(run: Runs, arguments: list[str], words: str) -> None:
    result = run(*arguments)
    assert (2, True) == (result.exit_code, words in result.output), result.output


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("PUBLISHER_DATABASE", "mysql://root:hidden@host/x", "neither sqlite nor postgresql"),
        ("PUBLISHER_DATABASE", "hidden", "no database URL"),
        ("PUBLISHER_DATABASE", "postgresql://u:hidden@127.0.0.1:1/x", "onnection refused"),
        ("PUBLISHER_DATABASE", f"sqlite:///{SMALL}", "PUBLISHER_DATABASE"),
        ("PUBLISHER_DATABASE", f"sqlite:///{SMALL}/publication.yaml", "not a database"),
        ("PUBLISHER_SECRET_KEYS", "hidden", "at least 16 characters"),
        ("PUBLISHER_SECRET_KEYS_FILE", str(SMALL), "PUBLISHER_SECRET_KEYS"),
    ],
)
def test_wrong_settings_are_told_without_their_secrets(
    run: Runs, name: str, value: str, words: str
) -> None:
    result = run("list", **{name: value})
    assert (1, True) == (result.exit_code, words in result.stderr), result.output
    assert "hidden" not in result.output


def test_the_database_is_its_owners(people: Runs, tmp_path: Path) -> None:
    assert people("list").exit_code == 0
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "data").iterdir()}
    assert {0o600} == set(modes.values())


def started(environment: dict[str, str], file: Path) -> "subprocess.Popen[bytes]":
    """An import in a process of its own."""
    command = [sys.executable, "-m", "publisher", "subscribers", "import", str(file)]
    return subprocess.Popen(command, env={**os.environ, **environment}, stderr=subprocess.PIPE)


def test_an_import_that_was_killed_is_done_by_the_next(
    run: Runs, tmp_path: Path, environment: dict[str, str]
) -> None:
    file = tmp_path / "people.csv"
    file.write_text("email\n" + "".join(f"p{n}@b.example\n" for n in range(3000)))
    run("list")
    database = Database.at(environment["PUBLISHER_DATABASE"])
    killed = started(environment, file)
    until(lambda: len(everyone(database)) > 0)
    killed.kill()
    killed.communicate()
    before = everyone(database)
    assert len(before) in range(500, 3000, 500)
    result = run("import", file)
    assert f"{3000 - len(before)} added, 0 updated, {len(before)} unchanged" in result.stderr
    assert before == everyone(database)[: len(before)]
    with database.reading() as connection:
        counts = [
            connection.scalar(select(func.count()).select_from(t)) for t in (SUBSCRIBER, EVENT)
        ]
    assert [3000, 3000] == counts
    database.close()


def test_two_imports_of_one_file_at_once_add_each_person_once(
    database: Database, database_url: str, tmp_path: Path, environment: dict[str, str]
) -> None:
    file = tmp_path / "people.csv"
    file.write_text("email\n" + "".join(f"p{n}@b.example\n" for n in range(1200)))
    both = [started({**environment, "PUBLISHER_DATABASE": database_url}, file) for _ in range(2)]
    said = [process.communicate()[1].decode() for process in both]
    assert [0, 0] == [process.returncode for process in both], said
    added = [int(each.split(" added")[0]) for each in said]
    assert 1200 == sum(added) == len(everyone(database))


def test_memory_does_not_grow_with_the_file(tmp_path: Path, environment: dict[str, str]) -> None:
    """A file is imported by a process that may not have so much memory as the file has bytes."""
    file = tmp_path / "people.csv"
    long = f"p@b.example,{'A long name; ' * 8000}\n"
    with file.open("w") as stream:
        stream.write("email,name\n")
        for _ in range(1300):
            stream.write(long)
        stream.write("ada@inbox.example,Ada\n")
    assert file.stat().st_size > MEMORY

    def narrowly() -> None:
        resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))

    command = [sys.executable, "-m", "publisher", "subscribers", "import", str(file)]
    ended = subprocess.run(
        command, env={**os.environ, **environment}, preexec_fn=narrowly,  # no threads
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert "1 added, 0 updated, 0 unchanged, 0 kept out, 1300 refused" in ended.stderr[-600:]
    assert 1 == ended.returncode


@pytest.mark.parametrize("by_pipe", [True, False])
def test_a_full_disk_is_told(tmp_path: Path, environment: dict[str, str], by_pipe: bool) -> None:
    """Whether it is the database that does not fit or what comes from a pipe."""
    file = tmp_path / "people.csv"
    with file.open("w") as stream:
        stream.write("email\n")
        for number in range(40_000 if by_pipe else 4000):
            stream.write(f"person{number}@b.example\n")

    def without_room() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (600_000, 600_000))

    Database.at(environment["PUBLISHER_DATABASE"]).close()
    command = [sys.executable, "-m", "publisher", "subscribers", "import"]
    with file.open() as stream:
        ended = subprocess.run(
            [*command, "-" if by_pipe else str(file)], env={**os.environ, **environment},
            stdin=stream, preexec_fn=without_room,  # no threads
            capture_output=True, text=True, check=False,
        )  # fmt: skip
    assert 1 == ended.returncode, ended.stderr
    assert ("<stdin>: L001" if by_pipe else "PUBLISHER_DATABASE") in ended.stderr
    assert "Traceback" not in ended.stderr
    assert "person" not in ended.stderr
