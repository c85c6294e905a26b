"""A file of readers: who is in it, and each mistake in its place."""

import csv
import io
import json
import re
from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from publisher.planning.codes import READER_CODES
from publisher.planning.out_names import OUT_NAME, default_out_name
from publisher.planning.reader import Name, Reader
from publisher.planning.reader_rows import FIELDS
from publisher.planning.readers import Line, Readers, clashes, read_readers, unreadable
from publisher.records.catalogue import Catalogue, load_catalogue
from publisher.records.diagnostics import DiagnosedError, Diagnostic
from publisher.settings import Settings

CATALOGUE: Catalogue = load_catalogue(Settings().guides)
HEADER = "background,name,hours_per_week,skills,done,pauses,start,deadline\n"
ALL = "background,name,email,career,track,hours_per_week,start,deadline,skills,done,pauses,paper\n"
ENGINEER = '{"background": "software-engineer"'

many = settings(max_examples=150, deadline=None)

Found = tuple[int, int, str]
"""Line, column, code."""


def read(content: str | bytes, file: str = "readers.csv") -> Readers:
    content = content if isinstance(content, bytes) else content.encode()
    return read_readers(content, file, CATALOGUE)


def findings(content: str | bytes, file: str = "readers.csv") -> list[Diagnostic]:
    """Every mistake, in whatever way it is told."""
    try:
        readers = read(content, file)
    except DiagnosedError as error:
        return error.diagnostics
    return [*readers.diagnostics, *clashes(readers.lines)]


def places(found: Iterable[Diagnostic]) -> list[Found]:
    return [(each.line, each.column, each.code) for each in found]


# Good files


def test_a_file_of_csv_is_read() -> None:
    readers = read(
        f"{HEADER}"
        "software-engineer,Ada Lovelace,8,python=4;sql=3,embeddings-basics;hnsw-tuning,"
        "2027-04-05;2027-08-02,2027-01-04,2027-12-31\n"
        '"frontend-developer","Byron, ""George""",7.5,,,,,\n'
    )
    assert () == readers.diagnostics
    ada = Reader(
        background="software-engineer",
        name="Ada Lovelace",
        hours_per_week=8.0,
        skills={"python": 4, "sql": 3},
        done=("embeddings-basics", "hnsw-tuning"),
        pauses=(date(2027, 4, 5), date(2027, 8, 2)),
        start=date(2027, 1, 4),
        deadline=date(2027, 12, 31),
    )
    byron = Reader(background="frontend-developer", name='Byron, "George"', hours_per_week=7.5)
    prefix = "vector-database-engineer-for"
    assert readers.lines == (
        Line(2, ada, f"{prefix}-software-engineer-ada-lovelace", "readers.csv"),
        Line(3, byron, f"{prefix}-frontend-developer-byron-george", "readers.csv"),
    )


def test_a_file_of_json_lines_is_read() -> None:
    readers = read(
        '{"background": "software-engineer", "name": "Ada \\ud83d\\ude00 \\/ \\u00fc",\t'
        '"skills": {"python": 4, "sql": 3.0}, "pauses": ["2027-04-05"], "out_name": "a.1_-"}\n\n'
        '  {"hours_per_week":8,"done":[],"name":null,"background":"frontend-developer"}  ',
        "readers.jsonl",
    )
    assert () == readers.diagnostics
    ada = Reader(
        background="software-engineer",
        name="Ada \U0001f600 / ü",
        skills={"python": 4, "sql": 3},
        pauses=(date(2027, 4, 5),),
    )
    other = Reader(background="frontend-developer", hours_per_week=8.0)
    assert [(1, ada), (3, other)] == [(line.number, line.reader) for line in readers.lines]
    assert "a.1_-" == readers.lines[0].out_name
    assert default_out_name(other, CATALOGUE) == readers.lines[1].out_name


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_csv_of_every_kind_is_read(delimiter: str, ending: str, mark: str) -> None:
    rows = [["name", "background", "skills"], ["Ada", "software-engineer", '"python=4;sql=3"'], []]
    text = mark + "".join(delimiter.join(row) + ending for row in rows)
    (line,) = read(text).lines
    assert (2, "Ada", {"python": 4, "sql": 3}) == (
        line.number, line.reader.name, line.reader.skills,
    )  # fmt: skip


