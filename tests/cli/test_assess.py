"""The assessment on the command line: from a file, and in a terminal."""

import json
import os
import pty
import subprocess
import sys
from codecs import getincrementaldecoder
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from select import select

import pytest
from click.testing import CliRunner, Result

from publisher.cli import main
from tests.conftest import ROOT
from tests.runs import SMALL

ANSWERS = """\
background: frontend-developer
goal: run-vector-engines
hours_per_week: 8
start: 2027-01-04
deadline: 2027-09-30
scales:
  slow-page: 4
  hard-paper: 2
  parts-for-others: 1
  messy-data: 3
  measure-first: 4
  almost-right: 2
  long-problem: 3
  on-call: 2
tasks: {unit-vectors: half, filter-after: two, three-shards: unsure}
groups: {foundations: 3, systems: 1}
skills: {python: 3}
"""


@pytest.fixture
def answers(tmp_path: Path) -> Path:
    """A file of answers."""
    path = tmp_path / "answers.yaml"
    path.write_text(ANSWERS, "utf-8")
    return path


def assess(*arguments: str | Path) -> Result:
    """The command without a terminal."""
    return CliRunner().invoke(main, ["assess", *map(str, arguments)])


# From a file


def test_the_result_begins_with_the_fit_and_gives_reasons(answers: Path) -> None:
    said = assess("--answers", answers)
    assert 0 == said.exit_code, said.output
    first, *lines = said.stdout.splitlines()
    assert "Vector Database Engineer, Platform track: 55 of 100, fit with conditions" == first
    text = " ".join(" ".join(lines).split())
    for words in (
        "Lowest among your answers: building parts that other developers use (1 of 4)",
        "You answered 16 of 18 questions.",
        "Interest: 63 of 100, weighs 40 per cent Speaks for it: finding out why something is slow",
        "Not yet: filtering after the search. A filter that lets one in 500 pass leaves",
        "Not sure yet: joining the results of shards.",
        "Path: from Frontend Developer to Vector Database Engineer, Platform track",
        "That is after your deadline, 2027-09-30. It would fit - at 9 hours a week",
        "Begin with 1. How PostgreSQL plans, indexes and keeps versions (12 h)",
        "What would shorten it - 13 hours a week instead of 8: 6 months",
        "RAG or LLM application engineer You like messy data",
        "This is no psychological test",
        "Weights and thresholds are estimates of the editors.",
    ):
        assert words in text
    assert all(len(line) <= 78 for line in said.stdout.splitlines())


def test_the_result_as_json_is_json(answers: Path) -> None:
    data = json.loads(assess("--answers", answers, "--format", "json").stdout)
    assert (55, "Fit with conditions", 16) == (
        data["fit"]["score"], data["fit"]["band"], data["answered"],
    )  # fmt: skip


def test_the_reader_file_makes_the_plan_that_was_shown(answers: Path, tmp_path: Path) -> None:
    reader = tmp_path / "reader.yaml"
    said = assess("--answers", answers, "-o", reader, "--format", "json")
    shown = json.loads(said.stdout)["recommendation"]
    assert f"publisher guide --reader {reader}" in said.stderr
    planned = CliRunner().invoke(main, ["plan", "--reader", str(reader), "--format", "json"])
    plan = json.loads(planned.stdout)
    for key in ("career", "track", "background", "hours", "months", "finish", "hours_per_week"):
        assert shown[key] == plan[key]
    assert ["answers.yaml", "reader.yaml"] == sorted(path.name for path in tmp_path.iterdir())


def test_few_answers_give_advice_and_no_score(tmp_path: Path) -> None:
    few = tmp_path / "few.yaml"
    few.write_text("background: data-analyst\n")
    said = assess("--answers", few)
    assert "no score yet" in said.stdout.splitlines()[0]
    assert "Path: from Data Analyst" in said.stdout
    few.write_text("")
    said = assess("--answers", few)
    assert 0 == said.exit_code
    assert "Name a background or rate your skills" in said.stdout


