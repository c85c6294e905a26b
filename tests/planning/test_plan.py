"""Plans of particular readers, and what they are told."""

from datetime import date

import pytest

from publisher.planning.advice import advice_for
from publisher.planning.effort import Months, months_for, study_weeks_for, weeks_for
from publisher.planning.export import plan_data, plan_json, reader_from_json
from publisher.planning.plan import plan
from publisher.planning.reader import Reader, reader_problems
from publisher.planning.situation import monday_after
from publisher.records.catalogue import Catalogue

ADA = Reader(background="software-engineer", hours_per_week=8.0, start=date(2027, 1, 4))


def test_a_path_keeps_its_headline(catalogue: Catalogue) -> None:
    for background, months in (("software-engineer", 8), ("frontend-developer", 9)):
        assert months == plan(Reader(background=background), catalogue).months.likely
        engine = Reader(background=background, track="engine")
        path = catalogue.careers["vector-database-engineer"].paths[background]
        assert path.headline.months["engine"] == plan(engine, catalogue).months.likely


@pytest.mark.parametrize(
    ("hours", "per_week", "weeks", "months"),
    [
        (279.5, 10, 31, Months(6, 8, 9)),
        (348, 10, 39, Months(7, 9, 12)),
        (10, 10, 2, Months(1, 1, 1)),
        (0, 10, 0, Months(0, 0, 0)),
    ],
)
def test_effort_has_a_buffer_and_a_range(
    hours: float, per_week: float, weeks: int, months: Months
) -> None:
    assert weeks == weeks_for(hours, per_week)
    assert months == months_for(hours, per_week)
    assert study_weeks_for(hours, per_week) <= weeks


def test_without_a_start_the_edition_gives_the_date(catalogue: Catalogue) -> None:
    start = plan(Reader(background="software-engineer"), catalogue).here.start
    assert monday_after(catalogue.publication.date) == start
    assert start.weekday() == 0


def test_stated_levels_replace_typical_ones(catalogue: Catalogue) -> None:
    reader = ADA.model_copy(update={"skills": {"hnsw": 2}})
    rows = {row.skill: row for row in plan(reader, catalogue).gap.rows}
    assert (2, "stated", 0) == (rows["hnsw"].have, rows["hnsw"].known, rows["hnsw"].missing)
    assert "typical" == rows["ivf"].known
    assert "hnsw-tuning" not in {m.slug for m in plan(reader, catalogue).modules}


def test_a_module_done_is_not_planned_again(catalogue: Catalogue) -> None:
    reader = ADA.model_copy(update={"done": ("embeddings-basics",)})
    again = plan(reader, catalogue)
    assert "embeddings-basics" not in {module.slug for module in again.modules}
    assert "done" == next(row for row in again.gap.rows if row.skill == "embeddings").known


def test_knowing_everything_leaves_the_proof(catalogue: Catalogue) -> None:
    """The milestones remain: nothing is left to learn, but something to show."""
    reader = ADA.model_copy(update={"skills": dict.fromkeys(catalogue.skills, 4)})
    done = plan(reader, catalogue)
    track = done.here.records.career.tracks[done.here.track]
    assert set(track.milestones) == {module.slug for module in done.modules}
    assert 1.0 == done.gap.readiness


def test_nothing_left_at_all_is_an_empty_plan(catalogue: Catalogue) -> None:
    everything = {"done": tuple(catalogue.modules), "skills": dict.fromkeys(catalogue.skills, 4)}
    empty = plan(ADA.model_copy(update=everything), catalogue)
    assert ((), (), 0) == (empty.modules, empty.weeks, empty.hours)
    assert ADA.start == empty.finish


def test_an_unreachable_skill_is_named(catalogue: Catalogue) -> None:
    """A skill that no module raises does not break a plan; the plan says so."""
    modules = {s: m for s, m in catalogue.modules.items() if "hnsw" not in m.teaches}
    career = catalogue.careers["vector-database-engineer"]
    phases = tuple(
        phase.model_copy(update={"modules": tuple(s for s in phase.modules if s in modules)})
        for phase in career.career.phases
    )
    shorter = type(career)(
        slug=career.slug,
        career=career.career.model_copy(update={"phases": phases}),
        paths=career.paths,
        projects=career.projects,
        interview=career.interview,
        advice=career.advice,
    )
    poorer = type(catalogue)(
        **{
            **{name: getattr(catalogue, name) for name in catalogue.__dataclass_fields__},
            "modules": modules,
            "careers": {career.slug: shorter},
        }
    )
    assert ("hnsw",) == plan(ADA, poorer).unreachable


def test_the_year_turns_in_a_break(catalogue: Catalogue) -> None:
    """Weeks that touch the days between Christmas and New Year are free."""
    reader = ADA.model_copy(update={"start": date(2026, 12, 7)})
    free = [week for week in plan(reader, catalogue).weeks if week.kind == "free"]
    assert [date(2026, 12, 21), date(2026, 12, 28)] == [week.starts for week in free]
    assert {"Year's end"} == {week.note for week in free}


def test_advice_answers_to_the_plan(catalogue: Catalogue) -> None:
    """Rules for few hours speak to somebody with few hours, and to nobody else."""
    slow = plan(ADA.model_copy(update={"hours_per_week": 3.0}), catalogue)
    fast = plan(ADA.model_copy(update={"hours_per_week": 12.0}), catalogue)
    few_hours = {r.title for r in advice_for(slow) if r.when.hours_per_week_under is not None}
    assert few_hours
    assert not few_hours & {rule.title for rule in advice_for(fast)}


def test_a_plan_in_json_gives_its_reader_back(catalogue: Catalogue) -> None:
    reader = ADA.model_copy(
        update={"name": "Ada {{ 7*7 }} <b>", "done": ("hnsw-tuning",), "skills": {"python": 4}}
    )
    assert reader == reader_from_json(plan_json(plan(reader, catalogue)))


@pytest.mark.parametrize("text", ["[]", "{}", '{"format": "other"}', "not json"])
def test_other_json_is_no_plan(text: str) -> None:
    with pytest.raises(ValueError, match=r"plan|JSON|Expecting"):
        reader_from_json(text)


def test_json_adds_up(catalogue: Catalogue) -> None:
    data = plan_data(plan(ADA, catalogue))
    placed = sum(share["hours"] for week in data["weeks"] for share in week["modules"])
    assert data["hours"] == placed == sum(module["hours"] for module in data["modules"])


@pytest.mark.parametrize(
    ("change", "field", "words"),
    [
        ({"background": "sofware-engineer"}, "background", "did you mean 'software-engineer'?"),
        ({"career": "vector-databse-engineer"}, "career", "did you mean 'vector-database-"),
        ({"track": "plattform"}, "track", "did you mean 'platform'?"),
        ({"skills": {"pyton": 3}}, "skill", "did you mean 'python'?"),
        ({"done": ("hnsw-tunning",)}, "done", "did you mean 'hnsw-tuning'?"),
        ({"start": date(9999, 12, 30)}, "start", "between 1970 and 2200"),
        ({"deadline": date(2026, 1, 1)}, "deadline", "after the start"),
    ],
)
def test_problems_name_the_field_and_the_remedy(
    change: dict[str, object], field: str, words: str, catalogue: Catalogue
) -> None:
    (found,) = reader_problems(ADA.model_copy(update=change), catalogue)
    assert field == found[0]
    assert words in found[2]
