"""Sections are composed once for both formats, and checked before anything is rendered."""

from datetime import date
from pathlib import Path

import pytest

from publisher.editions.edition import Edition, Section
from publisher.editions.terms import IndexTerm
from publisher.records.diagnostics import DiagnosedError
from publisher.rendering.names import XHTML
from publisher.rendering.theme import FACES, Theme
from publisher.rendering.tree import text_of
from publisher.rendering.xhtml import compose, dead_links, for_print, for_screen, problems
from publisher.settings import Settings

TERMS = (
    IndexTerm("hnsw", "HNSW", ("HNSW", "hierarchical graph"), "term-hnsw"),
    IndexTerm("recall", "recall", ("recall", "recall@k"), "term-recall"),
)

EDITION = Edition(
    name="book", title="Book", subtitle="", language="en-GB", publisher="P", date=date(2026, 1, 1),
    description="", identifier="urn:x", running_foot="Book", paper="a4", sections=(), terms=TERMS,
)  # fmt: skip

PAGE = (
    '<html xmlns="http://www.w3.org/1999/xhtml" lang="{{ language }}"'
    ' xml:lang="{{ language }}"><head><title>T</title></head><body>BODY</body></html>'
)


def theme_with(body: str, folder: Path, page: str = PAGE) -> Theme:
    """The bundled theme with one template, `probe`, around `body`."""
    (folder / "templates").mkdir(exist_ok=True)
    (folder / "templates" / "probe.xhtml").write_text(page.replace("BODY", body), "utf-8")
    if not (folder / "fonts").exists():
        (folder / "fonts").symlink_to(Settings().theme / "fonts")
    return Theme(folder)


def findings(body: str, folder: Path, page: str = PAGE) -> list[str]:
    """The codes that a section with `body` gives."""
    theme = theme_with(body, folder, page)
    made = compose(Section("probe", "probe"), EDITION, theme)
    return [each.code for each in problems([made])]


@pytest.mark.parametrize(
    ("code", "body"),
    [
        ("B104", "<h2>Two</h2>"),
        ("B104", "<h1>One</h1><h3>Three</h3>"),
        ("B105", '<h1>A</h1><img src="a.png" alt=""/>'),
        ("B105", '<h1>A</h1><svg xmlns="http://www.w3.org/2000/svg"><circle r="1"/></svg>'),
        ("B106", "<h1>A</h1><table><tbody><tr><td>a</td></tr></tbody></table>"),
        ("B107", '<h1 id="a">A</h1><p id="a">b</p>'),
        ("B109", "<h1>A</h1><p>\u16a0</p>"),
        ("B110", "<h1>A</h1><ul><li><p>a</p></li></ul>"),
    ],
)
def test_a_broken_section_is_reported(code: str, body: str, tmp_path: Path) -> None:
    assert [code] == findings(body, tmp_path)


def test_a_sound_section_has_no_findings(tmp_path: Path) -> None:
    body = '<h1 id="a">A</h1><h2>B</h2><table><tr><th>h</th></tr></table><ul><li>x</li></ul>'
    assert [] == findings(body, tmp_path)


def test_title_and_language_are_required(tmp_path: Path) -> None:
    bare = '<html xmlns="http://www.w3.org/1999/xhtml"><head/><body>BODY</body></html>'
    assert ["B102", "B103"] == findings("<h1>A</h1>", tmp_path, bare)


def test_a_template_that_is_not_xml_is_reported(tmp_path: Path) -> None:
    with pytest.raises(DiagnosedError) as caught:
        findings("<h1>A<br></h1>", tmp_path)
    assert ["B101"] == [each.code for each in caught.value.diagnostics]


def test_a_dead_link_is_reported_unless_another_edition_has_its_target(tmp_path: Path) -> None:
    theme = theme_with('<h1>A</h1><p><a href="#b">b</a></p>', tmp_path)
    made = compose(Section("probe", "probe"), EDITION, theme)
    assert ["B108"] == [each.code for each in dead_links([made], frozenset())]
    assert [] == list(dead_links([made], frozenset({"b"})))


def test_a_readers_text_is_never_markup_or_template(tmp_path: Path) -> None:
    evil = '<b>{{ 7 * 7 }}</b> & "quotes" {% raw %}'
    theme = theme_with("<h1>A</h1><p>{{ name }}</p>", tmp_path)
    made = compose(Section("probe", "probe", {"name": evil}), EDITION, theme)
    paragraph = made.tree.find(f".//{XHTML}p")
    assert paragraph is not None
    assert evil == paragraph.text
    assert b"&lt;b&gt;{{ 7 * 7 }}" in for_print(made)
    assert b"&lt;b&gt;{{ 7 * 7 }}" in for_screen(made, {})


def test_the_first_mention_of_a_term_is_linked(tmp_path: Path) -> None:
    """Once a section, never in headings, code or links, and only whole words."""
    body = (
        "<h1>HNSW</h1><p><code>HNSW</code> recalls. Recall of a <em>hierarchical graph</em>, "
        'HNSW and <a href="#x">recall</a>; recall.</p>'
    )
    theme = theme_with(body, tmp_path)
    made = compose(Section("probe", "probe", terms=True), EDITION, theme)
    linked = [a for a in made.tree.iter(f"{XHTML}a") if a.get("class") == "term"]
    assert [("Recall", "#term-recall"), ("hierarchical graph", "#term-hnsw")] == [
        (a.text, a.get("href")) for a in linked
    ]
    assert {"ix-recall--probe", "ix-hnsw--probe"} <= made.ids
    body_element = made.tree.find(f"{XHTML}body")
    assert body_element is not None
    assert "recalls. Recall of a hierarchical graph, HNSW and recall; recall." in text_of(
        body_element
    )


def test_print_and_screen_parts_go_to_their_format(tmp_path: Path) -> None:
    body = '<h1>A</h1><p><i class="print">paper</i> and <i class="screen">glass</i> end</p>'
    made = compose(Section("probe", "probe"), EDITION, theme_with(body, tmp_path))
    assert (b"paper" in for_print(made), b"glass" in for_print(made)) == (True, False)
    assert (b"paper" in for_screen(made, {}), b"glass" in for_screen(made, {})) == (False, True)
    assert b" end" in for_print(made)


def test_links_between_sections_wait_for_assembly_or_name_their_file(tmp_path: Path) -> None:
    body = '<h1 id="own">A</h1><p><a href="#own">a</a> <a href="#far">b</a> <a href="#no">c</a></p>'
    made = compose(Section("probe", "probe"), EDITION, theme_with(body, tmp_path))
    assert b'href="#own"' in for_print(made)
    assert b'href="xref:far"' in for_print(made)
    screen = for_screen(made, {"far": "far.xhtml"})
    assert b'href="far.xhtml#far"' in screen
    assert b"<span>c</span>" in screen


def test_each_face_is_one_complete_file() -> None:
    """Two files under one family, weight and style print wrong letters in WeasyPrint 70."""
    keys = [(face.family, face.weight, face.italic) for face in FACES]
    assert len(set(keys)) == len(keys) == len({face.file for face in FACES})


@pytest.mark.parametrize(
    "name",
    [
        "Łukasiewicz Şimşek",
        "Nguyễn Γεωργία Жуковский",
        "محمد",
        "王小明",
        "김철수",
        "שרה",
        "अनिल",
        "🙂",
    ],
)
def test_names_in_many_scripts_have_glyphs(name: str) -> None:
    assert "" == Theme(Settings().theme).missing(name)


def test_a_character_without_a_font_is_named() -> None:
    assert "\u16a0" == Theme(Settings().theme).missing("Ada \u16a0")
