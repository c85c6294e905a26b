"""Ranges of bytes, merged as a set of numbers would be."""

from hypothesis import given
from hypothesis import strategies as st

from publisher.delivery.web.served import MOST_RANGES, Served

RANGES = st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)))


def merged(ranges: list[tuple[int, int]]) -> Served:
    served = Served()
    for first, end in ranges:
        served = served.with_range(first, end)
    return served


@given(RANGES)
def test_it_holds_the_bytes_that_were_added_and_no_others(ranges: list[tuple[int, int]]) -> None:
    expected = {byte for first, end in ranges for byte in range(first, end)}
    served = merged(ranges)
    assert expected == {byte for first, end in served.ranges for byte in range(first, end)}
    assert all(end < first for (_, end), (first, _) in zip(served.ranges, served.ranges[1:]))  # noqa: B905  # pairs
    assert served == Served.of(served.packed)


@given(RANGES, st.integers(0, 40))
def test_a_file_is_covered_when_none_of_its_bytes_is_missing(
    ranges: list[tuple[int, int]], size: int
) -> None:
    inside = [(min(first, size), min(end, size)) for first, end in ranges]
    expected = {byte for first, end in inside for byte in range(first, end)} == set(range(size))
    assert expected == merged(inside).covers(size)


def test_what_is_torn_to_pieces_takes_no_more_room() -> None:
    served = merged([(2 * n, 2 * n + 1) for n in range(MOST_RANGES + 100)])
    assert MOST_RANGES == len(served.ranges)
    assert served.with_range(0, 5000).covers(5000)
