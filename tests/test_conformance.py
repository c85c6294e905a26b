"""Finished guides conform to the standards they claim, in the eyes of others' validators.

Validating takes longer than making, so these are some of all guides: two of the first career and
one of another; handbook and sample are in test_handbook.py. Before a release all that
`publisher build` makes is validated by hand, with the functions of tests/validators.
"""

from collections.abc import Mapping

import pytest

from publisher.rendering.theme import FACES
from tests import validators
from tests.conftest import BACKGROUNDS, OTHER_CAREER, MadeGuide

pytestmark = pytest.mark.validator


@pytest.fixture(params=[*BACKGROUNDS, OTHER_CAREER])
def guide(request: pytest.FixtureRequest) -> MadeGuide:
    """Each guide in turn."""
    if request.param == OTHER_CAREER:
        other: MadeGuide = request.getfixturevalue("guide_to_another_career")
        return other
    guides: Mapping[str, MadeGuide] = request.getfixturevalue("made_guides")
    return guides[request.param]


def test_epubcheck_finds_nothing(guide: MadeGuide) -> None:
    assert [] == validators.epubcheck(guide.epub)


def test_ace_finds_nothing(guide: MadeGuide) -> None:
    assert [] == validators.ace(guide.epub)


def test_verapdf_finds_nothing_against_pdf_ua_1(guide: MadeGuide) -> None:
    assert [] == validators.verapdf(guide.pdf)


def test_qpdf_finds_nothing(guide: MadeGuide) -> None:
    assert [] == validators.qpdf(guide.pdf)


def test_only_bundled_fonts_are_used(guide: MadeGuide) -> None:
    """The text faces are there, so that a look which sees no font does not pass."""
    fonts = set(validators.pdffonts(guide.pdf))
    assert set() == fonts - {face.pdf_name for face in FACES}
    assert {"Source-Serif-4", "Source-Sans-3"} <= fonts


def test_every_font_is_embedded(guide: MadeGuide) -> None:
    assert [] == validators.unembedded_fonts(guide.pdf)
