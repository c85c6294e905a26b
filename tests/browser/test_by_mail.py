"""From the button "Send it to me" to the reader's own file, with a real mail server."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from publisher.planning.export import reader_from_json
from publisher.rendering.pdf.attachments import attachment
from tests.conftest import folder_of_the_run
from tests.delivery.campaigns.operator import Mail, Operator, mails
from tests.runs import until
from tests.servers.postfix import Postfix

pytestmark = pytest.mark.validator

LINK = re.compile(r"http://127\.0\.0\.1:\d+/[gd]/\S+")


@pytest.fixture
def operator(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, post: Postfix) -> Operator:
    """Somebody whose timer is typed by hand."""
    cache = folder_of_the_run(tmp_path_factory) / "browser-cache"
    database = f"sqlite:///{tmp_path / 'delivery.sqlite'}"
    return Operator(tmp_path, database, cache, smtp=post.port)


def come(operator: Operator, post: Postfix, count: int) -> list[Mail]:
    """The mails to the reader, once there are so many."""
    until(lambda: len(mails(post.maildir(), operator.tag)) >= count)
    found = mails(post.maildir(), operator.tag)
    assert count == len(found)
    return found


def link_in(found: list[Mail], kind: str) -> str:
    (link,) = {link for mail in found for link in LINK.findall(mail.text) if f"/{kind}/" in link}
    return str(link)


def test_a_guide_comes_to_who_asked_and_agreed(
    operator: Operator, post: Postfix, page: Page
) -> None:
    address = operator.address("ada")
    with operator.serves():
        page.goto(f"{operator.base_url}/plan?background=surveyor")
        page.get_by_label("Hours a week").fill("7.5")
        page.get_by_label("Your name").fill("Ada Lovelace")
        page.get_by_label("E-mail address").fill(address)
        expect(page.get_by_label("Tell me as well")).not_to_be_checked()
        page.get_by_role("button", name="Send it to me").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Now look into your mail")
        operator.types("outbox")
        (first,) = come(operator, post, 1)
        assert "Ada Lovelace" not in first.text  # a stranger may have typed it
        assert "From Surveyor to Cartographer" in first.text
        assert first.message["List-Unsubscribe"] is None
        operator.types("outbox")
        page.goto(link_in([first], "g"))
        page.get_by_role("button", name="Yes, send my guide").click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("on its way")
        operator.types("outbox")
        page.goto(link_in(come(operator, post, 2), "d"))
        with page.expect_download() as waiting:
            page.get_by_role("button", name="Download PDF").click()
        path = operator.folder / "copy.pdf"
        waiting.value.save_as(path)
        operator.types("outbox")
        assert 2 == len(mails(post.maildir(), operator.tag))
    reader = reader_from_json(attachment(path, "plan.json"))
    assert ("Ada Lovelace", 7.5) == (reader.name, reader.hours_per_week)
    assert address not in operator.types("subscribers", "list")
