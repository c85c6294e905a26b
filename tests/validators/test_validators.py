"""Every validator finds nothing in a good file and refuses a broken one, so none passes unseen."""

import zipfile
from pathlib import Path

import pikepdf
import pytest

from publisher.records.diagnostics import Diagnostic
from tests import validators
from tests.validators import programs

pytestmark = pytest.mark.validator

PACKAGE = """<?xml version="1.0" encoding="utf-8"?>
<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="id" xml:lang="en">
  <metadata xmlns:dc="http://purl.org/dc/elements/1.1/">
    <dc:identifier id="id">urn:example:book</dc:identifier>
    <dc:title>A small book</dc:title>
    <dc:language>en</dc:language>
    <dc:date>2027-01-04</dc:date>
    <meta property="dcterms:modified">2027-01-04T00:00:00Z</meta>
    <meta property="schema:accessMode">textual</meta>
    <meta property="schema:accessModeSufficient">textual</meta>
    <meta property="schema:accessibilityFeature">tableOfContents</meta>
    <meta property="schema:accessibilityHazard">none</meta>
    <meta property="schema:accessibilitySummary">Text only.</meta>
  </metadata>
  <manifest>
    <item id="nav" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>
    <item id="page" href="page.xhtml" media-type="application/xhtml+xml"/>
  </manifest>
  <spine><itemref idref="page"/></spine>
</package>
"""

XHTML = """<?xml version="1.0" encoding="utf-8"?>
<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops" lang="en"
      xml:lang="en">
  <head><title>A small book</title></head>
  <body>{}</body>
</html>
"""
NAVIGATION = XHTML.format(
    '<nav epub:type="toc" role="doc-toc" aria-label="Contents">'
    '<ol><li><a href="page.xhtml">A small book</a></li></ol></nav>'
)
PAGE = XHTML.format("<h1>A small book</h1>")

CONTAINER = """<?xml version="1.0" encoding="utf-8"?>
<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container" version="1.0">
  <rootfiles>
    <rootfile full-path="book.opf" media-type="application/oebps-package+xml"/>
  </rootfiles>
</container>
"""


def small_epub(folder: Path, package: str = PACKAGE) -> Path:
    """A book of one page."""
    path = folder / "small.epub"
    with zipfile.ZipFile(path, "w") as book:
        book.writestr("mimetype", "application/epub+zip")
        book.writestr("META-INF/container.xml", CONTAINER)
        book.writestr("book.opf", package)
        book.writestr("nav.xhtml", NAVIGATION)
        book.writestr("page.xhtml", PAGE)
    return path


def small_pdf(folder: Path, pages: int = 1) -> Path:
    """Pages of 72 by 144 points with a word in a font of the reader's machine, and no tags."""
    document = pikepdf.new()
    font = pikepdf.Dictionary(
        Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica
    )
    resources = pikepdf.Dictionary(F=document.make_indirect(font))
    for _ in range(pages):
        page = document.add_blank_page(page_size=(72, 144))
        page.Resources = pikepdf.Dictionary(Font=resources)
        page.contents_add(b"BT /F 12 Tf 10 10 Td (word) Tj ET")
    path = folder / "small.pdf"
    document.save(path)
    return path


def codes(found: list[Diagnostic]) -> set[str]:
    return {each.code for each in found}


def without(line: str) -> str:
    """The package document without its lines that hold `line`."""
    assert line in PACKAGE
    return "".join(each for each in PACKAGE.splitlines(keepends=True) if line not in each)


@pytest.mark.parametrize("validator", [validators.epubcheck, validators.ace])
def test_a_good_book_is_clean(validator: validators.Validator, tmp_path: Path) -> None:
    assert [] == validator(small_epub(tmp_path))


def test_epubcheck_refuses_a_book_without_title(tmp_path: Path) -> None:
    assert {"RSC-005"} == codes(validators.epubcheck(small_epub(tmp_path, without("dc:title"))))


def test_epubcheck_refuses_what_is_only_a_warning(tmp_path: Path) -> None:
    """A date in an unknown form is below an error, and is told all the same."""
    package = PACKAGE.replace("<dc:date>2027-01-04<", "<dc:date>soon<")
    assert {"OPF-053"} == codes(validators.epubcheck(small_epub(tmp_path, package)))


def test_epubcheck_names_the_place(tmp_path: Path) -> None:
    """File inside the book, line and column are in the finding."""
    package = PACKAGE.replace("<dc:language>en<", "<dc:language>no language<")
    (found,) = validators.epubcheck(small_epub(tmp_path, package))
    assert ("book.opf", 6) == (Path(found.file).name, found.line)


def test_ace_refuses_a_book_that_hides_how_accessible_it_is(tmp_path: Path) -> None:
    package = without("schema:accessibilitySummary")
    found = validators.ace(small_epub(tmp_path, package))
    assert {"metadata-accessibilitysummary"} == codes(found)


def test_verapdf_refuses_an_untagged_file(tmp_path: Path) -> None:
    """7.1-11: PDF/UA-1 wants a structure tree."""
    assert "7.1-11" in codes(validators.verapdf(small_pdf(tmp_path)))


def test_verapdf_checks_the_flavour_that_is_asked_for(tmp_path: Path) -> None:
    """6.6.2.1-1: PDF/A-3 wants metadata in XMP; PDF/UA-1 has no rule of that number."""
    assert "6.6.2.1-1" in codes(validators.verapdf(small_pdf(tmp_path), "3a"))


@pytest.mark.parametrize("validator", [validators.verapdf, validators.epubcheck, validators.ace])
def test_no_verdict_is_an_error(validator: validators.Validator, tmp_path: Path) -> None:
    """A file that is no book at all never counts as clean."""
    path = tmp_path / "no-book"
    path.write_text("no book", "utf-8")
    try:
        found = validator(path)
    except programs.ValidatorError:
        return
    assert found


def test_qpdf_passes_a_good_file(tmp_path: Path) -> None:
    assert [] == validators.qpdf(small_pdf(tmp_path))


def test_qpdf_refuses_a_file_that_was_cut_off(tmp_path: Path) -> None:
    path = small_pdf(tmp_path)
    path.write_bytes(path.read_bytes()[:-100])
    assert {"qpdf"} == codes(validators.qpdf(path))


def test_a_font_of_the_machine_is_seen(tmp_path: Path) -> None:
    """A font that a file only names is listed, and as not embedded."""
    path = small_pdf(tmp_path)
    assert ["Helvetica"] == validators.pdffonts(path)
    assert ["Helvetica"] == validators.unembedded_fonts(path)


def test_every_page_becomes_a_picture(tmp_path: Path) -> None:
    """A page of 72 by 144 points is 100 by 200 pixels at 100 dots an inch."""
    pictures = validators.pages_as_pictures(small_pdf(tmp_path, pages=2), 100)
    assert [(100, 200), (100, 200)] == [picture.size for picture in pictures]


def test_a_missing_program_skips_the_test_and_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("PUBLISHER_REQUIRE_VALIDATORS", raising=False)
    with pytest.raises(pytest.skip.Exception, match="no-such-program is not installed; brew it"):
        programs.program("no-such-program", hint="brew it")


def test_a_missing_program_fails_the_test_where_validators_are_required(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PUBLISHER_REQUIRE_VALIDATORS", "1")
    with pytest.raises(pytest.fail.Exception, match="no-such-program is not installed; brew it"):
        programs.program("no-such-program", hint="brew it")
