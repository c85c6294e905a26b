"""The site in a real browser: light, dark, phone, print, keyboard, without JavaScript; search."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Request, ViewportSize

from tests import validators
from tests.site.browser import chromium

pytestmark = pytest.mark.validator

HUB = "/vector-database-engineer/"
TYPES = (
    "/", HUB, f"{HUB}from-software-engineer/", f"{HUB}projects/tune-hnsw/",
    f"{HUB}interview/similarity-search/", "/search-relevance-engineer/", "/modules/",
    "/modules/hnsw-tuning/", "/glossary/", "/skills/", "/resources/", "/sources/", "/search/",
    "/about/", "/404.html", "/nothing",
)  # fmt: skip
"""A page of every type."""

PHONE = ViewportSize(width=360, height=740)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as launched:
        yield launched


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    made = browser.new_context()
    yield made
    made.close()


def watched(page: Page) -> list[str]:
    """What goes wrong in a page from now on: errors of scripts, what its policy forbids."""
    found: list[str] = []
    page.on("pageerror", lambda error: found.append(str(error)))
    page.on("console", lambda said: found.append(said.text) if said.type == "error" else None)
    return found


def test_axe_finds_nothing(address: str) -> None:
    """On any type of page, light and dark; nor a page wider than 320 pixels, nor one from afar."""
    assert [] == validators.axe(*(address + path for path in TYPES))


def test_at_360_pixels_no_page_scrolls_sideways(browser: Browser, address: str) -> None:
    context = browser.new_context(viewport=PHONE)
    page = context.new_page()
    for path in TYPES:
        page.goto(address + path)
        assert 360 >= page.evaluate("document.documentElement.scrollWidth"), path
    context.close()


def test_the_text_is_there_without_javascript(browser: Browser, address: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    for path in TYPES:
        page.goto(address + path)
        assert page.locator("h1").is_visible()
        assert len(page.inner_text("main")) > 100
    page.goto(f"{address}/search/")
    assert not page.locator("#search").is_visible()
    page.get_by_role("main").get_by_role("link", name="Glossary").click()
    assert page.url.endswith("/glossary/")
    context.close()


def test_a_hub_weighs_little_and_loads_nothing_from_elsewhere(
    context: BrowserContext, address: str
) -> None:
    """At most 60 kB over the wire without fonts, as served."""
    page = context.new_page()
    requests: list[Request] = []
    page.on("request", lambda request: requests.append(request))  # noqa: PLW0108  # Playwright takes no builtin
    page.goto(address + HUB, wait_until="load")
    assert all(request.url.startswith(f"{address}/") for request in requests)
    sizes = [request.sizes() for request in requests if request.resource_type != "font"]
    weight = sum(each["responseBodySize"] + each["responseHeadersSize"] for each in sizes)
    assert len(sizes) >= 2
    assert 2_000 < weight <= 60_000


def test_the_search_finds_things(context: BrowserContext, address: str) -> None:
    page = context.new_page()
    found = watched(page)
    page.goto(f"{address}/search/")
    page.get_by_label("Words to look for").fill("efConstruction")
    page.get_by_text("pages found").wait_for()
    page.locator("#found a", has_text="Graph indexes").first.click()
    assert page.url.endswith("/modules/hnsw-tuning/")
    page.goto(f"{address}/search/?q=qqqqqqq")
    page.get_by_text("Nothing found").wait_for()
    page.get_by_label("Words to look for").fill("<img src=x onerror=alert(1)> recall")
    page.get_by_text("found", exact=False).first.wait_for()
    assert 0 == page.locator("#found img").count()
    assert [] == found


def test_the_keyboard_alone_leads_from_the_home_page_to_a_plan(
    context: BrowserContext, address: str
) -> None:
    page = context.new_page()
    page.goto(address)
    page.keyboard.press("Tab")
    assert "To the text" == page.evaluate("document.activeElement.textContent")
    page.keyboard.press("Enter")
    way = {"How to Become a Vector Database Engineer": HUB,
           "From Software Engineer": f"{HUB}from-software-engineer/"}  # fmt: skip
    for name, path in way.items():
        focus(page, name)
        page.keyboard.press("Enter")
        page.wait_for_url(address + path)
    focus(page, "Make it mine")
    target = page.evaluate("document.activeElement.getAttribute('href')")
    assert "/plan?career=vector-database-engineer&background=software-engineer" in target


def focus(page: Page, text: str) -> None:
    """Press Tab until a link with this text has the focus, which then is to be seen."""
    for _ in range(200):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent").strip() == text:
            style = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
            assert "solid" == style
            return
    raise AssertionError(f"the keyboard does not reach {text!r}")


def test_in_print_there_is_text_and_no_navigation(context: BrowserContext, address: str) -> None:
    page = context.new_page()
    page.emulate_media(media="print")
    page.goto(f"{address}{HUB}from-software-engineer/")
    assert not page.locator("header nav").is_visible()
    assert not page.locator(".actions").first.is_visible()
    assert page.get_by_text("What carries over").last.is_visible()
    assert "rgb(255, 255, 255)" == page.evaluate(
        "getComputedStyle(document.documentElement).backgroundColor"
    )
