"""The renderer sees the theme and nothing else, and what it logs stops the build."""

from dataclasses import replace

import pytest

from publisher.build.fragments import lay_out_safely
from publisher.records.diagnostics import Diagnostic
from publisher.rendering.pdf.fragment import Fragment, FragmentJob
from publisher.rendering.theme import Theme
from publisher.settings import Settings

THEME = Theme(Settings().theme)

JOB = FragmentJob(
    name="probe",
    xhtml=(
        b'<html lang="en"><head><title>T</title></head><body class="probe"><h1>A</h1></body></html>'
    ),
    style=THEME.print_style,
    paper="a4",
    script_fonts=(),
    fonts_folder=str(THEME.folder / "fonts"),
    fonts_digest=THEME.fonts_digest,
)


def laid_out(body: str) -> Fragment | list[Diagnostic]:
    """The fragment of a section with `body`, or what was found instead."""
    xhtml = f'<html lang="en"><head><title>T</title></head><body class="probe">{body}</body></html>'
    return lay_out_safely(replace(JOB, xhtml=xhtml.encode()))


@pytest.mark.parametrize(
    ("code", "body", "words"),
    [
        ("B201", '<h1>A</h1><p style="colour: red">b</p>', "colour"),
        ("B201", '<h1>A</h1><p><a href="#nowhere">b</a></p>', "nowhere"),
        ("B201", "<h1>A</h1><p>\u16a0</p>", "glyph"),
        ("B202", '<h1>A</h1><p><img src="https://example.org/a.png" alt="a"/></p>', "example.org"),
        ("B202", '<h1>A</h1><p><img src="file:///etc/passwd" alt="a"/></p>', "not part of"),
        ("B202", '<h1>A</h1><p><img src="fonts/../../x.png" alt="a"/></p>', "not part of"),
    ],
)
def test_what_the_renderer_says_is_a_finding(code: str, body: str, words: str) -> None:
    found = laid_out(body)
    assert isinstance(found, list)
    assert {(code, "probe")} == {(each.code, each.file) for each in found}
    assert words in str(found[0])


def test_a_sound_section_is_a_fragment_with_its_anchors() -> None:
    fragment = laid_out('<h1 id="a">A</h1><p id="b" style="break-before: page">b</p>')
    assert isinstance(fragment, Fragment)
    assert 2 == fragment.pages
    assert {"a": 0, "b": 1} == {name: place[0] for name, place in fragment.anchors.items()}


def test_a_fragment_survives_its_encoding() -> None:
    fragment = laid_out("<h1>A</h1>")
    assert isinstance(fragment, Fragment)
    assert fragment == Fragment.decode(fragment.encode())
    with pytest.raises(ValueError, match="damaged"):
        Fragment.decode(fragment.encode()[:-1])


def test_a_short_last_page_is_saved_by_setting_closer() -> None:
    """What runs over by little is set closer and fits; what runs over by much is left alone.

    A body without a class cannot be set closer, so it shows what would have been.
    """
    saved = []
    for count in range(35, 60, 3):
        xhtml = JOB.xhtml.replace(b"</h1>", b"</h1>" + b"<p>One line of text.</p>" * count)
        closer = lay_out_safely(replace(JOB, xhtml=xhtml))
        loose = lay_out_safely(replace(JOB, xhtml=xhtml.replace(b' class="probe"', b"")))
        assert isinstance(closer, Fragment)
        assert isinstance(loose, Fragment)
        saved.append(loose.pages - closer.pages)
    assert (0, 0, 1) == (saved[0], saved[-1], max(saved))


@pytest.mark.parametrize(
    "change",
    [
        {"xhtml": JOB.xhtml + b" "},
        {"style": JOB.style + " "},
        {"paper": "letter"},
        {"fonts_digest": "other"},
        {"tagged": False},
    ],
)
def test_each_input_changes_the_key(change: dict[str, object]) -> None:
    assert JOB.key != replace(JOB, **change).key  # type: ignore[arg-type]  # names are checked


def test_where_the_fonts_lie_does_not_change_the_key() -> None:
    assert JOB.key == replace(JOB, fonts_folder="/elsewhere", name="other").key
