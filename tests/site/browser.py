"""Chromium, driven by Playwright."""

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, sync_playwright

from tests.validators.epub import browser as installed


@contextmanager
def chromium() -> Iterator[Browser]:
    """A browser of its own, or the test is skipped with a word on what to install."""
    path = installed()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path)
        try:
            yield browser
        finally:
            browser.close()
