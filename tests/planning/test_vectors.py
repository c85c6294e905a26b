"""The rule gives the numbers that were worked out for it before there was any code.

vectors.json holds thirteen backgrounds on two tracks at ten hours a week: levels, charged hours of
each module, total, weeks, months and readiness, from the career's fact sheet (section 2.3).
"""

import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from publisher.planning.effort import weeks_for
from publisher.planning.plan import plan_for
from publisher.planning.reader import Reader
from publisher.planning.situation import situation
from publisher.records.catalogue import Catalogue

VECTORS: dict[str, Any] = json.loads(Path(__file__).with_name("vectors.json").read_text("utf-8"))

CASES = [(name, track) for name in VECTORS for track in ("platform", "engine")]


@pytest.mark.parametrize(("name", "track"), CASES)
def test_plan_has_the_expected_hours(name: str, track: str, catalogue: Catalogue) -> None:
    reader = Reader(background="software-engineer", start=date(2027, 1, 4))
    here = situation(reader, catalogue)
    levels = VECTORS[name]["levels"]
    made = plan_for(replace(here, track=track, hours_per_week=10.0, levels=levels))
    expected = VECTORS[name]["expected"][track]
    assert expected["modules"] == {m.slug: m.hours for m in made.modules if m.need.gains}
    assert expected["hours"] == made.hours
    assert expected["weeks"] == weeks_for(made.hours, 10)
    assert expected["months"] == made.months.likely
    assert expected["readiness"] == round(100 * made.gap.readiness)
    assert () == made.unreachable