@pytest.mark.parametrize("sign", ["=", "+", "-", "@"])
def test_a_name_that_a_spreadsheet_would_compute_is_a_name(sign: str) -> None:
    (line,) = read(f"name,background\n{sign}SUM(A1),software-engineer\n").lines
    assert f"{sign}SUM(A1)" == line.reader.name


def test_a_cell_goes_on_in_the_next_line() -> None:
    (line, later) = read(
        'skills,background\n"python=4;\r\nsql=3",software-engineer\n,software-engineer\n'
    ).lines
    assert ({"python": 4, "sql": 3}, 2) == (line.reader.skills, line.number)
    assert 4 == later.number


def test_blank_lines_and_rows_of_mere_delimiters_are_no_readers() -> None:
    readers = read("\nbackground,name\n\n,\nsoftware-engineer,\n , \n")
    assert ([5], ()) == ([line.number for line in readers.lines], readers.diagnostics)


@pytest.mark.parametrize(
    ("file", "content"),
    [
        ("a.csv", "background\nsoftware-engineer"),
        ("a.TSV", "background\tname\nsoftware-engineer\tA"),
        ("-", "background\nsoftware-engineer"),
        ("readers", "\n background\nsoftware-engineer"),
        ("a.jsonl", f"{ENGINEER}}}"),
        ("a.ndjson", f"{ENGINEER}}}"),
        ("-", f"\ufeff \n{ENGINEER}}}"),
        ("a.txt", f"{ENGINEER}}}"),
    ],
)
def test_suffix_or_first_character_tells_the_form(file: str, content: str) -> None:
    (line,) = read(content, file).lines
    assert "software-engineer" == line.reader.background
    assert ("<stdin>" if file == "-" else file) == line.file


@pytest.mark.parametrize("value", ["4", "4.0", "4e0", "40e-1"])
def test_json_has_one_kind_of_number(value: str) -> None:
    (line,) = read(
        f'{ENGINEER}, "hours_per_week": {value}, "skills": {{"sql": {value}}}}}', "-"
    ).lines
    assert ({"sql": 4}, 4.0) == (line.reader.skills, line.reader.hours_per_week)


# Mistakes

Case = tuple[str, str | bytes, list[Found], str]
"""Name of the file, its content, what is found in it, and words of the first finding."""


def ids(cases: Iterable[Case]) -> list[str]:
    """Short names for the cases, some of which are very long."""
    return [f"{found[0][2]} {words}" for *_, found, words in cases]


FILES: list[Case] = [
    ("a.csv", b"background\nsoftware-engineer\nb\xfccher", [(3, 2, "L002")], "not UTF-8"),
    ("a.csv", "background".encode("utf-16"), [(1, 1, "L002")], "not UTF-8"),
    ("a.csv", b"background\n\xed\xa0\x80", [(2, 1, "L002")], "not UTF-8"),
    ("a.csv", "", [(1, 1, "L003")], "the file is empty"),
    ("a.jsonl", "", [(1, 1, "L003")], "the file is empty"),
    ("-", "\ufeff \r\n\n", [(1, 1, "L003")], "the file is empty"),
    ("a.csv", "name,background\r\n", [(1, 1, "L003")], "a header and no reader"),
    ("a.csv", "Ada,software-engineer\n", [(1, 1, "L004")], "'Ada'"),
    ("a.csv", f"{ENGINEER}}}\n", [(1, 1, "L004")], "{"),
    ("a.csv", "background,name,email,name\n", [(1, 23, "L005")], "first as column 2"),
    ("a.csv", 'background,"name\nx', [(1, 12, "L006")], "not closed"),
    ("a.csv", f"background,{'a' * 100_000}\nx,y", [(1, 1, "L010")], "100,000"),
    ("a.csv", "backgruond,Name,\nx,y,z",
     [(1, 1, "L101"), (1, 12, "L101"), (1, 17, "L101")], "unknown column 'backgruond'"),
    ("a.csv", "background;hours\nx;1", [(1, 12, "L101")], "unknown column 'hours'"),
    ("a.csv", "background,na\x00me\n", [(1, 12, "L101")], "'na\\x00me'"),
    ("a.csv", "name,email\nA,b", [(1, 1, "L102")], "no column 'background'"),
]  # fmt: skip