def test_without_a_background_no_reader_is_written(tmp_path: Path) -> None:
    few = tmp_path / "few.yaml"
    few.write_text("hours_per_week: 8\n")
    said = assess("--answers", few, "-o", tmp_path / "reader.yaml")
    assert 1 == said.exit_code
    assert "name a background" in said.stderr
    assert not (tmp_path / "reader.yaml").exists()


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("background: astronaut", "1:13: A203 unknown background 'astronaut'"),
        ("goal: engine", "1:7: A204 unknown goal 'engine'"),
        ("scales: {slow-pages: 3}", "1:10: A201 unknown question 'slow-pages'"),
        ("scales: {slow-page: 5}", "1:21: R104 slow-page must be at most 4, not 5"),
        ("tasks: {orbit: half}", "1:9: A201 unknown task 'orbit'"),
        ("tasks: {unit-vectors: third}", "1:23: A202 unknown option 'third'"),
        ("groups: {space: 1}", "1:10: A205 unknown group of skills 'space'"),
        ("skills: {pyton: 3}", "1:10: A206 unknown skill 'pyton'"),
        ("hours_per_week: 0", "1:17: R107 hours_per_week must be at least 1, not 0"),
        ("start: 2999-01-01", "1:8: A301 2999-01-01 is out of reach"),
        ("deadline: 2026-01-01", "1:11: A301 2026-01-01 is not after the start 2026-11-30"),
        ("start: soon", "1:8: R108 start must be a day"),
        ("name: Ada", "1:1: R101 unknown key 'name'"),
        ("scales: [1, 2]", "1:9: R103 scales must be keys with values, not a list"),
        ("- background", "1:1: R103 the record must be keys with values"),
        ("goal: [", "R003"),
        ("background: a: b", "R003"),
    ],
)
def test_a_mistake_is_reported_in_its_place(line: str, expected: str, tmp_path: Path) -> None:
    path = tmp_path / "answers.yaml"
    path.write_text(f"{line}\n", "utf-8")
    said = assess("--answers", path, "-o", tmp_path / "reader.yaml")
    assert 1 == said.exit_code
    assert "" == said.stdout
    assert str(path) in said.stderr
    assert expected in said.stderr
    assert "Traceback" not in said.stderr
    assert not (tmp_path / "reader.yaml").exists()


def test_all_mistakes_are_reported_at_once(tmp_path: Path) -> None:
    path = tmp_path / "answers.yaml"
    path.write_text("background: astronaut\ngoal: fly\nskills: {piloting: 1}\n", "utf-8")
    said = assess("--answers", path)
    for place in ("1:13: A203", "2:7: A204", "3:10: A206"):
        assert f"{path}:{place}" in said.stderr
    assert "3 mistakes" in said.stderr


def test_a_missing_file_is_reported(tmp_path: Path) -> None:
    said = assess("--answers", tmp_path / "none.yaml")
    assert 1 == said.exit_code
    assert "R001 the file cannot be read" in said.stderr


def test_a_place_that_takes_no_file_is_reported(answers: Path) -> None:
    said = assess("--answers", answers, "-o", answers / "reader.yaml")
    assert 1 == said.exit_code
    assert "cannot be written" in said.stderr


def test_without_a_terminal_a_file_is_wanted() -> None:
    said = assess()
    assert 2 == said.exit_code
    assert "--answers FILE" in said.stderr


def test_records_without_an_assessment_are_refused(answers: Path) -> None:
    said = assess("--answers", answers, "--guides", SMALL)
    assert 1 == said.exit_code
    assert "no assessment.yaml" in said.stderr


# In a terminal

AT_A_TERMINAL = """
import os, signal
os.close(os.open(os.ttyname(0), os.O_RDWR))
signal.signal(signal.SIGINT, signal.default_int_handler)
from publisher.cli import main
main(prog_name="publisher")
"""
"""The command, once its terminal controls it, so that Ctrl-C reaches it.

What runs in the background of a script is born deaf to that signal, and so are its children.
"""


LONGEST = 120
"""Seconds after which a program that shows nothing hangs."""

PATIENCE = 5
"""Seconds after which somebody presses a key again."""

PRESSES = 12
"""Presses without an answer after which a program hangs."""


