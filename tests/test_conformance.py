"""Finished guides conform to the standards they claim, in the eyes of others' validators.

Each validator is also given a file that it has to refuse, so that none passes by not looking.
"""

import re
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pikepdf
import pytest

from publisher.records.diagnostics import Diagnostic
from publisher.rendering.theme import FACES
from tests import validators
from tests.conftest import BACKGROUNDS, MadeGuide

pytestmark = pytest.mark.validator


@pytest.fixture(params=BACKGROUNDS)
def guide(request: pytest.FixtureRequest, made_guides: Mapping[str, MadeGuide]) -> MadeGuide:
    """Each guide in turn."""
    return made_guides[request.param]


@pytest.fixture
def any_guide(made_guides: Mapping[str, MadeGuide]) -> MadeGuide:
    """A guide to spoil."""
    return made_guides[BACKGROUNDS[0]]


def codes(found: list[Diagnostic]) -> set[str]:
    return {each.code for each in found}


class TestEpub:
    """EPUBCheck and Ace on EPUB files."""

    def test_epubcheck_finds_nothing(self, guide: MadeGuide) -> None:
        assert [] == validators.epubcheck(guide.epub)

    def test_ace_finds_nothing(self, guide: MadeGuide) -> None:
        assert [] == validators.ace(guide.epub)

    def test_epubcheck_refuses_a_book_without_title(
        self, any_guide: MadeGuide, tmp_path: Path
    ) -> None:
        spoilt = rewritten(any_guide.epub, tmp_path, r"<dc:title.*?</dc:title>", "")
        assert "RSC-005" in codes(validators.epubcheck(spoilt))

    def test_epubcheck_refuses_what_is_only_a_warning(
        self, any_guide: MadeGuide, tmp_path: Path
    ) -> None:
        """A remark below an error, here a date in an unknown form, counts too."""
        spoilt = rewritten(
            any_guide.epub, tmp_path, "</metadata>", "<dc:date>soon</dc:date></metadata>"
        )
        assert {"OPF-053"} == codes(validators.epubcheck(spoilt))

    def test_ace_refuses_a_book_that_does_not_say_how_accessible_it_is(
        self, any_guide: MadeGuide, tmp_path: Path
    ) -> None:
        spoilt = rewritten(any_guide.epub, tmp_path, r"<meta property=\"schema:.*?</meta>", "")
        assert "metadata-accessmode" in codes(validators.ace(spoilt))


class TestPdf:
    """veraPDF, qpdf and poppler on PDF files."""

    def test_verapdf_finds_nothing_against_pdf_ua_1(self, guide: MadeGuide) -> None:
        assert [] == validators.verapdf(guide.pdf)

    def test_qpdf_finds_nothing(self, guide: MadeGuide) -> None:
        assert [] == validators.qpdf(guide.pdf)

    def test_only_bundled_fonts_are_used(self, guide: MadeGuide) -> None:
        bundled = {face.pdf_name for face in FACES}
        assert set() == set(validators.pdffonts(guide.pdf)) - bundled

    def test_the_text_faces_are_used(self, guide: MadeGuide) -> None:
        """So that a look at the fonts cannot pass by seeing none."""
        assert {"Source-Serif-4", "Source-Sans-3"} <= set(validators.pdffonts(guide.pdf))

    def test_every_font_is_embedded(self, guide: MadeGuide) -> None:
        assert [] == validators.unembedded_fonts(guide.pdf)

    def test_verapdf_refuses_an_untagged_file(self, any_guide: MadeGuide, tmp_path: Path) -> None:
        spoilt = tmp_path / "untagged.pdf"
        with pikepdf.open(any_guide.pdf) as document:
            del document.Root.StructTreeRoot
            document.save(spoilt)
        assert "7.1-11" in codes(validators.verapdf(spoilt))

    def test_qpdf_refuses_a_file_that_was_cut_off(
        self, any_guide: MadeGuide, tmp_path: Path
    ) -> None:
        spoilt = tmp_path / "cut.pdf"
        spoilt.write_bytes(any_guide.pdf.read_bytes()[:-2000])
        assert {"qpdf"} == codes(validators.qpdf(spoilt))

    def test_a_font_of_the_machine_is_seen(self, tmp_path: Path) -> None:
        """A font that a file only names is listed, and as not embedded."""
        spoilt = tmp_path / "helvetica.pdf"
        page_in_helvetica().save(spoilt)
        assert ["Helvetica"] == validators.pdffonts(spoilt)
        assert ["Helvetica"] == validators.unembedded_fonts(spoilt)

    def test_every_page_becomes_a_picture(self, tmp_path: Path) -> None:
        """A page of 72 by 144 points is 100 by 200 pixels at 100 dots an inch."""
        path = tmp_path / "two.pdf"
        document = page_in_helvetica()
        document.pages.append(document.pages[0])
        document.save(path)
        assert [(100, 200)] * 2 == [each.size for each in validators.pages_as_pictures(path, 100)]


def rewritten(epub: Path, folder: Path, pattern: str, new: str) -> Path:
    """A copy of an EPUB in which every match in the package document reads otherwise."""
    copy = folder / "spoilt.epub"
    changes = 0
    with zipfile.ZipFile(epub) as old, zipfile.ZipFile(copy, "w") as spoilt:
        for entry in old.infolist():
            content = old.read(entry)
            if entry.filename.endswith(".opf"):
                text, changes = re.subn(pattern, new, content.decode(), flags=re.DOTALL)
                content = text.encode()
            spoilt.writestr(entry, content)
    assert changes
    return copy


def page_in_helvetica() -> pikepdf.Pdf:
    """A page of 72 by 144 points with a word in a font that every PDF reader has."""
    document = pikepdf.new()
    document.add_blank_page(page_size=(72, 144))
    font = pikepdf.Dictionary(
        Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica
    )
    document.pages[0].Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F=font))
    document.pages[0].contents_add(b"BT /F 12 Tf 10 10 Td (word) Tj ET")
    return document
