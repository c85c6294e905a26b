"""Each mistake that an editor can make is reported once, in its place, under its code.

A folder in fixtures/ holds the files that differ from good/ by one kind of mistake. What must be
found stands beside it as `# expect: line:column code`, or, where a file can hold no comment, in
the file EXPECT as `file line:column code`. DELETE lists files of good/ to leave out.
"""

import json
import re
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from publisher.cli import main
from publisher.delivery.messages.codes import MESSAGE_CODES
from publisher.delivery.people.codes import SUBSCRIBER_CODES
from publisher.planning.answer_codes import ANSWER_CODES
from publisher.planning.codes import READER_CODES
from publisher.records.codes import CODES, codes_table
from publisher.rendering.codes import BUILD_CODES

FIXTURES = Path(__file__).with_name("fixtures")
BAD = sorted(path.name for path in FIXTURES.iterdir() if path.name != "good")
PAGE = Path(__file__).parents[2] / "docs" / "diagnostics.md"
ALL_CODES = (
    *CODES,
    *READER_CODES,
    *SUBSCRIBER_CODES,
    *ANSWER_CODES,
    *BUILD_CODES,
    *MESSAGE_CODES,
)

BESIDE = re.compile(r"# expect:() (\d+):(\d+) (R\d{3})")
LISTED = re.compile(r"^(\S+) (\d+):(\d+) (R\d{3})$", re.MULTILINE)

Finding = tuple[str, int, int, str]
"""File inside the records ("." for their folder), line, column, code."""


def check(folder: Path, *options: str) -> Result:
    return CliRunner().invoke(main, ["check", "--guides", str(folder), *options])


def findings(folder: Path) -> list[Finding]:
    found = json.loads(check(folder, "--format", "json").stdout)
    return [
        (each["file"].partition("/")[2] or ".", each["line"], each["column"], each["code"])
        for each in found
    ]


def files_of(overlay: Path) -> list[Path]:
    return sorted(path for path in overlay.rglob("*") if path.is_file())


def expected_of(overlay: Path) -> list[Finding]:
    """What must be found once the overlay lies over the good records."""
    expected: list[Finding] = []
    for path in files_of(overlay):
        inside = path.relative_to(overlay).as_posix()
        text = path.read_text("utf-8", errors="replace")
        pattern = LISTED if inside == "EXPECT" else BESIDE
        for match in pattern.finditer(text):
            file, line, column, code = match.groups()
            expected.append((file or inside, int(line), int(column), code))
    return sorted(expected)


def spoil(good: Path, overlay: Path) -> None:
    """Lay an overlay over good records."""
    for path in files_of(overlay):
        inside = path.relative_to(overlay)
        if inside.name == "DELETE":
            for name in path.read_text("utf-8").split():
                (good / name).unlink()
        elif inside.name != "EXPECT":
            (good / inside).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, good / inside)


def test_good_records_have_no_findings(good: Path) -> None:
    assert [] == findings(good)


@pytest.mark.parametrize("name", BAD)
def test_mistake_is_found_where_it_stands(name: str, good: Path) -> None:
    """Exactly the expected findings are reported, and no others that follow from them."""
    spoil(good, FIXTURES / name)
    assert expected_of(FIXTURES / name) == sorted(findings(good))


@pytest.mark.parametrize("name", BAD)
def test_folder_has_the_name_of_its_code(name: str) -> None:
    """A folder is about one code; `everything` is about many mistakes in many files at once."""
    found = expected_of(FIXTURES / name)
    if name == "everything":
        assert len({file for file, *_ in found}) >= 8
    else:
        assert {name[:4]} == {code for *_, code in found}


def test_every_code_has_a_fixture() -> None:
    assert {code.code for code in CODES} == {name[:4] for name in BAD if name != "everything"}


def test_codes_are_unique() -> None:
    codes = [code.code for code in ALL_CODES]
    assert sorted(set(codes)) == sorted(codes)


def test_page_lists_every_code() -> None:
    """docs/diagnostics.md holds the tables of all lists, and no other code."""
    page = PAGE.read_text("utf-8")
    assert codes_table(CODES) in page
    assert codes_table(READER_CODES) in page
    assert codes_table(SUBSCRIBER_CODES) in page
    assert codes_table(ANSWER_CODES) in page
    assert codes_table(BUILD_CODES) in page
    assert codes_table(MESSAGE_CODES) in page
    codes = [code.code for code in ALL_CODES]
    assert codes == re.findall(r"\b[A-Z]\d{3}\b", page)


def test_table_has_a_row_a_code() -> None:
    assert (
        "| Code | What it means | What to do |\n"
        "|---|---|---|\n"
        "| R002 | not UTF-8 | save the file as UTF-8 |\n"
    ) == codes_table(CODES[1:2])


def test_text_names_place_code_and_remedy(good: Path) -> None:
    spoil(good, FIXTURES / "R101-misspelt-key")
    result = check(good)
    assert (
        "guides/skills/drawing.yaml:3:1: R101 unknown key 'gruop'\n"
        "    hint: did you mean 'group'?\n"
        "19 records, 1 mistake\n"
    ) == result.stdout
    assert 1 == result.exit_code


def test_text_of_good_records_is_one_line(good: Path) -> None:
    result = check(good)
    assert "19 records, 0 mistakes\n" == result.stdout
    assert 0 == result.exit_code


def test_finding_without_a_place_names_the_folder(good: Path) -> None:
    spoil(good, FIXTURES / "R001-no-record-of-a-kind")
    assert (
        "guides: R001 no record matches careers/*/advice.yaml\n"
        "    hint: add one\n"
        "18 records, 1 mistake\n"
    ) == check(good).stdout


def test_json_has_every_field(good: Path) -> None:
    spoil(good, FIXTURES / "R101-misspelt-key")
    result = check(good, "--format", "json")
    assert [
        {
            "file": "guides/skills/drawing.yaml",
            "line": 3,
            "column": 1,
            "code": "R101",
            "text": "unknown key 'gruop'",
            "hint": "did you mean 'group'?",
        }
    ] == json.loads(result.stdout)
    assert 1 == result.exit_code


def test_json_of_good_records_is_an_empty_list(good: Path) -> None:
    result = check(good, "--format", "json")
    assert [] == json.loads(result.stdout)
    assert 0 == result.exit_code


def test_github_has_one_annotation_a_finding(good: Path) -> None:
    spoil(good, FIXTURES / "R101-misspelt-key")
    result = check(good, "--format", "github")
    assert (
        "::error file=guides/skills/drawing.yaml,line=3,col=1,title=R101"
        "::unknown key 'gruop'. did you mean 'group'?\n"
    ) == result.stdout
    assert 1 == result.exit_code
