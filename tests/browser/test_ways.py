"""The ways through the pages: with a mouse, with the keyboard alone, and without scripts."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.ways import taken, to_the_plan
from tests.copies import plain
from tests.delivery.web.serving import Web

pytestmark = pytest.mark.validator

NO_SCRIPT = {"java_script_enabled": False}
PHONE = {"viewport": {"width": 360, "height": 640}, "has_touch": True}


@pytest.mark.parametrize(
    "context", [{}, NO_SCRIPT, PHONE], indirect=True, ids=["", "bare", "phone"]
)
def test_from_the_hub_to_a_pdf(page: Page, web: Web, tmp_path: Path) -> None:
    to_the_plan(page, web)
    assert "6" == page.get_by_label("Hours a week").input_value()
    page.get_by_label("Hours a week").fill("9.5")
    page.get_by_label("First day").fill("2027-04-05")
    page.get_by_label("Your name").fill("Ada Lovelace")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    facts = taken(page, tmp_path).facts
    assert 1 == sum("/plan/copy" in url for url in asked)
    assert plain("Ada Lovelace") == facts.name
    assert "9½" == facts.pace
    assert plain("5 April 2027") in plain(facts.dates[0])


def test_the_plan_changes_as_somebody_types(page: Page, web: Web) -> None:
    to_the_plan(page, web)
    page.evaluate("window.stayed = true")
    shown = page.locator("#plan .figures")
    before = shown.inner_text()
    page.get_by_label("Hours a week").fill("2")
    expect(shown).not_to_have_text(before)
    expect(shown).to_contain_text("2 hours a week")
    assert page.evaluate("window.stayed")
    page.get_by_label("Hours a week").fill("200")
    expect(page.get_by_role("alert")).to_contain_text("must be at most 80")
    page.get_by_label("Hours a week").fill("20")
    expect(page.get_by_role("alert")).to_have_count(0)
    page.get_by_label("Deadline").fill("2026-12-07")
    expect(page.locator("#plan")).to_contain_text("after your deadline")


@pytest.mark.parametrize("context", [NO_SCRIPT], indirect=True)
def test_without_scripts_a_button_changes_the_plan(page: Page, web: Web) -> None:
    to_the_plan(page, web)
    page.get_by_label("Hours a week").fill("2")
    page.get_by_role("button", name="Update the plan").click()
    expect(page.locator("#plan .figures")).to_contain_text("2 hours a week")
    page.get_by_label("Hours a week").fill("200")
    page.get_by_role("button", name="Update the plan").click()
    expect(page.locator("#problems")).to_contain_text("must be at most 80")
    assert "200" == page.get_by_label("Hours a week").input_value()


def test_with_the_keyboard_alone(page: Page, web: Web, tmp_path: Path) -> None:
    def tab_to(field: str) -> None:
        for _ in range(150):
            page.keyboard.press("Tab")
            if page.evaluate("f => document.activeElement.matches(f)", field):
                return
        raise AssertionError(f"the keyboard does not reach {field}")

    page.goto(f"{web.address}/assessment")
    tab_to('[name="background"]')
    page.keyboard.press("ArrowDown")  # from "Leave it open" around to the first
    tab_to('[name="scales.old-maps"]')
    page.keyboard.press("ArrowUp")
    tab_to('[name="hours_per_week"]')
    page.keyboard.type("6")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Cartographer")
    tab_to('form[action$="/plan"] button')
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("From Surveyor")
    tab_to("#hours_per_week")
    page.keyboard.press("Control+A")
    page.keyboard.type("4")
    tab_to("#name")
    page.keyboard.type("Grace Hopper")
    tab_to('button[value="pdf"]')
    with page.expect_download(timeout=120_000) as waiting:
        page.keyboard.press("Enter")
    assert "cartographer-for-surveyor-grace-hopper.pdf" == waiting.value.suggested_filename
    assert tmp_path


def test_mistakes_lead_to_their_questions(page: Page, web: Web) -> None:
    page.goto(f"{web.address}/assessment")
    page.locator('[name="hours_per_week"]').fill("many")
    page.get_by_role("button", name="Show what fits").click()
    expect(page.locator("#problems")).to_be_focused()
    page.locator("#problems a").click()
    assert page.url.endswith("#q-hours_per_week")


def test_the_counter_counts(page: Page, web: Web) -> None:
    page.goto(f"{web.address}/assessment")
    expect(page.locator("#counted")).to_contain_text("0 of 12 answered")
    page.get_by_label("Surveyor").check()
    expect(page.locator("#counted")).to_contain_text("1 of 12 answered")