LINES: list[Case] = [
    ("a.csv", 'name,background\n"A,x', [(2, 1, "L006")], "name: a quote is not closed: '\"A,x'"),
    ("a.csv", 'name,background\nA"x,sofware-engineer', [(2, 1, "L006"), (2, 5, "L203")], "name: "),
    ("a.csv", 'name,background\nA,b,"c"d', [(2, 5, "L006")], "cell 3: text follows"),
    ("a.csv", "name,background\n\nA,b,c d,e", [(3, 5, "L007")], "'c d' is one too many"),
    ("a.csv", "name,background,email,paper\nA,b", [(2, 3, "L007")], "none for email"),
    ("a.csv", "name,background\nA\x00,x-1\n", [(2, 1, "L008"), (2, 4, "L203")], "U+0000"),
    ("a.csv", 'name,background\n"A\nB",software-engineer', [(2, 1, "L008")], "U+000A"),
    ("a.csv", 'email,background\n"a@b\r\nBcc: c",software-engineer', [(2, 1, "L008")], "U+000D"),
    ("a.csv", f"name,background\n{'a' * 100_000},b", [(2, 1, "L010")], "100,000"),
    ("a.csv", "name,background\nAda,", [(2, 5, "L102")], "background is missing"),
    ("a.csv", "skills,background\nsql=3;python;x=y,software-engineer",
     [(2, 1, "L103"), (2, 1, "L103")], "skills: 'python' is not like python=3"),
    ("a.csv", "skills,background\nsql=3;sql=4,software-engineer", [(2, 1, "L005")], "'sql'"),
    ("a.csv", "skills,background\n=3;A=1;sql=,software-engineer",
     [(2, 1, "L103"), (2, 1, "L110"), (2, 1, "L110")], "skills: "),
    ("a.csv", 'hours_per_week,background\n"7,5",software-engineer', [(2, 1, "L103")], "'7,5'"),
    ("a.csv", "hours_per_week,background\nnan,software-engineer", [(2, 1, "L103")], "'nan'"),
    ("a.csv", "hours_per_week,background\n0.5,software-engineer", [(2, 1, "L107")], "not 0.5"),
    ("a.csv", f"hours_per_week,background\n{'9' * 5000},software-engineer",
     [(2, 1, "L103")], "99…'"),
    ("a.csv", "skills,background\nsql=5,software-engineer", [(2, 1, "L104")],
     "skills: sql must be at most 4, not 5"),
    ("a.csv", "paper,background\nA4,software-engineer", [(2, 1, "L105")], "'a4' or 'letter'"),
    ("a.csv", f"background,name\nsoftware-engineer,{'x' * 121}", [(2, 19, "L106")], "xxx…'"),
    ("a.csv", "start,background\n31.12.2027,software-engineer", [(2, 1, "L108")], "'31.12.2027'"),
    ("a.csv", "start,background\n2027-02-30,software-engineer", [(2, 1, "L108")], "'2027-02-30'"),
    ("a.csv", "pauses,background\n2027-02-01;soon,software-engineer", [(2, 1, "L108")], "entry 2"),
    ("a.csv", "background\nSoftware Engineer", [(2, 1, "L110")], "not 'Software Engineer'"),
    ("a.csv", "background\nsofware-engineer", [(2, 1, "L203")], "'sofware-engineer'"),
    ("a.csv", "skills,background\npyton=4,software-engineer", [(2, 1, "L201")], "'pyton'"),
    ("a.csv", "done,background\nhnsw-tunning,software-engineer", [(2, 1, "L202")], "done: "),
    ("a.csv", "career,background,track,done\nvector-databse,x,y,hnsw-tunning",
     [(2, 1, "L206"), (2, 20, "L202")], "'vector-databse'"),
    ("a.csv", "track,background\nplattform,software-engineer", [(2, 1, "L211")], "'plattform'"),
    ("a.csv", "start,background\n9999-12-31,software-engineer", [(2, 1, "L301")], "start: 9999"),
    ("a.csv", "start,deadline,background\n2027-01-04,2027-01-04,software-engineer",
     [(2, 12, "L301")], "deadline: 2027-01-04 is not after"),
    ("a.csv", "out_name,background\n../x,software-engineer", [(2, 1, "L401")], "'../x'"),
    ("a.csv", "background\nsoftware-engineer\nsoftware-engineer", [(3, 1, "L402")], "line 2"),
    ("a.jsonl", f'{ENGINEER}, "name": "A", "name": "B"}}', [(1, 50, "L005")], "key 'name'"),
    ("a.jsonl", f'{ENGINEER}, "skills": {{"sql": 1, "sql": 1}}}}', [(1, 47, "L005")], "'sql'"),
    ("a.jsonl", f'{ENGINEER}, "name": "\\ud800"}}', [(1, 45, "L008")], "U+D800"),
    ("a.jsonl", f'{ENGINEER}, "done": ["\\u0000"]}}', [(1, 45, "L008")], "U+0000"),
    ("a.jsonl", f'{ENGINEER}, "skills": {{"\\ud800": 1}}}}', [(1, 47, "L008")], "U+D800"),
    ("a.jsonl", '{"background": "\\ud800"}', [(1, 16, "L008")], "U+D800"),
    ("a.jsonl", '["software-engineer"]', [(1, 1, "L009")], "is no object"),
    ("-", '[\n  {"background": "software-engineer"},\n]',
     [(1, 1, "L009"), (2, 38, "L009"), (3, 1, "L009")], "'[' is no object"),
    ("a.JSONL", "background", [(1, 1, "L009")], "is no object"),
    ("a.jsonl", "\n {'background'", [(2, 3, "L009")], "a key in double quotes"),
    ("a.jsonl", '{"background"', [(1, 14, "L009")], "':' is missing"),
    ("a.jsonl", '{"background":', [(1, 15, "L009")], "a value is missing"),
    ("a.jsonl", '{"background": "x', [(1, 16, "L009")], "not closed"),
    ("a.jsonl", '{"background": "x\\y"}', [(1, 18, "L009")], "begins no escape"),
    ("a.jsonl", '{"background": "x\ty"}', [(1, 18, "L009")], "control character"),
    ("a.jsonl", '{"background": 01}', [(1, 17, "L009")], "',' or a closing bracket"),
    ("a.jsonl", f"{ENGINEER},}}", [(1, 36, "L009")], "a key in double quotes"),
    ("a.jsonl", f"{ENGINEER}}} {ENGINEER}}}", [(1, 37, "L009")], "something follows"),
    ("a.jsonl", f'{ENGINEER}, "done": {"[" * 50_000}', [(1, 45, "L009")], "too deep"),
    ("a.jsonl", f'{{"name": "{"a" * 100_000}"}}', [(1, 1, "L010")], "100,000"),
    ("a.jsonl", ' {"Background": 1}', [(1, 3, "L101"), (1, 2, "L102")], "background is missing"),
    ("a.jsonl", '{"background": null}', [(1, 16, "L102")], "background is missing"),
    ("a.jsonl", f'{ENGINEER}, "name": 5}}', [(1, 45, "L103")], "must be a text, not 5"),
    ("a.jsonl", f'{ENGINEER}, "name": NaN}}', [(1, 45, "L103")], "must be a text, not nan"),
    ("a.jsonl", f'{ENGINEER}, "hours_per_week": NaN}}', [(1, 55, "L107")], "not nan"),
    ("a.jsonl", f'{ENGINEER}, "hours_per_week": {"9" * 5000}}}', [(1, 55, "L107")], "not inf"),
    ("a.jsonl", f'{ENGINEER}, "hours_per_week": true}}', [(1, 55, "L103")], "not true"),
    ("a.jsonl", f'{ENGINEER}, "done": "a"}}', [(1, 45, "L103")], "must be a list, not 'a'"),
    ("a.jsonl", f'{ENGINEER}, "done": [[["a"]], {{}}]}}', [(1, 45, "L103")] * 2, "not a list"),
    ("a.jsonl", f'{ENGINEER}, "skills": ["sql"]}}', [(1, 47, "L103")], "keys with values"),
    ("a.jsonl", f'{ENGINEER}, "skills": {{"sql": 2.5}}}}', [(1, 47, "L103")], "whole number"),
    ("a.jsonl", f'{ENGINEER}, "start": 20270104}}', [(1, 46, "L108")], "must be a day"),
    ("a.jsonl", f'{ENGINEER}, "name": ""}}', [(1, 45, "L106")], "must not be empty"),
    ("a.jsonl", f'{ENGINEER}, "name": " "}}', [(1, 45, "L105")], "name: the name is empty"),
    ("a.jsonl", f'{ENGINEER}, "out_name": 7}}', [(1, 49, "L401")], "'7'"),
]  # fmt: skip


