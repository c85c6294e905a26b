"""Finished guides conform to the standards they claim, in the eyes of others' validators."""

from collections.abc import Mapping

import pytest

from publisher.rendering.theme import FACES
from tests import validators
from tests.conftest import BACKGROUNDS, MadeGuide

pytestmark = pytest.mark.validator


@pytest.fixture(params=BACKGROUNDS)
def guide(request: pytest.FixtureRequest, made_guides: Mapping[str, MadeGuide]) -> MadeGuide:
    """Each guide in turn."""
    return made_guides[request.param]


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
