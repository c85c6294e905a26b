"""What somebody does in the pages, and what they then hold in their hands."""

from pathlib import Path

from playwright.sync_api import Page

from tests.copies import PdfCopy
from tests.delivery.web.serving import Web


def answer(page: Page, web: Web) -> None:
    """From the hub to the assessment, filled in as far as it needs."""
    page.goto(f"{web.address}/cartographer/")
    page.get_by_role("main").get_by_role("link", name="Take the assessment").click()
    page.wait_for_url("**/assessment**")
    page.get_by_label("Surveyor").check()
    for slug, level in (("long-walks", 1), ("old-maps", 4), ("fine-lines", 3)):
        page.locator(f'[name="scales.{slug}"][value="{level}"]').check()
    page.locator('[name="tasks.map-scale"][value="right"]').check()
    page.locator('[name="hours_per_week"]').fill("6")


def to_the_plan(page: Page, web: Web) -> None:
    """From the hub over the assessment and its result to the plan."""
    answer(page, web)
    page.get_by_role("button", name="Show what fits").click()
    page.get_by_role("button", name="Make this plan yours").click()
    page.wait_for_url("**/plan")
    page.wait_for_load_state()


def taken(page: Page, folder: Path) -> PdfCopy:
    """The PDF behind the button."""
    with page.expect_download(timeout=120_000) as waiting:
        page.get_by_role("button", name="Download PDF").click()
    file = waiting.value
    path = folder / file.suggested_filename
    file.save_as(path)
    return PdfCopy.of(path)
