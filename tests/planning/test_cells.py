"""CSV is read as the csv module reads it, with the place of each cell."""

import csv
import io
import itertools
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from publisher.planning.cells import LONGEST, CellLine, CellReader, numbered_lines
from publisher.records.diagnostics import Place

Found = tuple[str, Place]

DELIMITERS = st.sampled_from([",", ";", "\t"])
SIGNS = st.text('ab,;\t "\r\n', max_size=25)
"""Texts of little else than what has a meaning in CSV."""

many = settings(max_examples=300, deadline=None)


def lines_of(text: str, delimiter: str = ",") -> list[CellLine]:
    return list(CellReader([text], delimiter).lines())


def cells_of(text: str, delimiter: str = ",") -> list[list[str]]:
    """The cells as the csv module gives them; it has none in a line without any character."""
    lines = [[cell.text for cell in line.cells] for line in lines_of(text, delimiter)]
    return [[] if line == [""] else line for line in lines]


def by_the_csv_module(text: str, delimiter: str) -> list[list[str]]:
    stream = io.StringIO(text, newline="")
    lines = csv.reader(stream, delimiter=delimiter, strict=True)
    return [[] if line == [""] else line for line in lines]


def faults_of(text: str, delimiter: str = ",") -> list[Found]:
    cells = (cell for line in lines_of(text, delimiter) for cell in line.cells)
    return [(cell.fault, cell.place) for cell in cells if cell.fault]


@many
@given(
    st.lists(st.lists(st.text(max_size=8) | SIGNS, min_size=1, max_size=4), max_size=5),
    DELIMITERS,
    # Some versions of the module put no quotes around a break that is not their line end.
    st.sampled_from([("\r\n", csv.QUOTE_MINIMAL), ("\n", csv.QUOTE_ALL), ("\r", csv.QUOTE_ALL)]),
)
def test_what_the_csv_module_writes_is_read(
    rows: list[list[str]], delimiter: str, form: tuple[str, int]
) -> None:
    stream = io.StringIO(newline="")
    ending, quoting = form
    writer = csv.writer(stream, delimiter=delimiter, lineterminator=ending, quoting=quoting)
    writer.writerows(rows)
    text = stream.getvalue()
    assert [[] if row == [""] else row for row in rows] == cells_of(text, delimiter)
    assert [] == faults_of(text, delimiter)


@many
@given(SIGNS, DELIMITERS)
def test_whatever_is_read_is_read_as_the_csv_module_does(text: str, delimiter: str) -> None:
    """Where the module refuses a text, so do we; we also refuse a quote inside a bare cell."""
    faulty = any(cell.fault for line in lines_of(text, delimiter) for cell in line.cells)
    if not faulty:
        assert by_the_csv_module(text, delimiter) == cells_of(text, delimiter)
    assert not faulty or '"' in text


@many
@given(SIGNS)
def test_each_cell_stands_where_it_is_said_to(text: str) -> None:
    lines = re.split("\r\n|\r|\n", text)
    for line in lines_of(text):
        for cell in line.cells:
            row, column = cell.place
            rest = lines[row - 1][column - 1 :]
            first = cell.text.replace('"', '""') if rest.startswith('"') else cell.text
            first = re.split("\r\n|\r|\n", first)[0]
            assert rest.startswith(cell.text if cell.fault else (first, f'"{first}'))
            assert column == 1 or lines[row - 1][column - 2] in (",", '"')


@many
@given(st.text("a\r\n", max_size=20))
def test_lines_have_the_numbers_of_an_editor(text: str) -> None:
    lines = re.split("\r\n|\r|\n", text)
    lines = lines[:-1] if lines[-1] == "" else lines
    assert list(enumerate(lines, start=1)) == list(numbered_lines([text]))
    assert lines == [line.cells[0].text for line in lines_of(text)]


def parted(text: str, size: int) -> list[str]:
    """Pieces of about `size` characters, none of which ends inside a line end."""
    return re.findall(rf"(?s)(?:\r\n|.){{1,{size}}}", text)


