"""Any file that can lie in the folder of the records is read or reported, and nothing crashes."""

import os
import re
import shutil
import tempfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from publisher.planning.claims import unconfirmed_claims
from publisher.records.catalogue import Catalogue, catalogue_of, cross_check, load_catalogue
from publisher.records.checks.style import prose_reads_well
from publisher.records.diagnostics import DiagnosedError, Diagnostic, Place
from publisher.records.document import Document, read_document
from publisher.records.loader import KINDS, read_entries

Read = Callable[[str | bytes], Document]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Reads YAML from a file."""
    return lambda content: written(tmp_path / "record.yaml", content)


@pytest.fixture
def read_markdown(tmp_path: Path) -> Read:
    """Reads Markdown with front matter from a file."""
    return lambda content: written(tmp_path / "record.md", content)


def written(path: Path, content: str | bytes) -> Document:
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_document(path, path.name)


def findings(document: Document) -> list[tuple[int, int, str]]:
    return [(each.line, each.column, each.code) for each in document.diagnostics]


def found_in(folder: Path) -> list[Diagnostic]:
    return cross_check(read_entries(folder))


# Files as a whole


@pytest.mark.parametrize("content", ["", "\n\n", "# only a comment\n", "---\n", "null\n", "~"])
def test_empty_yaml_is_an_empty_record(content: str, read: Read) -> None:
    """What is missing in it is for the model to say."""
    document = read(content)
    assert {} == document.data
    assert [] == findings(document)


def test_empty_markdown_lacks_its_front_matter(read_markdown: Read) -> None:
    document = read_markdown("")
    assert document.data is None
    assert [(1, 1, "R004")] == findings(document)


def test_front_matter_may_stand_alone(read_markdown: Read) -> None:
    document = read_markdown("---\ntitle: A\n---")
    assert {"title": "A"} == document.data
    assert "" == document.body


def test_front_matter_may_be_empty(read_markdown: Read) -> None:
    document = read_markdown("---\n---\nText\n")
    assert {} == document.data
    assert ("Text\n", 3) == (document.body, document.body_line)


def test_lines_of_the_body_count_from_the_top_of_the_file(read_markdown: Read) -> None:
    document = read_markdown("---\ntitle: A\n---\n\n## B\n")
    assert document.text.split("\n")[document.body_line - 1 :] == document.body.split("\n")


@pytest.mark.parametrize("end", ["\r\n", "\r"])
def test_line_ends_make_no_difference(end: str, read_markdown: Read) -> None:
    """Neither to data, places and body, nor to what is found."""
    text = "---\ntitle: A\nlist:\n  - b\n  - c: d\n---\n\nText\n\n- item\n"
    unix, other = read_markdown(text), read_markdown(text.replace("\n", end))
    assert unix == other


def test_byte_order_mark_is_no_part_of_the_text(read: Read, read_markdown: Read) -> None:
    assert {"a": "b"} == read("\ufeffa: b\n").data
    assert {"a": "b"} == read_markdown("\ufeff---\na: b\n---\n").data
    assert [(1, 6, "R002")] == findings(read(b"\xef\xbb\xbfa: b \xff\n"))


def test_column_counts_characters_and_not_bytes(read: Read) -> None:
    assert (1, 8) == read("{ü: 😀, b: c}\n").place(("b",), of_key=True)
    assert [(2, 6, "R002")] == findings(read("a: 1\nü: 😀".encode() + b" \xff"))


@pytest.mark.parametrize("content", ["a: b\x00\n", "a: b\x85\n", "a: b\u2029c\n", "a: b\uffff"])
def test_characters_that_cannot_be_printed_are_refused(content: str, read: Read) -> None:
    document = read(content)
    assert document.data is None
    assert [(1, 5, "R008")] == findings(document)


def test_tab_may_stand_in_a_text_but_not_before_a_key(read: Read) -> None:
    assert {"a": "b\tc"} == read('a: "b\tc"\n').data
    assert [(3, 1, "R003")] == findings(read("a:\n  b: 1\n\tc: 2\n"))


def test_a_line_of_a_megabyte_is_read(read: Read) -> None:
    assert {"a": "x" * 1_000_000} == read(f"a: {'x' * 1_000_000}\n").data


def test_a_paragraph_of_a_megabyte_is_checked(good: Path) -> None:
    module = good / "modules" / "measure-land.md"
    module.write_text(f"{module.read_text('utf-8')}\n{'word ' * 200_000}[a](b)\n", "utf-8")
    (found,) = found_in(good)
    assert ("R210", 1_000_005) == (found.code, found.column)


# Values


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("no", "no"), ("on", "on"), ("Yes", "Yes"), ("True", "True"), ("true", True),
        ("false", False), ("1:30", "1:30"), ("12", 12), ("-3", -3), ("+3", 3), ("007", "007"),
        ("1_000", "1_000"), ("0x10", "0x10"), ("1.5", 1.5), (".5", ".5"), ("1e3", "1e3"),
        (".inf", ".inf"), ("1.2.3", "1.2.3"), ("'12'", "12"), ('"true"', "true"), ("null", None),
        ("~", None), ("", None), ("=", "="), ("2026-11-23", date(2026, 11, 23)),
        ("2026-02-31", "2026-02-31"), ("2026-1-5", "2026-1-5"),
        ("2026-11-23 10:00:00", "2026-11-23 10:00:00"), ("'2026-11-23'", "2026-11-23"),
        ("[a, 1]", ("a", 1)), ("{a: 1}", {"a": 1}), ("9" * 5000, "9" * 5000),
    ],
)  # fmt: skip
def test_value_is_what_an_editor_expects(text: str, value: Any, read: Read) -> None:
    """Only plain numbers, days, true, false and null are no texts."""
    document = read(f"a: {text}\n")
    assert {"a": value} == document.data
    assert type(value) is type(document.data["a"])
    assert [] == findings(document)


@pytest.mark.parametrize("key", ["1", "1.5", "true", "null", "no", "2026-11-23", "1:30", "<<", "="])
def test_key_is_a_text_whatever_it_looks_like(key: str, read: Read) -> None:
    assert {key: "b"} == read(f"{key}: b\n").data


def test_keys_that_look_like_equal_values_differ(read: Read) -> None:
    document = read("1: a\ntrue: b\n1.0: c\n'1.00': d\n")
    assert {"1": "a", "true": "b", "1.0": "c", "1.00": "d"} == document.data
    assert [] == findings(document)


def test_key_that_stands_twice_is_reported_where_it_stands_again(read: Read) -> None:
    document = read("a: 1\nb:\n  c: 2\n  c: 3\na: 4\na: 5\n")
    assert [(4, 3, "R005"), (5, 1, "R005"), (6, 1, "R005")] == findings(document)
    assert "key 'a' stands twice, first in line 1" == document.diagnostics[1].text


@pytest.mark.parametrize("content", ["? [a]\n: b\n", "{{a: b}: c}\n", "a: &a b\n*a : c\n"])
def test_key_must_be_one_text(content: str, read: Read) -> None:
    document = read(content)
    assert document.data is None
    assert ["R003"] == [each.code for each in document.diagnostics]


# Anchors, tags, depth


def test_alias_repeats_what_its_anchor_names(read: Read) -> None:
    document = read("a: &a {b: 1}\nc: *a\n")
    assert {"a": {"b": 1}, "c": {"b": 1}} == document.data


def test_finding_in_a_repeated_value_stands_at_its_alias(read: Read) -> None:
    document = read("a: &a {b: 1}\nc: *a\n")
    assert (2, 4) == document.place(("c", "b"))


@pytest.mark.parametrize("content", ["a: &a [*a]\n", "a: &a {b: *a}\n", "a: &a\n  - b\n  - *a\n"])
def test_anchor_that_contains_itself_is_reported(content: str, read: Read) -> None:
    document = read(content)
    assert document.data is None
    assert ["R003"] == [each.code for each in document.diagnostics]


def test_anchors_that_multiply_stay_small(good: Path) -> None:
    """Thirty lists of nine aliases each would be more values than memory holds."""
    lists = [f"l{i}: &l{i} [{', '.join([f'*l{i - 1}'] * 9)}]" for i in range(1, 30)]
    skill = good / "skills" / "drawing.yaml"
    skill.write_text("\n".join(["l0: &l0 [x]", *lists, skill.read_text("utf-8")]), "utf-8")
    assert ["R101"] * 30 == [each.code for each in found_in(good)]


@pytest.mark.parametrize("tag", ["!!python/object:os.system", "!!binary", "!!set", "!own", "!"])
def test_tags_are_refused(tag: str, read: Read) -> None:
    document = read(f"a: {tag} {{}}\n")
    assert document.data is None
    assert [(1, 4, "R003")] == findings(document)


@pytest.mark.parametrize("opening", ["[", "{a: ", "- ", "? "])
def test_deep_nesting_is_reported_and_not_followed(opening: str, read: Read) -> None:
    """A hundred thousand levels would exhaust the stack of a parser that builds a tree."""
    document = read(opening * 100_000)
    assert document.data is None
    assert ["R003"] == [each.code for each in document.diagnostics]


# Folders


def test_folder_that_is_missing_is_one_finding(tmp_path: Path) -> None:
    (found,) = found_in(tmp_path / "nowhere")
    assert ("nowhere", 0, "R001", "there is no such folder") == (
        found.file, found.line, found.code, found.text,
    )  # fmt: skip


def test_folder_that_is_a_file_is_one_finding(good: Path) -> None:
    (found,) = found_in(good / "groups.yaml")
    assert ("R001", "this is no folder") == (found.code, found.text)


def test_folder_that_is_empty_is_one_finding(tmp_path: Path) -> None:
    (found,) = found_in(tmp_path)
    assert ("R001", "the folder has no records") == (found.code, found.text)


def test_kinds_without_a_record_are_named(tmp_path: Path, good: Path) -> None:
    """One record alone cites nothing that is known to be missing."""
    alone = tmp_path / "alone"
    alone.mkdir()
    shutil.copy(good / "groups.yaml", alone)
    patterns = {kind.pattern for kind in KINDS if kind.needed and kind.name != "groups"}
    assert {f"no record matches {pattern}" for pattern in patterns} == {
        each.text for each in found_in(alone)
    }


def test_name_of_the_folder_means_nothing(tmp_path: Path, good: Path) -> None:
    """Not even that of a folder inside it."""
    assert [] == found_in(good.rename(tmp_path / "careers"))


def test_hidden_files_readmes_and_other_files_are_no_records(good: Path) -> None:
    for name in (".hidden.yaml", "modules/README.md", "notes.txt", ".git/config.yaml"):
        (good / name).parent.mkdir(exist_ok=True)
        (good / name).write_text("not: [a record", "utf-8")
    assert [] == found_in(good)


def test_link_to_nowhere_is_a_record_that_cannot_be_read(good: Path) -> None:
    (good / "backgrounds" / "pilot.yaml").symlink_to(good / "nowhere.yaml")
    (found,) = found_in(good)
    assert ("guides/backgrounds/pilot.yaml", "R001") == (found.file, found.code)


def test_name_that_is_not_utf_8_can_be_printed(good: Path) -> None:
    name = os.fsencode(good / "backgrounds") + b"/p\xeflot.yaml"
    shutil.copy(good / "backgrounds" / "surveyor.yaml", name)
    (found,) = found_in(good)
    assert "R007" == found.code
    assert str(found) == str(found).encode().decode()


as_root = pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read every file"
)


@as_root
def test_file_that_may_not_be_read_is_reported(good: Path) -> None:
    (good / "groups.yaml").chmod(0)
    assert [("guides/groups.yaml", "R001")] == [(each.file, each.code) for each in found_in(good)]


@as_root
def test_folder_that_may_not_be_read_is_reported(good: Path) -> None:
    """Its records do not vanish in silence."""
    (good / "backgrounds").chmod(0)
    texts = [each.text for each in found_in(good)]
    (good / "backgrounds").chmod(0o755)
    assert "folder backgrounds cannot be read: Permission denied" in texts


def test_catalogue_of_bad_records_is_refused_with_every_finding(good: Path) -> None:
    (good / "groups.yaml").write_text("groups: 3\n", "utf-8")
    (good / "advice.yaml").write_text("", "utf-8")
    with pytest.raises(DiagnosedError) as refused:
        load_catalogue(good)
    assert found_in(good) == refused.value.diagnostics


# Anything at all


GOOD = Path(__file__).with_name("fixtures") / "good"
FILES = sorted(path.relative_to(GOOD) for path in GOOD.rglob("*") if path.is_file())

SCALARS = st.one_of(
    st.text(max_size=20),
    st.sampled_from([
        "", "~", "0", "-1", "5", "1.5", "true", "no", "[]", "{}", "{a: b}", "[a, b]", "*a", "&a b",
        "!!binary x", "2026-02-31", "9999-12-31", "9" * 30, "'", '"', "|", ">", "<<", "12-31",
        "01-01", "drawing", "final-map", "paper", "[x](term:y)", "<b>", "€ 1,000", "---",
        'very! \\"we', "'the the", "| a | b", "> 5 %", "`İ", "why — it? Is",
    ]),
)  # fmt: skip
"""What a hand that slips may leave where a value stood."""


def mutated(lines: list[str], how: str, at: int, scalar: str) -> list[str]:
    line = lines[at]
    match how:
        case "delete":
            changed = []
        case "duplicate":
            changed = [line, line]
        case "insert":
            changed = [line[: len(line) // 2] + scalar + line[len(line) // 2 :]]
        case _:
            key, colon, _ = line.rpartition(": ")
            changed = [f"{key}{colon}{scalar}"]
    return [*lines[:at], *changed, *lines[at + 1 :]]


def checked(folder: Path) -> list[Diagnostic] | Catalogue:
    """What `publisher check` does."""
    entries = read_entries(folder)
    found = cross_check(entries)
    if not found:
        found = [*unconfirmed_claims(entries, catalogue_of(entries))]
    return sorted({*found, *prose_reads_well(entries)}) or catalogue_of(entries)


def exists(place: Place, file: Path) -> bool:
    """True if an editor can go to the place; (0, 0) is no place, but a finding about a folder."""
    if file.is_dir():
        return place == (0, 0)
    lines = re.split("\r\n|\r|\n", file.read_bytes().decode("utf-8-sig"))
    line, column = place
    return 1 <= line <= len(lines) and 1 <= column <= len(lines[line - 1]) + 1


MUTATIONS = st.lists(
    st.tuples(
        st.sampled_from(FILES),
        st.sampled_from(["delete", "duplicate", "insert", "change"]),
        st.integers(0, 1000),
        SCALARS,
    ),
    min_size=1,
    max_size=3,
)


@given(MUTATIONS)
@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.too_slow])
def test_no_slip_of_the_hand_is_a_crash(mutations: list[tuple[Path, str, int, str]]) -> None:
    """Whatever is done to good records, there are diagnostics with places, or a catalogue."""
    with tempfile.TemporaryDirectory() as folder:
        guides = Path(shutil.copytree(GOOD, Path(folder) / "guides"))
        for file, how, at, scalar in mutations:
            lines = (guides / file).read_text("utf-8").split("\n")
            text = "\n".join(mutated(lines, how, at % len(lines), scalar))
            (guides / file).write_text(text, "utf-8")
        result = checked(guides)
        if isinstance(result, list):
            lost = [
                each
                for each in result
                if not exists((each.line, each.column), Path(folder, each.file))
            ]
            assert [] == lost
            assert "" not in {each.text for each in result}
        else:
            assert len(result.skills) == 4
