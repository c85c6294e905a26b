"""The words and the look of letters, and what a hostile name does to them: nothing."""

import re
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html

from publisher.delivery.letter import Kind
from publisher.delivery.messages.builder import build
from publisher.delivery.messages.templates import Rendered, Templates, size
from publisher.delivery.messages.words import one_line
from tests.delivery.messages.letters import (
    BULK,
    FACTS,
    KINDS,
    LINK,
    MAIL_THEME,
    PDF,
    UNSUBSCRIBE,
    a_letter,
    an_identity,
    parsed,
)

TEMPLATES = Templates(MAIL_THEME)


def rendered(kind: Kind = "guide", **changes: Any) -> Rendered:
    return TEMPLATES.render(
        a_letter(kind, **changes), "Guides Ltd", "Guides Ltd, 12 Example Street"
    )


def said(page: str) -> str:
    """The words of a page, spaces taken together."""
    return " ".join(html.fromstring(page).text_content().split())


@pytest.mark.parametrize("kind", KINDS)
def test_language_dark_mode_and_width(kind: Kind) -> None:
    page = rendered(kind).html
    tree = html.fromstring(page)
    assert "en-GB" == tree.get("lang")
    assert ["light dark"] == tree.xpath("//meta[@name='color-scheme']/@content")
    assert ["width=device-width, initial-scale=1"] == tree.xpath(
        "//meta[@name='viewport']/@content"
    )
    assert "prefers-color-scheme: dark" in page
    assert [rendered(kind).subject] == tree.xpath("//title/text()")


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_is_loaded_and_nobody_is_tracked(kind: Kind) -> None:
    """No picture, font, style or script comes from anywhere; every link is one of ours."""
    page = rendered(kind).html
    tree = html.fromstring(page)
    assert [] == tree.xpath(
        "//img | //script | //link | //iframe | //form | //@src | //@background"
    )
    assert not re.search(r"url\(|@import", page)
    expected = {LINK, UNSUBSCRIBE} if kind in BULK else {LINK}
    assert expected == set(tree.xpath("//@href"))


@pytest.mark.parametrize("kind", KINDS)
def test_no_markup_of_mjml_is_left(kind: Kind) -> None:
    """A tag that mrml does not know passes in silence."""
    assert not re.search(r"</?mj-[a-z]", rendered(kind).html)


@pytest.mark.parametrize("kind", KINDS)
def test_one_button_and_one_heading(kind: Kind) -> None:
    tree = html.fromstring(rendered(kind).html)
    assert 1 == len(tree.xpath("//h1"))
    (button,) = tree.xpath("//*[contains(@class, 'button')]//a")
    assert LINK == button.get("href")
    assert button.text.strip()


@pytest.mark.parametrize("kind", KINDS)
def test_the_preheader_is_short_and_no_repetition(kind: Kind) -> None:
    """It is what a list of letters shows behind the subject."""
    tree = html.fromstring(rendered(kind).html)
    first = tree.xpath("//body/div[1]")[0].text_content().strip()
    assert 20 <= len(first) <= 90
    assert first not in rendered(kind).subject


def test_a_guide_says_what_it_is() -> None:
    letter = rendered("guide")
    assert "Your guide: from Software Engineer to Vector Database Engineer" == letter.subject
    for part in (letter.text, said(letter.html)):
        words = " ".join(part.split())
        for each in (
            "8 months at 10 hours a week", "4 January 2027", "22 August 2027",
            "How PostgreSQL plans, indexes and keeps versions",
            "PDF, 84 pages (1.2 MB) and EPUB (401 kB).", "works until 23 December 2026",
        ):  # fmt: skip
            assert each in words
        assert "attached" not in words


def test_a_guide_with_nothing_left_to_learn_says_so() -> None:
    letter = rendered(facts={**FACTS["guide"], "first_module": None, "months": 0})
    for part in (letter.text, said(letter.html)):
        words = " ".join(part.split())
        assert "It found nothing that you have left to learn" in words
        for each in ("month", "4 January 2027", "estimate", "None"):
            assert each not in words
    assert "\n\n\n" not in letter.text


@pytest.mark.parametrize("kind", KINDS)
def test_no_two_empty_lines_and_none_at_the_ends(kind: Kind) -> None:
    text = rendered(kind).text
    assert "\n\n\n" not in text
    assert text.strip() + "\n" == text


