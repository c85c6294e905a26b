"""Every page: valid, accessible, light and dark, without scripts, at the width of a phone."""

from collections.abc import Mapping
from pathlib import Path

import httpx
import pytest
from sqlalchemy import delete

from publisher.delivery.store.tables import SUBSCRIBER
from tests import validators
from tests.delivery.web.serving import CLOCK, ONE_CLICK, Ledger, Web, hidden

pytestmark = pytest.mark.validator

STYLE = Path(__file__).parents[3] / "themes" / "web" / "static" / "site.css"


@pytest.fixture(scope="module")
def addresses(plain_web: Web, plain_ledger: Ledger) -> Mapping[str, str]:
    """What a page is called, to where a GET shows it."""
    number, token = plain_ledger.delivery()
    plain_ledger.file(b"x" * 1_234_567, number, f"{'long-' * 30}name <b>&amp;</b> – 学習.pdf")
    plain_ledger.file(b"x" * 345, number, "guide.epub", media_type="application/epub+zip")
    plain_ledger.file(b"x", number, "data", media_type="application/x-unknown")
    grants = {
        "download": plain_ledger.grant(number),
        "expired": plain_ledger.grant(number, expires_at=CLOCK),
        "used-up": plain_ledger.grant(number, max_downloads=0),
        "withdrawn": plain_ledger.grant(number, revoked_at=CLOCK),
    }
    links = plain_web.links
    paths = {name: plain_web.page(grant) for name, grant in grants.items()}
    paths |= {
        "unsubscribe": plain_web.path(links.unsubscribe(token)),
        "confirm": plain_web.path(links.confirm(token)),
        "closed": plain_web.path(links.file("1-nothing")),
        "not-found": "/nothing",
        "failure": "/broken",
    }
    return paths


@pytest.fixture(scope="module")
def pages(plain_web: Web, plain_ledger: Ledger, addresses: Mapping[str, str]) -> Mapping[str, str]:
    """Every page, those behind a button too."""
    client = plain_web.client
    # Each on its own connection: after a failure the server closes it.
    made = {name: httpx.get(plain_web.address + path).text for name, path in addresses.items()}
    fresh = {"form": hidden(made["expired"])}
    made["fresh"] = client.post(f"{addresses['expired']}/fresh", data=fresh).text
    made["unsubscribed"] = client.post(addresses["unsubscribe"], data=ONE_CLICK).text
    yes = {"form": hidden(made["confirm"])}
    made["confirmed"] = client.post(addresses["confirm"], data=yes).text
    plain_ledger.change(delete(SUBSCRIBER))
    made["forgotten"] = client.post(addresses["confirm"], data=yes).text
    assert len(made) == len(set(made.values()))
    return made


def test_the_checker_finds_nothing(pages: Mapping[str, str], tmp_path: Path) -> None:
    """HTML and CSS, by the Nu HTML Checker."""
    for name, text in pages.items():
        (tmp_path / f"{name}.html").write_text(text, "utf-8")
    assert [] == validators.nu(*sorted(tmp_path.iterdir()), STYLE)


def test_the_checker_finds_what_is_wrong(tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.html"
    wrong.write_text("<!DOCTYPE html><html lang=en><title>x</title><img src=x><p id=a><p id=a>")
    assert {"error", "warning"} == {each.code for each in validators.nu(wrong)}


def test_axe_finds_nothing(
    plain_web: Web, plain_ledger: Ledger, addresses: Mapping[str, str]
) -> None:
    """Of every template but those behind a button, which have no more in them."""
    assert plain_ledger
    assert [] == validators.axe(*(plain_web.address + path for path in addresses.values()))


def test_axe_finds_what_is_wrong(tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.html"
    wrong.write_text(
        "<!DOCTYPE html><p style='width: 900px; color: #ccc'>pale<img src=http://[::1]:1/>"
    )
    found = {each.code for each in validators.axe(wrong.as_uri())}
    assert {"foreign", "reflow", "document-title", "html-has-lang", "image-alt"} <= found
    assert "color-contrast" in found


def test_a_name_with_markup_is_only_a_name(pages: Mapping[str, str]) -> None:
    assert "name &lt;b&gt;&amp;amp;&lt;/b&gt; – 学習.pdf" in pages["download"]


def test_no_page_needs_a_script_or_anything_from_elsewhere(pages: Mapping[str, str]) -> None:
    for text in (*pages.values(), STYLE.read_text("utf-8")):
        assert "<script" not in text
        assert "://" not in text
        assert "style=" not in text
        assert "<style" not in text