@many
@given(st.text('a,"\r\n', max_size=40), st.integers(1, 5), st.integers(3, 12))
def test_pieces_are_read_as_the_whole(text: str, size: int, longest: int) -> None:
    """Even if a line is longer than a piece, or than lines may be."""
    whole = list(CellReader([text], ",", longest).lines())
    assert whole == list(CellReader(parted(text, size), ",", longest).lines())
    lines = [(number, line[: longest + 1]) for number, line in numbered_lines([text])]
    assert lines == list(numbered_lines(parted(text, size), longest))


def test_no_more_than_a_line_is_held() -> None:
    """A text without an end is read line by line."""
    reader = CellReader(itertools.repeat("a,b\n" * 1000), ",")
    for _ in itertools.islice(reader.lines(), 100_000):
        assert len(reader.text) < 2 * LONGEST
    line = next(numbered_lines(itertools.chain(["a" * LONGEST] * 3, ["\n"])))
    assert (1, LONGEST + 1) == (line[0], len(line[1]))


def test_a_cell_after_a_quoted_line_break_has_its_own_line() -> None:
    (line,) = lines_of('Ada,"a ""b""\r\nc\rd\ne", f,g')
    assert [
        ("Ada", (1, 1)), ('a "b"\r\nc\rd\ne', (1, 5)), (" f", (4, 4)), ("g", (4, 7)),
    ] == [(cell.text, cell.place) for cell in line.cells]  # fmt: skip


def test_columns_count_characters() -> None:
    (line,) = lines_of("ü😀,b\n")
    assert (1, 4) == line.cells[1].place


@pytest.mark.parametrize(
    ("text", "faults"),
    [
        ('a,"b\nc,d\n', [("a quote is not closed", (1, 3))]),
        ('a,b"c"\nd', [("a quote stands inside a cell that does not begin with one", (1, 3))]),
        ('"a"b,"c"d\n', [("text follows the closing quote", (1, 1)),
                         ("text follows the closing quote", (1, 6))]),
        ('"a,b\nc\n"d",e\n', [("text follows the closing quote in line 3", (1, 1))]),
        ('"', [("a quote is not closed", (1, 1))]),
        ('"""', [("a quote is not closed", (1, 1))]),
        ('a,"b"" c\n"d"', [("text follows the closing quote in line 2", (1, 3))]),
    ],
)  # fmt: skip
def test_wrong_quotes_are_found_where_their_cell_begins(text: str, faults: list[Found]) -> None:
    assert faults == faults_of(text)


def test_after_a_quote_left_open_reading_goes_on_in_the_next_line() -> None:
    texts = cells_of('a,b\n"c,d\ne,f\n"g",h\n"i,j\nk\n')
    assert [["a", "b"], ['"c,d'], ["e", "f"], ["g", "h"], ['"i,j'], ["k"]] == texts


def test_a_quote_that_closes_far_below_costs_one_line_too() -> None:
    lines = lines_of('"a\n' + f"{'b' * 999}\n" * 100 + 'c",d\n')
    assert 102 == len(lines)
    assert ("a quote is not closed", (1, 1)) == (lines[0].cells[0].fault, lines[0].place)


@pytest.mark.parametrize("line", ['"a\n', '"a\n""b\n', '"a\nb"c\n'])
def test_thousands_of_quotes_left_open_are_all_found(line: str) -> None:
    """Nothing grows with the number of those before them, or this would hardly end."""
    assert len(faults_of(line * 30_000)) >= 15_000


def test_a_line_may_have_so_many_characters_and_no_more() -> None:
    assert [False, False] == [line.too_long for line in lines_of(f"{'a' * LONGEST}\nb")]
    assert [True, False] == [line.too_long for line in lines_of(f"{'a' * LONGEST}c\nb")]


def test_a_line_with_quoted_breaks_may_have_no_more_either() -> None:
    cell = f'"{"a" * 60_000}\n",'
    first, second, third = lines_of(f"{cell}{'b' * 60_000}\nc\nd")
    assert (first.too_long, first.cells) == (True, ())
    assert [(3, 1), (4, 1)] == [second.place, third.place]


def test_a_million_cells_in_a_line_are_not_kept() -> None:
    (line,) = lines_of("," * 1_000_000)
    assert (True, ()) == (line.too_long, line.cells)
