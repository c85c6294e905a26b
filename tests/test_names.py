"""A reader's name prints as it was typed, whatever is in it, and is never markup or template."""

import os
import subprocess
import sys
import zipfile
from collections.abc import Mapping

import pytest
from lxml import etree

from publisher.rendering.theme import FACES, SCRIPT_FONTS
from publisher.rendering.tree import text_of
from tests import validators
from tests.conftest import MadeGuide

NAME = "Łucja <b>{{ 7 * 7 }}</b> {% raw %} & محمد 王小明 김철수 שרה अनिल สมชาย かな 🙂"


@pytest.fixture(scope="module")
def guide(
    made_guides: Mapping[str, MadeGuide], tmp_path_factory: pytest.TempPathFactory
) -> MadeGuide:
    """A guide for somebody with all of it in one name."""
    folder = tmp_path_factory.mktemp("named")
    cache = made_guides["software-engineer"].pdf.parent / "cache"
    ended = subprocess.run(
        [sys.executable, "-m", "publisher", "guide", "software-engineer", "--name", NAME,
         "--hours", "8", "--start", "2027-01-04", "-o", str(folder), "--out-name", "named"],
        env={**os.environ, "PUBLISHER_CACHE": str(cache)},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert ended.returncode == 0, ended.stderr
    return MadeGuide(folder / "named.pdf", folder / "named.epub")


def test_the_epub_has_the_name_as_text(guide: MadeGuide) -> None:
    with zipfile.ZipFile(guide.epub) as package:
        page = etree.fromstring(package.read("EPUB/title.xhtml"))
    assert NAME in text_of(page)


@pytest.mark.validator
def test_the_pdf_has_the_name_in_bundled_fonts(guide: MadeGuide) -> None:
    """No font of the machine steps in, and no glyph is missing (veraPDF checks both)."""
    bundled = {face.pdf_name for face in FACES}
    bundled |= {font.family.replace(" ", "-") for font in SCRIPT_FONTS}
    assert {font.rstrip(",") for font in validators.pdffonts(guide.pdf)} <= bundled
    assert [] == validators.verapdf(guide.pdf)


@pytest.mark.validator
def test_the_epub_is_valid(guide: MadeGuide) -> None:
    assert [] == validators.epubcheck(guide.epub)