class Terminal:
    """A person at a terminal: reads what stands there, and types."""

    def __init__(self, *arguments: str | Path) -> None:
        self.screen, other = pty.openpty()
        self.decoder = getincrementaldecoder("utf-8")()
        self.run = subprocess.Popen(
            [sys.executable, "-c", AT_A_TERMINAL, "assess", *map(str, arguments)],
            stdin=other, stdout=other, stderr=other, cwd=ROOT, start_new_session=True,
        )  # fmt: skip
        os.close(other)
        self.seen = ""

    def read_to(self, words: str) -> str:
        """What appears until `words` do, them included."""
        text = ""
        while words not in text:
            text += self._more()
        return text

    def read_to_prompt(self) -> str:
        """What appears until the program waits: it ends each prompt with a colon and a blank."""
        text = self._more()
        while not text.endswith(": "):
            text += self._more()
        return text

    def type(self, *lines: str) -> str:
        """Type lines, each once there is a prompt; what stood at the last one."""
        text = ""
        for line in lines:
            text = self.read_to_prompt()
            os.write(self.screen, f"{line}\n".encode())
        return text

    def press(self, key: bytes, words: str) -> None:
        """Press a key at a prompt until words appear.

        A signal in the moment between the prompt and the wait for a line is noted by Python, and
        acted upon only when that wait ends; so somebody presses again.
        """
        self.read_to_prompt()
        os.write(self.screen, key)
        text, pressed = "", 1
        while words not in text:
            if select([self.screen], [], [], PATIENCE)[0]:
                text += self._more()
            else:
                assert pressed < PRESSES, f"{key!r} does nothing after:\n{self.seen}"
                os.write(self.screen, key)
                pressed += 1

    def end(self) -> tuple[int, str]:
        """Exit status, and what appeared last."""
        text = ""
        with suppress(OSError):  # so Linux tells that nobody writes any more
            while True:
                text += self._more()
        return self.run.wait(), text

    def _more(self) -> str:
        assert select([self.screen], [], [], LONGEST)[0], f"nothing appears after:\n{self.seen}"
        data = os.read(self.screen, 65536)
        if not data:
            raise OSError("the terminal was closed")
        text = self.decoder.decode(data).replace("\r", "")
        self.seen += text
        return text


@contextmanager
def terminal(*arguments: str | Path) -> Iterator[Terminal]:
    """A terminal that is closed at the end, and with it what still runs there."""
    opened = Terminal(*arguments)
    try:
        yield opened
    finally:
        os.close(opened.screen)
        opened.run.kill()
        opened.run.wait()


def test_every_question_is_asked_and_a_reader_file_written(tmp_path: Path) -> None:
    reader = tmp_path / "reader.yaml"
    with terminal() as person:
        person.type("13", *"432314232", *"2323", *"01211011", "8", "2027-01-04", "", "1")
        text = person.type(str(reader))
        status, last = person.end()
    assert 0 == status, person.seen
    assert "18 of 18 · Your plan" in person.seen
    assert "Search and ranking" in person.seen
    assert "Vector Database Engineer, Platform track:" in text
    assert "You answered 18 of 18 questions." in text
    assert f"publisher guide --reader {reader}" in last.replace("\n", "")
    written = reader.read_text("utf-8")
    assert "background: software-engineer" in written
    assert "hours_per_week: 8\nstart: 2027-01-04\n" in written


def test_back_keeps_and_changes_and_skip_leaves_open() -> None:
    with terminal("--format", "json") as person:
        person.type("13", "4", "b")  # a background, the first example, and back to it
        assert "Enter keeps 4" in person.type("")
        person.type("3", "b", "1", "b", "s", "d")
        text = person.type("")
        status, _ = person.end()
    assert 0 == status, person.seen
    data = json.loads(text[text.index("{") : text.rindex("}") + 1])
    interest = data["fit"]["dimensions"][0]
    assert (2, "software-engineer") == (data["answered"], data["recommendation"]["background"])
    assert (1, 100) == (interest["answered"], interest["score"])


def test_back_from_the_first_question_stays_there() -> None:
    with terminal() as person:
        person.type("b", "b")
        assert "1 of 18" in person.read_to_prompt()


def test_what_is_no_answer_is_asked_again() -> None:
    with terminal() as person:
        person.read_to("1 to 13: ")
        for wrong in ("0", "14", "software", "-1", "x" * 500, "1.0", "\u0661"):
            os.write(person.screen, f"{wrong}\n".encode())
            assert "is no answer here: type 1 to 13" in person.read_to("1 to 13: ")
        os.write(person.screen, b"13\n")
        assert "2 of 18" in person.read_to_prompt()


def test_a_deadline_before_the_start_is_asked_again() -> None:
    with terminal() as person:
        person.type("13", *[""] * (9 + 4 + 8), "8", "2027-01-04", "2026-01-01")
        assert "is not after the start" in person.read_to("Deadline, such as")


@pytest.mark.parametrize("key", [b"\x03", b"\x04"])
def test_ctrl_c_and_ctrl_d_end_with_a_word(key: bytes, tmp_path: Path) -> None:
    with terminal("-o", tmp_path / "reader.yaml") as person:
        person.type("13", "4")
        person.press(key, "Stopped; nothing was kept.")
        status, _ = person.end()
    assert 130 == status
    assert "Traceback" not in person.seen
    assert [] == list(tmp_path.iterdir())


def test_a_reader_file_that_cannot_be_written_is_asked_for_again(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with terminal() as person:
        person.type("13", "d", str(tmp_path / "file" / "reader.yaml"))
        assert "cannot be written" in person.read_to("Enter for none: ")
        os.write(person.screen, b"\n")
        status, _ = person.end()
    assert 0 == status
