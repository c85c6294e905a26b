"""How `publisher serve` serves the site: fresh, small, public, and nothing beside it."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import httpx
import pytest

from publisher.cli.website import ready_site
from publisher.settings import Settings
from tests.runs import SMALL

HUB = "/vector-database-engineer/"


@pytest.fixture(scope="module")
def client(address: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=address) as opened:
        yield opened


def test_a_page_is_public_and_says_whether_it_changed(
    client: httpx.Client, files: Mapping[str, bytes]
) -> None:
    answer = client.get(HUB)
    assert files["vector-database-engineer/index.html"] == answer.content
    assert "text/html; charset=utf-8" == answer.headers["content-type"]
    assert "gzip" == answer.headers["content-encoding"]
    assert "all" == answer.headers["x-robots-tag"]
    assert "public, max-age=300" == answer.headers["cache-control"]
    plain = client.get(HUB, headers={"accept-encoding": "identity"})
    assert plain.headers["etag"] != answer.headers["etag"]
    assert plain.content == answer.content
    for conditions in (
        {"if-none-match": answer.headers["etag"]},
        {"if-modified-since": answer.headers["last-modified"]},
    ):
        again = client.get(HUB, headers=conditions)
        assert (304, b"") == (again.status_code, again.content)
    for conditions in ({"if-none-match": '"other"'}, {"if-modified-since": "no date"}):
        assert 200 == client.get(HUB, headers=conditions).status_code
    assert b"" == client.head(HUB).content


def test_what_has_another_name_when_it_changes_is_kept(
    client: httpx.Client, files: Mapping[str, bytes]
) -> None:
    fragment = next(name for name in files if name.startswith("pagefind/fragment/"))
    for path in ("/static/site.css?v=1", "/static/fonts/SourceSans3-Regular.woff2", f"/{fragment}"):
        assert "immutable" in client.get(path).headers["cache-control"]


def test_only_the_search_may_run_scripts(client: httpx.Client) -> None:
    assert "script-src" not in client.get(HUB).headers["content-security-policy"]
    for path in ("/search/", "/pagefind/pagefind-worker.js"):
        policy = client.get(path).headers["content-security-policy"]
        assert "script-src 'self' 'wasm-unsafe-eval'" in policy
        assert "'unsafe-" not in policy


def test_an_address_without_its_slash_leads_on(client: httpx.Client) -> None:
    answer = client.get("/glossary?a=b", headers={"host": "evil.example"})
    assert (308, "/glossary/?a=b") == (answer.status_code, answer.headers["location"])


def test_a_wrong_address_is_a_page_that_leads_on(client: httpx.Client) -> None:
    answer = client.get("/nothing/here")
    assert 404 == answer.status_code
    assert "noindex, nofollow" == answer.headers["x-robots-tag"]
    assert 'href="/glossary/"' in answer.text


def test_nothing_beside_the_site_is_served(client: httpx.Client, folder: Path) -> None:
    (folder.parent / "secret.txt").write_text("secret")
    (folder / ".hidden").write_text("secret")
    (folder / "link.txt").symlink_to(folder.parent / "secret.txt")
    for path in ("/../secret.txt", "/%2e%2e/secret.txt", "/static/../../secret.txt", "/.hidden",
                 "/link.txt", "//secret.txt", "/modules/..%2f..%2f..%2fsecret.txt", "/%00",
                 "/modules//", "/static/..%5csite.css", f"/{'x' * 300}/"):  # fmt: skip
        answer = client.request("GET", httpx.URL(str(client.base_url), raw_path=path.encode()))
        assert answer.status_code in (308, 404), path
        assert "secret" != answer.text
    (folder / ".hidden").unlink()
    (folder / "link.txt").unlink()


def test_other_methods_and_the_pages_of_delivery_stay(client: httpx.Client) -> None:
    assert client.post(HUB).status_code in (404, 405)
    assert 200 == client.get("/healthz").status_code
    private = client.get("/d/wrong")
    assert "no-store" in private.headers["cache-control"]


def test_robots_sitemap_and_feed_have_their_types(client: httpx.Client) -> None:
    types = {"/robots.txt": "text/plain", "/sitemap.xml": "application/xml",
             "/feed.xml": "application/xml"}  # fmt: skip
    for path, media_type in types.items():
        assert client.get(path).headers["content-type"].startswith(media_type)


def test_a_site_that_is_missing_is_made_first(tmp_path: Path) -> None:
    """Its pages at least; who serves is told."""
    places = Settings(guides=SMALL, output=tmp_path)
    folder = ready_site(places, None)
    assert tmp_path / "site" == folder
    pages = {path.relative_to(folder).as_posix() for path in folder.rglob("*.html")}
    assert {"index.html", "cartographer/index.html", "search/index.html"} <= pages
    before = (folder / "index.html").stat()
    assert folder == ready_site(places, None)
    assert before == (folder / "index.html").stat()
