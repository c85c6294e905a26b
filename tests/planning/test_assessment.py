"""What the assessment says: of any answers whatsoever, and of particular ones."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from publisher.planning.answers import Answers, answer_problems
from publisher.planning.assessment import Result, assess
from publisher.planning.assessment_export import reader_yaml, result_data, result_json
from publisher.planning.fit import Fit
from publisher.planning.gap import gap
from publisher.planning.plan import plan
from publisher.planning.questions import AnswerError, answers_from, questions
from publisher.planning.reader import Reader, reader_problems
from publisher.planning.self_rating import rated_levels, usual_level
from publisher.records.catalogue import Catalogue, load_catalogue
from publisher.records.models.assessment import UNSURE, Assessment
from publisher.records.tree import read_tree
from publisher.settings import Settings

CATALOGUE: Catalogue = load_catalogue(Settings().guides)
assert CATALOGUE.assessment is not None
ASSESSMENT: Assessment = CATALOGUE.assessment

LEVELS = st.integers(0, 4)
DAYS = st.dates(date(2026, 1, 1), date(2030, 1, 1))

ANSWERS = st.builds(
    Answers,
    background=st.none() | st.sampled_from(sorted(CATALOGUE.backgrounds)),
    scales=st.dictionaries(st.sampled_from(sorted(ASSESSMENT.scales)), LEVELS),
    tasks=st.fixed_dictionaries(
        {},
        optional={
            slug: st.sampled_from([*task.options, UNSURE])
            for slug, task in ASSESSMENT.tasks.items()
        },
    ),
    groups=st.dictionaries(st.sampled_from(sorted(CATALOGUE.groups)), LEVELS),
    skills=st.dictionaries(st.sampled_from(sorted(CATALOGUE.skills)), LEVELS, max_size=5),
    hours_per_week=st.none() | st.integers(2, 160).map(lambda halves: halves / 2),
    start=st.none() | DAYS,
    goal=st.none() | st.sampled_from(sorted(ASSESSMENT.goal.options)),
)

FULL = Answers(
    background="software-engineer",
    scales={
        "slow-page": 4, "hard-paper": 3, "parts-for-others": 2, "messy-data": 3,
        "third-result": 1, "measure-first": 4, "almost-right": 2, "long-problem": 3, "on-call": 1,
    },
    tasks={
        "unit-vectors": "half", "filter-after": "two", "three-shards": UNSURE,
        "chance-agreement": "eighty-two",
    },
    goal="run-vector-engines",
    hours_per_week=10.0,
    start=date(2027, 1, 4),
)  # fmt: skip
"""All that is asked, but for the skills."""

many = settings(max_examples=30, deadline=None)


def fits(result: Result) -> Mapping[tuple[str, str], Fit]:
    """Career and track to the fit, in any order."""
    return {(each.career, each.track): each for each in (result.fit, *result.others)}


def but(**changes: Any) -> Answers:
    """The full answers with others in their place."""
    return FULL.model_copy(update=changes)


def score_of(result: Result, dimension: str) -> int | None:
    """The score of one dimension of the fit."""
    return next(d.score for d in result.fit.dimensions if d.dimension == dimension)


# Of any answers


@many
@given(ANSWERS)
def test_every_dimension_has_a_reason(answers: Answers) -> None:
    """There is no verdict without reasons, whatever is left open."""
    for fit in fits(assess(answers, CATALOGUE)).values():
        assert ["interest", "style", "aptitude", "skills"] == [d.dimension for d in fit.dimensions]
        for dimension in fit.dimensions:
            assert dimension.reasons
            assert all(reason.strip() for reason in dimension.reasons)


@many
@given(ANSWERS)
def test_a_score_lies_between_its_bounds(answers: Answers) -> None:
    for fit in fits(assess(answers, CATALOGUE)).values():
        for each in (fit, *fit.dimensions):
            assert 0 <= each.low <= each.high <= 100
            assert each.score is None or each.low <= each.score <= each.high
        assert (fit.band is None) == (fit.score is None)


@many
@given(ANSWERS, st.sampled_from(sorted(CATALOGUE.groups)))
def test_a_higher_rating_never_lowers_the_skill_score(answers: Answers, group: str) -> None:
    rating = answers.groups.get(group, 0)
    groups = {**answers.groups, group: rating}
    before = assess(answers.model_copy(update={"groups": groups}), CATALOGUE)
    higher = {**groups, group: min(4, rating + 1)}
    after = assess(answers.model_copy(update={"groups": higher}), CATALOGUE)
    assert_no_skill_score_falls(before, after)


@many
@given(ANSWERS, st.sampled_from(sorted(CATALOGUE.skills)))
def test_more_of_one_skill_never_lowers_the_skill_score(answers: Answers, skill: str) -> None:
    level = answers.skills.get(skill, 0)
    skills = {**answers.skills, skill: level}
    before = assess(answers.model_copy(update={"skills": skills}), CATALOGUE)
    wiser = {**skills, skill: min(4, level + 1)}
    after = assess(answers.model_copy(update={"skills": wiser}), CATALOGUE)
    assert_no_skill_score_falls(before, after)


def assert_no_skill_score_falls(before: Result, after: Result) -> None:
    earlier = fits(before)
    for key, fit in fits(after).items():
        skills, skills_before = fit.dimensions[-1], earlier[key].dimensions[-1]
        assert (skills_before.score or 0) <= (skills.score or 0)


@many
@given(ANSWERS, st.sampled_from(sorted(ASSESSMENT.scales)))
def test_liking_it_more_never_lowers_a_score(answers: Answers, slug: str) -> None:
    level = answers.scales.get(slug, 0)
    before, after = (
        fits(assess(answers.model_copy(update={"scales": {**answers.scales, slug: n}}), CATALOGUE))
        for n in (level, min(4, level + 1))
    )
    for key, fit in after.items():
        assert (before[key].score or 0) <= (fit.score or 0)


@many
@given(ANSWERS, st.randoms(use_true_random=False))
def test_the_order_of_answers_does_not_matter(answers: Answers, random: Any) -> None:
    shuffled = {}
    for field in ("scales", "tasks", "groups", "skills"):
        entries = list(getattr(answers, field).items())
        random.shuffle(entries)
        shuffled[field] = dict(entries)
    other = answers.model_copy(update=shuffled)
    assert result_json(assess(answers, CATALOGUE)) == result_json(assess(other, CATALOGUE))


@many
@given(ANSWERS, st.data())
def test_an_open_question_never_makes_it_more_certain(answers: Answers, data: Any) -> None:
    given_ = [("scales", s) for s in answers.scales] + [("tasks", s) for s in answers.tasks]
    if not given_:
        return
    field, slug = data.draw(st.sampled_from(given_))
    fewer = {s: v for s, v in getattr(answers, field).items() if s != slug}
    before = fits(assess(answers, CATALOGUE))
    opened = assess(answers.model_copy(update={field: fewer}), CATALOGUE)
    assert answers.given(ASSESSMENT) - 1 == opened.answered
    for key, fit in fits(opened).items():
        assert fit.low <= before[key].low
        assert fit.high >= before[key].high


@many
@given(ANSWERS)
def test_the_reader_has_the_plan_that_the_result_shows(answers: Answers) -> None:
    """What `publisher guide --reader` reads gives the months that were promised."""
    result = assess(answers, CATALOGUE)
    made = result.recommendation
    assert (made is None) == (answers.background is None and not answers.groups | answers.skills)
    if made:
        reader = Reader.model_validate(read_tree(reader_yaml(made.reader)).data)
        assert made.reader == reader
        assert [] == list(reader_problems(reader, CATALOGUE))
        assert made.plan.hours == plan(reader, CATALOGUE).hours
        assert dict(result.fit.here.targets) == dict(made.plan.here.targets)
        assert made.plan.gap.readiness == gap(result.fit.here).readiness


@many
@given(ANSWERS)
def test_what_shortens_a_plan_does(answers: Answers) -> None:
    made = assess(answers, CATALOGUE).recommendation
    for shortcut in made.shortcuts if made else ():
        assert (shortcut.months, shortcut.hours) <= (made.plan.months.likely, made.plan.hours)
        assert shortcut.months < made.plan.months.likely or shortcut.hours < made.plan.hours


@many
@given(ANSWERS)
def test_only_what_fits_better_is_named_as_such(answers: Answers) -> None:
    result = assess(answers, CATALOGUE)
    for each in result.neighbours:
        assert each.why
        if each.score is not None:
            assert each.score >= (result.fit.score or 0) + ASSESSMENT.thresholds.better_by
    if answers.goal is None and result.fit.score is not None:
        assert all((each.score or 0) <= result.fit.score for each in result.others)


# Of the numbers


def test_the_score_is_that_of_the_fact_sheet() -> None:
    """Fit = 100 × (0.40 I + 0.25 S + 0.20 T + 0.15 R), each a mean of answers of 0 to 4 (8.3)."""
    result = assess(FULL, CATALOGUE)
    interest = Fraction(4 + 3 + 2 + 3, 16)
    style = Fraction(4 + 2 + 3 + 1, 16)
    aptitude = Fraction(4 + 0 + 1, 12)
    readiness = plan(Reader(background="software-engineer"), CATALOGUE).gap.readiness
    fit = 100 * (0.40 * interest + 0.25 * style + 0.20 * aptitude + 0.15 * Fraction(readiness))
    assert int(fit + Fraction(1, 2)) == result.fit.score
    assert (75, 63, 42, 36) == tuple(d.score for d in result.fit.dimensions)


def test_tasks_count_four_one_or_nothing() -> None:
    for option, score in (("half", 100), (UNSURE, 25), ("quarter", 0)):
        assert score == score_of(assess(but(tasks={"unit-vectors": option}), CATALOGUE), "aptitude")


@pytest.mark.parametrize(
    ("level", "band"),
    [(4, "Good fit"), (2, "Fit with conditions"), (0, "Look around first")],
)
def test_bands_follow_the_score(level: int, band: str) -> None:
    scales = dict.fromkeys(ASSESSMENT.scales, level)
    tasks = {slug: task.right for slug, task in ASSESSMENT.tasks.items()}
    found = assess(but(scales=scales, tasks=tasks), CATALOGUE).fit.band
    assert found is not None
    assert band == found.name


def test_what_is_left_out_is_left_out_of_the_mean() -> None:
    some = {"slow-page": 4, "hard-paper": 2}
    result = assess(but(scales=some), CATALOGUE)
    (interest, style, *_) = result.fit.dimensions
    assert (75, 38, 88, 2, 4) == (
        interest.score, interest.low, interest.high, interest.answered, interest.asked,
    )  # fmt: skip
    assert (None, 0, 100) == (style.score, style.low, style.high)
    assert "Nothing is answered yet" in style.reasons[0]
    assert "open" == result.certainty


def test_skills_alone_give_no_score() -> None:
    """Who has only said where they come from is not told that the work is not theirs."""
    result = assess(Answers(background="data-analyst"), CATALOGUE)
    assert (None, None) == (result.fit.score, result.fit.band)
    assert result.recommendation is not None


def test_no_answer_at_all_is_an_answer() -> None:
    result = assess(Answers(), CATALOGUE)
    assert (None, 0, 100) == (result.fit.score, result.fit.low, result.fit.high)
    assert result.recommendation is None
    assert 0 == result.answered
    assert "nothing is known of your skills" in result.fit.dimensions[-1].reasons[0]


# Of levels


def test_a_usual_rating_keeps_the_typical_levels() -> None:
    typical = CATALOGUE.backgrounds["software-engineer"].levels
    groups = {group: usual_level(group, typical, CATALOGUE) for group in CATALOGUE.groups}
    levels, rated = rated_levels(Answers(groups=groups), typical, CATALOGUE)
    assert {skill: typical.get(skill, 0) for skill in CATALOGUE.skills} == levels
    assert CATALOGUE.skills.keys() == rated


@pytest.mark.parametrize(
    ("rating", "python", "linear_algebra"), [(0, 0, 0), (1, 2, 1), (2, 3, 1), (3, 3, 2), (4, 4, 4)]
)
def test_a_rating_moves_a_group(rating: int, python: int, linear_algebra: int) -> None:
    """Usual for foundations is 2, with 3 in Python and 1 in mathematics."""
    typical = CATALOGUE.backgrounds["software-engineer"].levels
    levels, _ = rated_levels(Answers(groups={"foundations": rating}), typical, CATALOGUE)
    assert (python, linear_algebra) == (levels["python"], levels["linear-algebra"])


def test_a_single_skill_wins_over_its_group() -> None:
    made = assess(but(groups={"foundations": 1}, skills={"python": 4}), CATALOGUE).recommendation
    assert made is not None
    assert 4 == made.reader.skills["python"]


# Of what is recommended


def test_a_path_begins_with_its_first_modules() -> None:
    made = assess(FULL, CATALOGUE).recommendation
    assert made is not None
    assert ("software-engineer", "vector-database-engineer", "platform", {}) == (
        made.reader.background, made.reader.career, made.reader.track, made.reader.skills,
    )  # fmt: skip
    assert 8 == made.plan.months.likely
    assert made.plan.modules[:3] == made.first
    assert () == made.notes


def test_without_a_path_the_nearest_is_taken_with_the_own_levels() -> None:
    made = assess(but(background="qa-engineer", goal="order-results"), CATALOGUE).recommendation
    assert made is not None
    records = CATALOGUE.careers["search-relevance-engineer"]
    assert "qa-engineer" not in records.paths
    assert made.reader.background in records.paths
    typical = CATALOGUE.backgrounds["qa-engineer"].levels
    assert {s: typical.get(s, 0) for s in made.reader.skills} == made.reader.skills
    assert "No path from QA Engineer" in made.notes[0]


def test_without_a_background_the_ratings_find_one() -> None:
    """The ratings of a search engineer lead to the path of one."""
    levels = CATALOGUE.backgrounds["search-engineer"].levels
    made = assess(but(background=None, skills=levels), CATALOGUE).recommendation
    assert made is not None
    assert "search-engineer" == made.reader.background
    assert "You named no background" in made.notes[0]


def test_a_deadline_is_answered() -> None:
    made = assess(but(deadline=date(2027, 6, 1)), CATALOGUE).recommendation
    assert made is not None
    assert made.plan.deadline is not None
    assert not made.plan.deadline.fits


def test_rules_point_to_neighbours() -> None:
    scales = {**FULL.scales, "parts-for-others": 0, "messy-data": 4}
    titles = [each.title for each in assess(but(scales=scales), CATALOGUE).neighbours]
    assert "RAG or LLM application engineer" in titles
    assert "RAG or LLM application engineer" not in [
        each.title for each in assess(FULL, CATALOGUE).neighbours
    ]


def test_low_readiness_points_to_a_first_step() -> None:
    titles = [e.title for e in assess(but(background="data-analyst"), CATALOGUE).neighbours]
    assert "Data engineer for AI" in titles
    assert "Data engineer for AI" not in [e.title for e in assess(FULL, CATALOGUE).neighbours]


# Of doubts


def test_equal_answers_are_doubted() -> None:
    remarks = assess(but(scales=dict.fromkeys(ASSESSMENT.scales, 3)), CATALOGUE).remarks
    assert "You chose 3 for all 9 examples" in remarks[0]
    assert () == assess(FULL, CATALOGUE).remarks


def test_a_claim_beside_a_wrong_task_is_doubted() -> None:
    claimed = but(skills={"filtering": 3})
    (remark,) = assess(claimed, CATALOGUE).remarks
    assert "level 3 in Filtered vector search" in remark
    assert "2 may be nearer" in remark
    right = {**FULL.tasks, "filter-after": "less-than-one"}
    assert () == assess(claimed.model_copy(update={"tasks": right}), CATALOGUE).remarks


def test_ratings_like_another_background_are_named() -> None:
    levels = CATALOGUE.backgrounds["search-engineer"].levels
    remarks = assess(but(skills=levels), CATALOGUE).remarks
    assert any("those of Search Engineers than of Software Engineers" in each for each in remarks)


# Of the questions


def test_there_are_twelve_to_eighteen_questions() -> None:
    numbers = [item.number for item in questions(CATALOGUE)]
    assert 12 <= ASSESSMENT.count <= 18
    assert ASSESSMENT.count == numbers[-1]
    assert sorted(numbers) == numbers


def test_a_form_gives_the_answers() -> None:
    fields = {
        "background": "software-engineer", "scales.slow-page": "4", "tasks.unit-vectors": UNSURE,
        "groups.systems": "2", "hours_per_week": " 7.5 ", "start": "2027-01-04", "goal": "",
        "csrf": "x",
    }  # fmt: skip
    assert Answers(
        background="software-engineer",
        scales={"slow-page": 4},
        tasks={"unit-vectors": UNSURE},
        groups={"systems": 2},
        hours_per_week=7.5,
        start=date(2027, 1, 4),
    ) == answers_from(fields, CATALOGUE)


@pytest.mark.parametrize(
    ("field", "value", "word"),
    [
        ("background", "astronaut", "options"),
        ("scales.slow-page", "5", "options"),
        ("tasks.unit-vectors", "0.5", "options"),
        ("hours_per_week", "many", "number"),
        ("hours_per_week", "nan", "at most 80, not nan"),
        ("hours_per_week", "0.2", "at least 1, not 0.2"),
        ("start", "2027-02-30", "day"),
        ("start", "2999-01-01", "out of reach"),
    ],
)
def test_a_form_with_a_mistake_is_refused(field: str, value: str, word: str) -> None:
    with pytest.raises(AnswerError) as refused:
        answers_from({field: value}, CATALOGUE)
    assert [field] == [*refused.value.errors]
    assert word in refused.value.errors[field]


def test_a_form_is_told_of_all_its_mistakes() -> None:
    fields = {"background": "x", "hours_per_week": "99", "start": "soon", "scales.on-call": "4"}
    with pytest.raises(AnswerError) as refused:
        answers_from(fields, CATALOGUE)
    assert {"background", "hours_per_week", "start"} == refused.value.errors.keys()


def test_unknown_words_are_problems() -> None:
    answers = Answers(
        background="astronaut", goal="fly", scales={"height": 1}, groups={"space": 1},
        tasks={"orbit": "round", "unit-vectors": "third"}, skills={"piloting": 1},
        start=date(2027, 1, 4), deadline=date(2027, 1, 4),
    )  # fmt: skip
    problems = answer_problems(answers, CATALOGUE)
    found = [(code, ".".join(map(str, key))) for key, code, *_ in problems]
    assert [
        ("A203", "background"), ("A204", "goal"), ("A201", "scales.height"),
        ("A201", "tasks.orbit"), ("A202", "tasks.unit-vectors"), ("A205", "groups.space"),
        ("A206", "skills.piloting"), ("A301", "deadline"),
    ] == found  # fmt: skip


def test_records_without_an_assessment_are_refused() -> None:
    with pytest.raises(LookupError, match=r"no assessment\.yaml"):
        assess(FULL, replace(CATALOGUE, assessment=None))


def test_the_export_says_it_all() -> None:
    data = result_data(assess(FULL, CATALOGUE))
    assert ("career-guides assessment 1", 17, 18) == (
        data["format"], data["answered"], data["asked"],
    )  # fmt: skip
    assert data["measures"]
    assert data["does_not_measure"]
    assert 3 == len(data["recommendation"]["first_modules"])
    assert 3 == len(data["others"])
