"""Every page of the site: valid, whole, with no link that leads nowhere, and the same again."""

import json
from collections.abc import Iterator, Mapping
from email.utils import parsedate_to_datetime
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from lxml import etree, html

from publisher.records.catalogue import Catalogue
from tests import validators
from tests.site.conftest import BASE, SAMPLE, order

SERVED = {"/assessment", "/plan"}
"""Pages that are made for one request."""

Tree = html.HtmlElement


def pages_of(files: Mapping[str, bytes]) -> dict[str, Tree]:
    """Path to tree."""
    return {
        "/" + name.removesuffix("index.html"): html.document_fromstring(content.decode())
        for name, content in files.items()
        if name.endswith(".html")
    }


def dead_links(files: Mapping[str, bytes], prefix: str = "") -> Iterator[str]:
    """Links inside the site to what is not there: files, pages, anchors."""
    pages = pages_of(files)
    ids = {path: set(tree.xpath("//@id")) for path, tree in pages.items()}
    for path, tree in pages.items():
        for target in tree.xpath("//@href | //@src | //@action"):
            parts = urlsplit(str(target))
            if parts.scheme:
                continue
            if parts.path and not parts.path.startswith(f"{prefix}/"):
                yield f"{path}: {target} leaves the site"
                continue
            place = parts.path.removeprefix(prefix) or path
            known = place in pages or place.lstrip("/") in files or place in SERVED
            if not known or (parts.fragment and parts.fragment not in ids[place]):
                yield f"{path}: {target}"


@pytest.mark.validator
def test_the_checker_finds_nothing(folder: Path) -> None:
    assert [] == validators.nu(*sorted(folder.rglob("*.html")), folder / "static" / "site.css")


def test_no_link_is_dead(files: Mapping[str, bytes], small_files: Mapping[str, bytes]) -> None:
    assert [] == list(dead_links(files))
    assert [] == list(dead_links(small_files, prefix="/of"))


def test_a_dead_link_would_be_found() -> None:
    pages = {"index.html": b'<a href="#no">a</a><a href="/no/">b</a><a href="no">c</a>'}
    assert ["/: #no", "/: /no/", "/: no leaves the site"] == list(dead_links(pages))


def test_every_record_has_its_place(files: Mapping[str, bytes], catalogue: Catalogue) -> None:
    wanted = {"index.html", "404.html", "search/index.html", "about/index.html",
              "modules/index.html", "robots.txt", "sitemap.xml", "feed.xml"}  # fmt: skip
    for career, records in catalogue.careers.items():
        wanted.add(f"{career}/index.html")
        wanted.update(f"{career}/from-{slug}/index.html" for slug in records.paths)
        wanted.update(f"{career}/projects/{slug}/index.html" for slug in records.projects)
        wanted.update(f"{career}/interview/{slug}/index.html" for slug in records.interview)
        wanted.update(f"modules/{slug}/index.html" for slug in records.career.curriculum)
    assert wanted <= files.keys()
    glossary = pages_of(files)["/glossary/"]
    assert {f"term-{slug}" for slug in catalogue.terms} <= set(glossary.xpath("//@id"))


def test_a_hub_tells_months_gaps_and_neighbours(
    files: Mapping[str, bytes], catalogue: Catalogue
) -> None:
    pages = pages_of(files)
    for career, records in catalogue.careers.items():
        text = pages[f"/{career}/"].text_content()
        for path in records.paths.values():
            for months in path.headline.months.values():
                assert f"{months} months" in text
        assert all(other.title in text for other in records.career.related)
        assert all(pay.occupation in text for pay in records.career.pay)


def test_a_path_is_there_as_a_whole(files: Mapping[str, bytes], catalogue: Catalogue) -> None:
    (career, records), *_ = catalogue.careers.items()
    for slug, path in records.paths.items():
        page = pages_of({"index.html": files[f"{career}/from-{slug}/index.html"]})["/"]
        text = " ".join(page.text_content().split())
        assert all(each.title in text for each in (*path.strengths, *path.gaps))
        assert page.xpath("//svg/title")
        assert page.xpath("//a[starts-with(@href, '/plan?career=')]")
        assert "week 1" in text


def test_nothing_needs_an_inline_style_or_script(files: Mapping[str, bytes]) -> None:
    for path, tree in pages_of(files).items():
        assert not tree.xpath("//style | //*[@style]"), path
        scripts = tree.xpath("//script[not(@type='application/ld+json')]")
        assert bool(scripts) == (path == "/search/")
        assert all(script.get("src") for script in scripts)


def test_what_machines_are_told_is_what_stands_there(
    files: Mapping[str, bytes], catalogue: Catalogue
) -> None:
    kinds = set()
    for path, tree in pages_of(files).items():
        for script in tree.xpath("//script[@type='application/ld+json']"):
            data = json.loads(script.text)
            kinds.add(data["@type"])
            if data["@type"] == "Course":
                assert data["timeRequired"].strip("PM") + " months" in tree.text_content()
        links = tree.xpath("//link[@rel='canonical']/@href")
        assert links == ([] if path == "/404.html" else [BASE + path])
    assert {"WebSite", "Occupation", "Course", "LearningResource", "BreadcrumbList"} == kinds
    assert catalogue


def test_sitemap_robots_and_feed(files: Mapping[str, bytes], catalogue: Catalogue) -> None:
    sitemap = etree.fromstring(files["sitemap.xml"])
    listed = {str(each.text) for each in sitemap.iter("{*}loc")}
    pages = {BASE + path for path in pages_of(files) if path != "/404.html"}
    assert pages == listed
    assert f"Sitemap: {BASE}/sitemap.xml" in files["robots.txt"].decode()
    feed = etree.fromstring(files["feed.xml"])
    assert len(catalogue.careers) == len(feed.findall("channel/item"))
    for item in feed.iter("item"):
        day = parsedate_to_datetime(item.findtext("pubDate") or "").date()
        assert catalogue.publication.date == day


def test_a_sample_is_offered_with_its_size(files: Mapping[str, bytes]) -> None:
    (name, content), *_ = SAMPLE.items()
    assert content == files[f"samples/{name}"]
    hub = pages_of(files)["/vector-database-engineer/"]
    assert hub.xpath(f"//a[@href='/samples/{name}']")
    assert not pages_of(files)["/search-relevance-engineer/"].xpath("//a[@download]")


def test_the_same_records_give_the_same_bytes(
    files: Mapping[str, bytes], catalogue: Catalogue
) -> None:
    assert files == order().files(catalogue, SAMPLE)