@pytest.mark.parametrize(("file", "content", "found", "words"), FILES, ids=ids(FILES))
def test_a_file_of_no_use_is_refused(
    file: str, content: str | bytes, found: list[Found], words: str
) -> None:
    with pytest.raises(DiagnosedError) as refused:
        read(content, file)
    assert found == places(refused.value.diagnostics)
    assert words in refused.value.diagnostics[0].text


@pytest.mark.parametrize("size", [1, 2, 3, 4, 7])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_a_byte_that_is_no_text_is_found_where_it_stands_in_whatever_pieces_it_is_read(
    size: int, mark: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("publisher.planning.source.PIECE", size)
    content = mark + "background\r\nsoftware-engineer\rü😀".encode()
    for bad, place in ((b"\xff", (3, 3)), (b"\r\n\xff", (4, 1)), (b"\n\xe2\x82", (4, 1))):
        assert [(*place, "L002")] == places(findings(content + bad))
    (line,) = read(content.replace("\rü😀".encode(), b"\r\n\r")).lines
    assert 2 == line.number


@pytest.mark.parametrize(("file", "content", "found", "words"), LINES, ids=ids(LINES))
def test_a_mistake_is_found_where_it_stands(
    file: str, content: str | bytes, found: list[Found], words: str
) -> None:
    mistakes = findings(content, file)
    assert sorted(found) == sorted(places(mistakes))
    assert words in mistakes[0].text


@pytest.mark.parametrize("case", [*FILES, *LINES], ids=ids((*FILES, *LINES)))
def test_each_finding_says_what_to_do_in_one_short_line(case: Case) -> None:
    file, content, *_ = case
    for each in findings(content, file):
        assert each.file == ("<stdin>" if file == "-" else file)
        assert each.hint
        assert len(each.text) < 250
        assert each.text.isprintable()


def test_every_code_has_a_case() -> None:
    cases = {code for _, _, found, _ in (*FILES, *LINES) for *_, code in found}
    assert {code.code for code in READER_CODES} == cases | {"L001"}  # below


@pytest.mark.parametrize(
    ("content", "hint"),
    [
        ("background\nsofware-engineer", "did you mean 'software-engineer'?"),
        ("background,nmae\nx,y", "did you mean 'name'?"),
        ("background,EMAIL\nx,y", "did you mean 'email'?"),
        ("background,skills\nsoftware-engineer,pyton=3", "did you mean 'python'?"),
        ("background\nSoftware Engineer", "write 'software-engineer'"),
        ("background,zzz\nx,y", "known: background, career, deadline, done, email, "),
    ],
)
def test_the_nearest_is_named(content: str, hint: str) -> None:
    assert findings(content)[0].hint.startswith(hint)


def test_all_mistakes_of_a_line_are_told_at_once() -> None:
    found = findings(
        f"{ALL}"
        "sofware-engineer,A\x07,b,,enginee,0,2027-2-1,1950-01-01,sql=9;sqll=1,B;hnsw-tunning,x,A4\n"
    )
    assert [
        (2, 1, "L203"), (2, 18, "L008"), (2, 24, "L211"), (2, 32, "L107"), (2, 34, "L108"),
        (2, 43, "L301"), (2, 54, "L104"), (2, 54, "L201"), (2, 67, "L110"), (2, 67, "L202"),
        (2, 82, "L108"), (2, 84, "L105"),
    ] == places(found)  # fmt: skip


def test_what_only_follows_from_a_mistake_is_not_told() -> None:
    """Without a career it is not known which paths and tracks there are."""
    lines = "career,background,track\nVector,x,y\nvector,x,y\n,X,platfrom\n"
    assert [
        (2, 1, "L110"), (3, 1, "L206"), (4, 2, "L110"), (4, 4, "L211"),
    ] == places(findings(lines))  # fmt: skip


def test_a_bad_line_does_not_stop_the_rest() -> None:
    readers = read(
        'name,background\nA,software-engineer\n"B,x\nC,software-engineer\nD\nE,nowhere\n'
        '"F"F,software-engineer\n"G",software-engineer\n'
    )
    assert [2, 4, 8] == [line.number for line in readers.lines]
    assert [(3, 1, "L006"), (5, 1, "L007"), (6, 3, "L203"), (7, 1, "L006")] == places(
        readers.diagnostics
    )


def test_standard_input_has_a_name_of_its_own() -> None:
    assert "<stdin>:1:1: L003" in str(findings("", "-")[0])


def test_a_name_that_is_not_utf_8_can_be_printed() -> None:
    assert "r?.csv" == findings("", "r\udcff.csv")[0].file


@pytest.mark.parametrize(("name", "reason"), [("none.csv", "No such file"), (".", "directory")])
def test_a_file_that_cannot_be_read(name: str, reason: str, tmp_path: Path) -> None:
    path = tmp_path / name
    with pytest.raises(OSError, match=reason) as failed:
        path.read_bytes()
    (found,) = unreadable(str(path), failed.value).diagnostics
    assert (str(path), 0, "L001") == (found.file, found.line, found.code)
    assert reason in found.text


# Anything at all

PARTS = st.sampled_from([
    "background", "name", "skills", "pauses", "out_name", "software-engineer", "frontend-developer",
    "python=4", "=", "4", "8", "1e999", "2027-01-04", "0000-00-00", ",", ";", "\t", "\n", "\r\n",
    "\r", '"', '""', "{", "}", "[", "]", ":", '"background"', '"skills"', '"software-engineer"',
    "\\ud800", "\\", "null", "NaN", "-", " ", "\ufeff", "\x00", "\u2028", "\x85", "ü", "😀", "é",
])  # fmt: skip
TEXTS = st.lists(PARTS | st.text(max_size=3), max_size=40).map("".join)
HEADERS = st.sampled_from(["", HEADER, ALL, ALL.replace(",", ";"), f"{ENGINEER}}}\n", ENGINEER])
CONTENTS = st.one_of(
    st.binary(max_size=60),
    st.tuples(HEADERS, TEXTS, st.binary(max_size=2)).map(
        lambda parts: f"{parts[0]}{parts[1]}".encode() + parts[2]
    ),
)
NAMES_OF_FILES = st.sampled_from(["-", "a.csv", "a.tsv", "a.jsonl", "a.ndjson", "a.txt"])


@settings(max_examples=600, deadline=None)
@given(CONTENTS, NAMES_OF_FILES)
def test_any_bytes_are_readers_or_findings(content: bytes, file: str) -> None:
    """Each finding has a place in the file that an editor can go to, and can be printed."""
    text = content.decode("utf-8-sig", errors="replace")
    lines = re.split("\r\n|\r|\n", text)
    for each in findings(content, file):
        assert 1 <= each.line <= len(lines)
        assert 1 <= each.column <= len(lines[each.line - 1]) + 1
        assert str(each).encode()
        assert each.code in {code.code for code in READER_CODES}


def mutated(content: bytes, at: int, how: str, put: bytes) -> bytes:
    at %= len(content)
    match how:
        case "insert":
            return content[:at] + put + content[at:]
        case "delete":
            return content[:at] + content[at + 1 :]
        case _:
            return content[:at] + put + content[at + len(put) :]


GOOD_FILES = st.sampled_from([
    f"{HEADER}software-engineer,Ü,8,sql=3,hnsw-tuning,2027-04-05,,\n,B,,\nsoftware-engineer,,,,,,,",
    f'{ENGINEER}, "skills": {{"sql": 3}}, "done": ["hnsw-tuning"], "name": "\\u00fc"}}\n{{}}\n',
])  # fmt: skip


@many
@given(GOOD_FILES, st.integers(0), st.sampled_from(["insert", "delete", "change"]), PARTS)
def test_a_slip_of_the_hand_is_no_crash(content: str, at: int, how: str, put: str) -> None:
    found = findings(mutated(content.encode(), at, how, put.encode()), "-")
    assert all(each.line for each in found)


@many
@given(st.lists(TEXTS.filter(lambda text: '"' not in text), max_size=4))
def test_lines_between_good_ones_do_not_harm_them(between: list[str]) -> None:
    """Unless they leave a quote open, which nobody can tell from a cell of several lines."""
    good = "software-engineer,A,8,,,,,\n"
    text = HEADER + "".join(f"{good}{each}\n" for each in between) + good
    assert len(between) < sum(line.reader.name == "A" for line in read(text).lines)


# There and back


def is_name(text: str) -> bool:
    try:
        TypeAdapter(Name).validate_python(text)
    except ValidationError:
        return False
    return True


@st.composite
def good_readers(draw: st.DrawFn) -> tuple[Reader, str]:
    """A reader who can have a guide, and what they call its files ("" for nothing)."""
    start = draw(st.none() | st.dates(date(1970, 1, 1), date(2199, 12, 31)))
    first = (start or date(1970, 1, 1)) + timedelta(days=1)
    deadline = draw(st.none() | st.dates(first, date(2200, 12, 31)))
    reader = Reader(
        name=draw(st.none() | st.text(min_size=1, max_size=120).filter(is_name)),
        email=draw(st.none() | st.emails()),
        background=draw(st.sampled_from(["software-engineer", "frontend-developer"])),
        career=draw(st.sampled_from([None, "vector-database-engineer"])),
        track=draw(st.sampled_from([None, "platform", "engine"])),
        hours_per_week=draw(st.none() | st.floats(1, 80)),
        start=start,
        deadline=deadline,
        skills=draw(st.dictionaries(st.sampled_from(sorted(CATALOGUE.skills)), st.integers(0, 4))),
        done=tuple(draw(st.lists(st.sampled_from(sorted(CATALOGUE.modules)), max_size=5))),
        pauses=tuple(draw(st.lists(st.dates(), max_size=3))),
        paper=draw(st.sampled_from(["a4", "letter"])),
    )
    return reader, draw(st.just("") | st.from_regex(OUT_NAME, fullmatch=True))


def as_cells(reader: Reader, out_name: str) -> dict[str, str]:
    """The reader as CSV says it, by column."""
    plain = {name: value for name, value in reader if value is not None}
    joined = {
        "skills": ";".join(f"{skill}={level}" for skill, level in reader.skills.items()),
        "done": ";".join(reader.done),
        "pauses": ";".join(map(str, reader.pauses)),
    }
    return {**{name: str(value) for name, value in plain.items()}, **joined, "out_name": out_name}


def as_json(reader: Reader, out_name: str) -> dict[str, Any]:
    data = json.loads(reader.model_dump_json())
    return {**data, "out_name": out_name or None}


def assert_read(readers: Readers, expected: list[tuple[Reader, str]]) -> None:
    assert () == readers.diagnostics
    names = [name or default_out_name(reader, CATALOGUE) for reader, name in expected]
    assert [(reader, name) for (reader, _), name in zip(expected, names, strict=True)] == [
        (line.reader, line.out_name) for line in readers.lines
    ]


@many
@given(
    st.lists(good_readers(), min_size=1, max_size=3),
    st.permutations(FIELDS),
    st.sampled_from([",", ";", "\t"]),
    st.sampled_from([("\r\n", csv.QUOTE_MINIMAL), ("\n", csv.QUOTE_ALL)]),
    st.sampled_from(["utf-8", "utf-8-sig"]),
)
def test_good_readers_come_back_from_csv(
    expected: list[tuple[Reader, str]],
    columns: list[str],
    delimiter: str,
    form: tuple[str, int],
    encoding: str,
) -> None:
    stream = io.StringIO(newline="")
    ending, quoting = form
    writer = csv.DictWriter(
        stream, columns, delimiter=delimiter, lineterminator=ending, quoting=quoting
    )
    writer.writeheader()
    writer.writerows(as_cells(*each) for each in expected)
    assert_read(read(stream.getvalue().encode(encoding)), expected)


@many
@given(
    st.lists(good_readers(), min_size=1, max_size=3),
    st.booleans(),
    st.sampled_from([(",", ":"), (" , ", "\t: ")]),
)
def test_good_readers_come_back_from_json_lines(
    expected: list[tuple[Reader, str]],
    ascii_only: bool,
    separators: tuple[str, str],
) -> None:
    lines = [
        json.dumps(as_json(*each), ensure_ascii=ascii_only, separators=separators)
        for each in expected
    ]
    assert_read(read("\n".join(lines), "-"), expected)
