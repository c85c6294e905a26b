"""What holds for every reader whatsoever."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from publisher.planning.plan import Plan, plan
from publisher.planning.reader import Reader, reader_problems
from publisher.records.catalogue import Catalogue, load_catalogue
from publisher.settings import Settings

CATALOGUE: Catalogue = load_catalogue(Settings().guides)
SKILLS = sorted(CATALOGUE.skills)
MODULES = sorted(CATALOGUE.modules)

READERS = st.builds(
    Reader,
    background=st.sampled_from(sorted(CATALOGUE.careers["vector-database-engineer"].paths)),
    track=st.sampled_from(["platform", "engine"]),
    hours_per_week=st.integers(2, 160).map(lambda halves: halves / 2),
    start=st.dates(date(2026, 1, 1), date(2030, 12, 31)),
    skills=st.dictionaries(st.sampled_from(SKILLS), st.integers(0, 4), max_size=39),
    done=st.lists(st.sampled_from(MODULES), max_size=10, unique=True).map(tuple),
    pauses=st.lists(st.dates(date(2026, 1, 1), date(2032, 1, 1)), max_size=5).map(tuple),
)

many = settings(max_examples=150, deadline=None)


def made(reader: Reader) -> Plan:
    assert [] == list(reader_problems(reader, CATALOGUE))
    return plan(reader, CATALOGUE)


@many
@given(READERS)
def test_nothing_comes_before_what_it_requires(reader: Reader) -> None:
    order = [module.slug for module in made(reader).modules]
    for position, slug in enumerate(order):
        later = set(order[position:])
        assert not later & set(CATALOGUE.modules[slug].requires)


@many
@given(READERS)
def test_required_levels_are_there_when_a_module_begins(reader: Reader) -> None:
    """A module's own steps begin at or below the level that the reader has by then."""
    result = made(reader)
    levels = dict(result.here.levels)
    for module in result.modules:
        for gain in module.need.gains:
            assert levels.get(gain.skill, 0) >= gain.start
            levels[gain.skill] = max(levels.get(gain.skill, 0), gain.to)


@many
@given(READERS)
def test_the_gap_is_closed_at_the_end(reader: Reader) -> None:
    assert () == made(reader).unreachable


@many
@given(READERS)
def test_no_week_asks_for_more_than_the_reader_has(reader: Reader) -> None:
    result = made(reader)
    for week in result.weeks:
        assert week.hours <= result.here.hours_per_week
        assert (week.kind == "study") == (week.hours > 0)


@many
@given(READERS)
def test_every_hour_of_the_plan_stands_in_a_week(reader: Reader) -> None:
    result = made(reader)
    placed: dict[str, float] = {}
    for week in result.weeks:
        for share in week.shares:
            placed[share.module] = placed.get(share.module, 0) + share.hours
    assert {module.slug: module.hours for module in result.modules} == pytest.approx(placed)


@many
@given(READERS)
def test_weeks_follow_each_other_without_a_hole(reader: Reader) -> None:
    weeks = made(reader).weeks
    for earlier, later in pairwise(weeks):
        assert earlier.starts + timedelta(days=7) == later.starts
        assert earlier.number + 1 == later.number


@many
@given(READERS)
def test_free_weeks_are_free(reader: Reader) -> None:
    for week in made(reader).weeks:
        if any(week.starts <= pause <= week.ends for pause in reader.pauses):
            assert week.kind == "free"


@many
@given(READERS, st.integers(1, 60))
def test_more_hours_never_finish_later(reader: Reader, more: int) -> None:
    hours = min(80.0, (reader.hours_per_week or 0) + more / 2)
    faster = reader.model_copy(update={"hours_per_week": hours})
    assert made(faster).finish <= made(reader).finish


@many
@given(READERS, st.sampled_from(SKILLS))
def test_knowing_more_never_takes_longer(reader: Reader, skill: str) -> None:
    level = made(reader).here.levels.get(skill, 0)
    wiser = reader.model_copy(update={"skills": {**reader.skills, skill: min(4, level + 1)}})
    assert made(wiser).hours <= made(reader).hours
    assert made(wiser).finish <= made(reader).finish


@many
@given(READERS, st.sampled_from(MODULES))
def test_finishing_a_module_never_takes_longer(reader: Reader, module: str) -> None:
    further = reader.model_copy(update={"done": (*reader.done, module)})
    assert made(further).hours <= made(reader).hours
    assert module not in {each.slug for each in made(further).modules}


@many
@given(READERS, st.integers(1, 1500))
def test_a_deadline_answer_is_true(reader: Reader, days: int) -> None:
    """Whatever the answer proposes does make the plan fit."""
    assert reader.start is not None
    day = reader.start + timedelta(days=days)
    dated = reader.model_copy(update={"deadline": day})
    answer = made(dated).deadline
    assert answer is not None
    assert answer.fits == (made(reader).finish <= day)
    if answer.hours_per_week:
        enough = reader.model_copy(update={"hours_per_week": answer.hours_per_week})
        less = reader.model_copy(update={"hours_per_week": answer.hours_per_week - 0.5})
        assert made(enough).finish <= day
        assert made(less).finish > day
    if answer.track:
        assert made(reader.model_copy(update={"track": answer.track})).finish <= day


@many
@given(READERS)
def test_the_same_reader_gets_the_same_plan(reader: Reader) -> None:
    assert made(reader) == made(reader)
