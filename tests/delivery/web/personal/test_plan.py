"""The plan on the page is the plan of the planner, and mistakes are told where they stand."""

import json
import re
from datetime import date
from pathlib import Path

import httpx
import pytest
from icalendar import Calendar

from publisher.planning.export import plan_json
from publisher.planning.plan import plan
from publisher.planning.reader import Reader
from publisher.records.catalogue import load_catalogue
from publisher.rendering.filters import long_date
from tests.delivery.web.personal.forms import PLAN
from tests.delivery.web.personal.test_assessment import text_of
from tests.delivery.web.program import Config
from tests.delivery.web.serving import Web

FULL = {
    **PLAN, "deadline": "2027-03-01", "skill.drawing": "1", "skill.printing": "0",
    "pause": "2027-02-10", "paper": "letter",
}  # fmt: skip

READER = Reader(
    name="Ada Lovelace", career="cartographer", background="surveyor", track="paper",
    hours_per_week=7.5, start=date(2027, 2, 1), deadline=date(2027, 3, 1),
    skills={"drawing": 1, "printing": 0}, pauses=(date(2027, 2, 10),), paper="letter",
)  # fmt: skip


def test_what_is_typed_is_what_is_planned(personal_web: Web, personal_config: Config) -> None:
    catalogue = load_catalogue(Path(personal_config.guides))
    wanted = plan(READER, catalogue)
    page = text_of(personal_web.client.post("/plan", data=FULL).text)
    assert f"From 1 February 2027 to {long_date(wanted.finish)}." in page
    assert f"{wanted.months.likely} months, likely ({wanted.months.low} to" in page
    for module in wanted.modules:
        assert catalogue.modules[module.slug].title in page


def test_data_and_calendar_are_those_of_the_plan(
    personal_web: Web, personal_config: Config
) -> None:
    catalogue = load_catalogue(Path(personal_config.guides))
    copy = personal_web.client.post("/plan/copy", data={**FULL, "format": "json"})
    assert json.loads(plan_json(plan(READER, catalogue))) == copy.json()
    name = "cartographer-for-surveyor-ada-lovelace"
    assert f'filename="{name}.json"' in copy.headers["content-disposition"]
    sheet = personal_web.client.post("/plan/copy", data={**FULL, "format": "ics"})
    assert "text/calendar" in sheet.headers["content-type"]
    assert b"\r\n" in sheet.content
    first = min(each["dtstart"].dt for each in Calendar.from_ical(sheet.content).walk("VEVENT"))
    assert date(2027, 2, 1) == first


def test_a_part_of_the_page_for_who_types(personal_web: Web) -> None:
    part = personal_web.client.post("/plan", data=FULL, headers={"HX-Request": "true"}).text
    assert "<html" not in part
    assert "Draw contours" in part or "contours" in part.lower()
    assert 'data-hx-swap-oob="innerHTML"' in part


def test_the_picture_has_a_bar_for_each_phase_and_the_deadline(personal_web: Web) -> None:
    page = personal_web.client.post("/plan", data={**FULL, "hours_per_week": "1"}).text
    assert 2 == page.count('<rect class="phase"')
    assert '<line class="way"' in page
    assert "It would fit" in page


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("hours_per_week", "200", "must be at most 80"),
        ("hours_per_week", "nan", "must be"),
        ("hours_per_week", "inf", "must be at most 80"),
        ("hours_per_week", "eight", "give a number"),
        ("start", "2027-02-30", "give a day"),
        ("start", "9999-01-01", "out of reach"),
        ("deadline", "2027-01-01", "is not after the start"),
        ("name", "\U00010980", "our fonts do not have"),
        ("name", "a" * 121, "at most 120 characters"),
        ("skill.drawing", "5", "levels from 0 to 4"),
        ("skill.nothing", "1", "unknown skill"),
        ("pause", "whenever", "give days"),
        ("track", "sea", "unknown track"),
        ("paper", "a5", "a4"),
    ],
)
def test_mistakes_are_told_where_they_stand(
    personal_web: Web, field: str, value: str, said: str
) -> None:
    for headers, status in (({}, 422), ({"HX-Request": "true"}, 200)):
        answer = personal_web.client.post("/plan", data={**PLAN, field: value}, headers=headers)
        assert status == answer.status_code
        assert said in answer.text.split('id="problems"')[1].split("</div>")[0]
    page = personal_web.client.post("/plan/copy", data={**PLAN, field: value, "format": "pdf"})
    assert 422 == page.status_code
    assert 'value="2027-02-01"' in page.text or field == "start"


@pytest.mark.parametrize("name", ["Ada\x00", "Ada\x07", "Ada\r\nBcc: x", "\ufffeAda"])
def test_what_nobody_types_is_refused(personal_web: Web, name: str) -> None:
    assert 400 == personal_web.client.post("/plan", data={**PLAN, "name": name}).status_code


def test_every_mistake_links_to_its_field(personal_web: Web) -> None:
    wrong = {**PLAN, "hours_per_week": "x", "start": "x", "deadline": "x", "pause": "x"}
    page = personal_web.client.post("/plan", data=wrong).text
    links = re.findall(r'<a href="#([^"]+)">', page.split('id="problems"')[1].split("</div>")[0])
    assert {"hours_per_week", "start", "deadline", "pause-1"} == set(links)
    for link in links:
        assert f'id="{link}"' in page
    assert page.count('aria-invalid="true"') >= 4


def test_an_address_says_nothing_of_a_person(personal_web: Web) -> None:
    query = {**PLAN, "name": "Grace Hopper", "hours_per_week": "31"}
    page = personal_web.client.get("/plan", params=query).text
    assert "Grace Hopper" not in page
    assert "31" not in text_of(page.split('id="plan"')[1].split("<table")[0])


def test_paths_to_choose_from(personal_web: Web) -> None:
    page = personal_web.client.get("/plan")
    assert 200 == page.status_code
    assert '<option value="surveyor">' in page.text
    for wrong in ({"background": "pirate"}, {"career": "pirate", "background": "surveyor"}):
        unknown = personal_web.client.get("/plan", params=wrong)
        assert 404 == unknown.status_code
        assert "There is no such path yet" in unknown.text
    assert 404 == personal_web.client.post("/plan", data={"background": "pirate"}).status_code


def test_only_these_pages_may_run_scripts(personal_web: Web) -> None:
    def policy(answer: httpx.Response) -> str:
        return answer.headers["content-security-policy"]

    for page in ("/assessment", "/plan?background=surveyor"):
        assert "script-src 'self'" in policy(personal_web.client.get(page))
        assert "unsafe" not in policy(personal_web.client.get(page))
    for page in ("/plan", "/nothing"):
        assert "script-src" not in policy(personal_web.client.get(page))
