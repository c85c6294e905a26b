"""What a reader's files are called."""

import unicodedata
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from publisher.planning.out_names import default_out_name, same_file_key
from publisher.planning.reader import LONGEST_NAME, Name, Reader
from publisher.planning.readers import Line, clashes
from publisher.records.catalogue import Catalogue

PLAIN = "vector-database-engineer-for-software-engineer"


def accepted(name: str) -> bool:
    try:
        TypeAdapter(Name).validate_python(name)
    except ValidationError:
        return False
    return True


NAMES = st.text(min_size=1, max_size=LONGEST_NAME).filter(accepted)


def reader(name: str | None) -> Reader:
    return Reader(background="software-engineer", name=name)


def part(name: str, catalogue: Catalogue) -> str:
    """What a name adds to the name of the files."""
    out_name = default_out_name(reader(name), catalogue)
    assert out_name.startswith(PLAIN)
    return out_name.removeprefix(PLAIN)


@pytest.mark.parametrize(
    ("name", "added"),
    [
        ("Ada Lovelace", "-ada-lovelace"),
        ("Jean-Luc  d'Arc, Jr.", "-jean-luc-d-arc-jr"),
        ("J\u00fcrgen", "-j\u00fcrgen"),
        ("Ju\u0308rgen", "-j\u00fcrgen"),
        ("(Ada) 2nd_time!", "-ada-2nd-time"),
        ("\u0130rem", "-i\u0307rem"),
        ("李小龍", "-李小龍"),
        ("नेहा शर्मा", "-नेहा-शर्मा"),
        ("محمّد", "-محمّد"),
        ("٣", "-٣"),
        ("=cmd|' /C calc'!A0", "-cmd-c-calc-a0"),
        ("../../etc/passwd", "-etc-passwd"),
        ("Ada ☃\ufe0f Byron", "-ada-byron"),
        ("☃\ufe0f", ""),
        ("\u0301\u0301", ""),
        ("...", ""),
        ("x" * 120, "-" + "x" * 80),
        ("(" + "x" * 90, "-" + "x" * 80),
        ("x" * 79 + " y", "-" + "x" * 79),
        ("x" * 79 + "e\u0323\u0308", "-" + "x" * 79),  # ẹ̈ is composed of two at least
        ("x" * 78 + "e\u0323\u0308", "-" + "x" * 78 + "\u1eb9\u0308"),
    ],
)
def test_name_is_written_in_letters_and_digits(name: str, added: str, catalogue: Catalogue) -> None:
    assert added == part(name, catalogue)


def test_without_a_name_it_is_career_and_background(catalogue: Catalogue) -> None:
    assert PLAIN == default_out_name(reader(None), catalogue)
    stated = Reader(background="software-engineer", career="vector-database-engineer")
    assert PLAIN == default_out_name(stated, catalogue)


def test_a_long_name_in_long_letters_fits_a_file_system(catalogue: Catalogue) -> None:
    """They allow 255 bytes, suffix included; Thai has three bytes a letter."""
    out_name = default_out_name(reader("ส" * LONGEST_NAME), catalogue)
    assert 235 < len(out_name.encode()) <= 240


@settings(max_examples=200, deadline=None)
@given(NAMES)
def test_any_name_makes_a_name_of_files(catalogue: Catalogue, name: str) -> None:
    out_name = default_out_name(reader(name), catalogue)
    added = part(name, catalogue)
    assert added == "" or added.startswith("-")
    assert unicodedata.is_normalized("NFC", out_name)
    kinds = {unicodedata.category(character) for character in added if character != "-"}
    assert all(kind[0] in "LM" or kind == "Nd" for kind in kinds)
    assert "--" not in out_name
    assert not out_name.endswith("-")
    assert len(added) <= 81
    assert not any(
        before == "-" and unicodedata.category(after)[0] == "M" for before, after in pairwise(added)
    )


def lines(*names: str) -> list[Line]:
    return [Line(number, reader(None), name, "r.csv") for number, name in enumerate(names, start=2)]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ada", "ada"), ("ada", "Ada"), ("j\u00fcrgen", "ju\u0308rgen"), ("STRASSE", "straße"),
        ("Σίσυφος", "σίσυφοσ"), ("\u1eb9\u0308", "e\u0323\u0308"),
    ],
)  # fmt: skip
def test_names_that_a_file_system_takes_for_one_clash(one: str, other: str) -> None:
    (found,) = clashes(lines(one, "another", other))
    assert f"r.csv:4:1: L402 the files would be called {other!r}, as those of line 2" in str(found)
    assert "out_name" in found.hint


@pytest.mark.parametrize(("one", "other"), [("ada", "ada-"), ("jurgen", "j\u00fcrgen"), ("a", "а")])
def test_other_names_do_not_clash(one: str, other: str) -> None:
    assert () == clashes(lines(one, other))


def test_each_later_line_names_the_first() -> None:
    found = clashes(lines("a", "b", "A", "b", "a"))
    assert [(4, "2"), (5, "3"), (6, "2")] == [(each.line, each.text[-1]) for each in found]


@given(st.text())
def test_the_form_of_a_name_does_not_matter(name: str) -> None:
    composed = unicodedata.normalize("NFC", name)
    decomposed = unicodedata.normalize("NFD", name)
    keys = {same_file_key(form) for form in (name, composed, decomposed, composed.casefold())}
    assert 1 == len(keys)