def test_a_handbook_says_what_it_is() -> None:
    letter = rendered("handbook")
    assert "The Vector Database Engineer handbook, second edition" == letter.subject
    for part in (letter.text, said(letter.html)):
        words = " ".join(part.split())
        for each in ("a vector database engineer", "12 backgrounds", "23 November 2026",
                     "works until 23 December 2026"):  # fmt: skip
            assert each in words


@pytest.mark.parametrize("kind", ["guide", "handbook", "fresh-link"])
def test_attached_files_are_told(kind: Kind) -> None:
    letter = rendered(kind, attachments=(PDF,))
    for part in (letter.text, said(letter.html)):
        assert "(401 kB), attached to this letter as well." in " ".join(part.split())


def test_a_question_repeats_no_name() -> None:
    """Whoever typed the address may have typed an advertisement for a name."""
    letter = rendered("confirm", name="Buy now at shop.example")
    assert "shop.example" not in letter.subject + letter.text + letter.html
    assert "7 December 2026" in letter.text
    wire = build(a_letter("confirm", name="Buy now at shop.example"), an_identity()).wire
    assert b"\r\nTo: ada@example.org\r\n" in wire


@pytest.mark.parametrize("kind", ["guide", "handbook", "fresh-link"])
@pytest.mark.parametrize(
    "name",
    ["<script>alert(1)</script>", "{{ 7 * 7 }}", "{% raw %}", "]]><mj-raw>", "&amp;lt;",
     '"><img src=x>', "<!--[if mso]>", "-->", "</bdi></td></table>", "שרה כהן", "مريم",
     "<mj-include path='/etc/passwd' />", "${7*7}", "\\"],
)  # fmt: skip
def test_a_name_stays_what_it_is(kind: Kind, name: str) -> None:
    letter = rendered(kind, name=name)
    assert f"Hello {name},\n" in letter.text
    tree = html.fromstring(letter.html)
    assert [name] == tree.xpath("//bdi/text()")
    assert len(html.fromstring(rendered(kind).html).xpath("//*")) == len(tree.xpath("//*"))


def test_a_link_with_a_query_comes_through() -> None:
    link = "https://guides.example/d/x?a=1&b=2&amp=3"
    wire = build(a_letter("confirm", link=link), an_identity()).wire
    body = parsed(wire).get_body(("html",))
    assert body
    assert {link} == set(html.fromstring(body.get_content()).xpath("//@href"))


@given(st.text(st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp")), max_size=120))
@settings(deadline=None, max_examples=60)
def test_any_name_and_title_comes_through(value: str) -> None:
    value = one_line(value)
    facts = {**FACTS["guide"], "first_module": value or None}
    letter = rendered(name=value, facts=facts)
    tree = html.fromstring(letter.html)
    assert ([value] if value else []) == tree.xpath("//bdi/text()")
    assert value in " ".join(letter.text.split())


def test_text_fits_a_window_of_72_columns() -> None:
    for kind in KINDS:
        for line in rendered(kind, name="A name of several words " * 5).text.splitlines():
            assert len(line) <= 72 or re.fullmatch(r"https://\S+", line)


@pytest.mark.parametrize(
    ("kind", "change", "words"),
    [("guide", {"months": None}, "months: Input should be a valid integer"),
     ("guide", {"files": []}, "files: "), ("guide", {"wages": 1}, "wages: Extra inputs"),
     ("guide", {"files": [{"format": "DOC", "size": 1}]}, "files.0.format: "),
     ("confirm", {"valid_until": "soon"}, "valid_until: ")],
)  # fmt: skip
def test_facts_that_do_not_fit_are_named(kind: Kind, change: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError, match=f"a letter of kind '{kind}': {words}"):
        rendered(kind, facts={**FACTS[kind], **change})


def test_facts_may_come_from_json_or_as_values() -> None:
    values = {**FACTS["guide"], "start": date(2027, 1, 4), "hours_per_week": 6.5}
    assert "6½ hours a week" in rendered(facts=values).text


@pytest.mark.parametrize(
    ("octets", "words"),
    [(1, "1 kB"), (380_400, "380 kB"), (999_499, "999 kB"), (1_250_000, "1.2 MB")],
)
def test_sizes(octets: int, words: str) -> None:
    assert words == size(octets)


def test_a_broken_template_is_named(tmp_path: Any) -> None:
    (tmp_path / "confirm.txt").write_text("Subject\ntext\n", "utf-8")
    (tmp_path / "confirm.mjml").write_text("<mjml><mj-body>", "utf-8")
    with pytest.raises(ValueError, match="a template is no MJML"):
        Templates(tmp_path).render(a_letter("confirm"), "Guides", "Guides")
