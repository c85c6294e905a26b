"""The personal pages are valid and accessible, light and dark, and fit a small phone."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route

from tests import validators
from tests.browser.ways import answer
from tests.conftest import ROOT
from tests.delivery.web.personal.forms import ANSWERS, PLAN, sealed
from tests.delivery.web.serving import Web
from tests.validators.html import AXE
from tests.validators.programs import file

pytestmark = pytest.mark.validator

STYLE = ROOT / "themes" / "web" / "static" / "forms.css"
WIDTH = 320
"""WCAG 2.2, 1.4.10: no page scrolls sideways on a screen of so many pixels."""


@pytest.fixture(scope="module")
def pages(web: Web) -> Mapping[str, str]:
    """Every page, those behind a button too."""
    wrong = {**PLAN, "hours_per_week": "x", "start": "x", "name": "a" * 121, "pause": "x"}
    full = {**PLAN, "deadline": "2027-02-20", "pause": "2027-02-15", "skill.drawing": "1"}
    known = {**PLAN, **{f"skill.{each}": "4" for each in
                        ("surveying", "geometry", "drawing", "printing")}}  # fmt: skip
    request = web.path(web.links.request("0123456789"))

    def post(place: str, data: Mapping[str, str]) -> str:
        return web.client.post(place, data=dict(data)).text

    return {
        "assessment": web.client.get("/assessment").text,
        "wrong-answers": post("/assessment/result", {**ANSWERS, "start": "x", "goal": "x"}),
        "result": post("/assessment/result", ANSWERS),
        "no-result": post("/assessment/result", {}),
        "choose": web.client.get("/plan").text,
        "unknown": web.client.get("/plan?background=x").text,
        "plan": post("/plan", full),
        "wrong-plan": post("/plan", wrong),
        "nothing-left": post("/plan", known),
        "sent": post("/plan/send", sealed(web, email="ada@inbox.example", news="yes")),
        "agree": web.client.get(request).text,
    }


def test_the_checker_finds_nothing(pages: Mapping[str, str], tmp_path: Path) -> None:
    for name, text in pages.items():
        (tmp_path / f"{name}.html").write_text(text, "utf-8")
    assert [] == validators.nu(*sorted(tmp_path.iterdir()), STYLE)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(
    pages: Mapping[str, str], web: Web, chromium: Browser, scheme: str
) -> None:
    axe = file(AXE, hint="npm ci --ignore-scripts --prefix tests/validators").read_text("utf-8")
    context = chromium.new_context(
        color_scheme=scheme, viewport={"width": WIDTH, "height": 640}, bypass_csp=True
    )  # for axe alone
    found = {}
    page = context.new_page()
    for name, text in pages.items():
        _show(page, f"{web.address}/shown", text)
        found[name] = [*_violations(page, axe), *_too_wide(page)]
    context.close()
    assert {name: [] for name in pages} == found


def test_axe_finds_what_is_wrong(web: Web, chromium: Browser) -> None:
    axe = file(AXE, hint="npm ci --ignore-scripts --prefix tests/validators").read_text("utf-8")
    context = chromium.new_context(viewport={"width": WIDTH, "height": 640}, bypass_csp=True)
    page = context.new_page()
    page.goto(f"{web.address}/plan")
    page.evaluate("document.querySelector('label').remove()")
    page.evaluate("document.querySelector('main').style.width = '400px'")
    found = [*_violations(page, axe), *_too_wide(page)]
    context.close()
    assert any("select-name" in each for each in found)
    assert any("wide" in each for each in found)


@pytest.mark.parametrize("context", [{"viewport": {"width": 360, "height": 640}}], indirect=True)
def test_every_page_fits_a_phone(page: Page, web: Web) -> None:
    answer(page, web)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.get_by_role("button", name="Show what fits").click()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.get_by_role("button", name="Make this plan yours").click()
    for summary in page.locator("summary").all():
        summary.click()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def _show(page: Page, address: str, text: str) -> None:
    """Put a page that a button has led to behind an address."""

    def answer(route: Route) -> None:
        route.fulfill(body=text, content_type="text/html; charset=utf-8")

    page.route("**/shown", answer)
    page.goto(address)
    page.unroute("**/shown")


def _violations(page: Page, axe: str) -> list[str]:
    page.evaluate(axe)
    found = page.evaluate("async () => (await axe.run(document)).violations")
    return [f"{each['id']}: {[node['html'] for node in each['nodes']]}" for each in found]


def _too_wide(page: Page) -> list[str]:
    width = page.evaluate("document.documentElement.scrollWidth")
    return [f"{width} pixels wide"] if width > WIDTH else []
