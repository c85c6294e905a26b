"""Names print as they are written: the picture is compared, not the text.

With two font files under one family WeasyPrint 70 prints wrong letters while every text extraction
returns the right ones. So each word is drawn a second time, by Pillow from the same font file, and
the two pictures are laid over each other.
"""

import shutil
from dataclasses import replace

import pytest
from PIL import Image, ImageChops, ImageDraw, ImageFont, ImageStat

from publisher.build.book import make_book
from publisher.build.reporter import Buffer
from publisher.build.store import Store
from publisher.build.workshop import Workshop
from publisher.editions.edition import Section
from publisher.records.catalogue import Catalogue
from publisher.rendering.theme import Theme
from publisher.settings import Settings
from tests.rendering.test_xhtml import EDITION, PAGE, theme_with
from tests.validators import pages_as_pictures

WORDS = ("Łukasiewicz", "Şimşek", "Nguyễn", "Γεωργία", "Жуковский")

WRONG = ("Đukasiewicz", "Simsek", "Nguyen", "Γεωργια", "Жуковскии")
"""The same words with one letter or accent wrong."""

ALIKE = 0.65
"""The two renderers agree on three quarters of the ink; one wrong letter leaves less than 0.57."""

FACES = {
    '"Source Serif 4"': "SourceSerif4-Regular.ttf",
    '"Source Sans 3"': "SourceSans3-Regular.ttf",
}

SIZE = (800, 200)
"""Every picture of a word is brought to this size before it is compared."""


def ink(picture: Image.Image) -> Image.Image:
    """The dark part of a picture, cut to its edges and brought to `SIZE`."""
    dark = ImageChops.invert(picture.convert("L"))
    return dark.crop(dark.getbbox()).resize(SIZE)


def drawn(word: str, font: str) -> Image.Image:
    """The word as Pillow draws it."""
    face = ImageFont.truetype(str(Settings().theme / "fonts" / font), 160)
    picture = Image.new("L", (3000, 400), 255)
    ImageDraw.Draw(picture).text((50, 50), word, font=face, fill=0)
    return ink(picture)


def likeness(one: Image.Image, other: Image.Image) -> float:
    """The part of the common ink in all ink, 0 to 1."""
    common, every = ImageChops.darker(one, other), ImageChops.lighter(one, other)
    return ImageStat.Stat(common).sum[0] / ImageStat.Stat(every).sum[0]


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory, catalogue: Catalogue) -> list[Image.Image]:
    """A page for each word in each face, from a book that was joined from two fragments."""
    folder = tmp_path_factory.mktemp("theme")
    shutil.copytree(Settings().theme / "styles", folder / "styles")
    sections = []
    for number, family in enumerate(FACES):
        lines = "".join(
            f"<p style='font: 40pt {family}; break-before: page'>{word}</p>" for word in WORDS
        )
        theme_with(lines, folder, PAGE)
        (folder / "templates" / "probe.xhtml").rename(folder / "templates" / f"w{number}.xhtml")
        sections.append(Section(f"w{number}", f"w{number}", furniture=False))
    edition = replace(EDITION, sections=tuple(sections))
    workshop = Workshop(Theme(folder), Store(folder / "cache"), Buffer(), 1)
    pdf = folder / "words.pdf"
    pdf.write_bytes(make_book(edition, catalogue, ["pdf"], workshop).files["pdf"])
    return [ink(page) for page in pages_as_pictures(pdf, 150)]


@pytest.mark.validator
def test_every_word_looks_as_it_is_written(printed: list[Image.Image]) -> None:
    wanted = [drawn(word, font) for font in FACES.values() for word in WORDS]
    assert len(wanted) == len(printed)
    for picture, reference in zip(printed, wanted, strict=True):
        assert likeness(picture, reference) > ALIKE


@pytest.mark.validator
def test_one_wrong_letter_does_not_pass(printed: list[Image.Image]) -> None:
    for picture, word in zip(printed, WRONG, strict=False):
        assert likeness(picture, drawn(word, "SourceSerif4-Regular.ttf")) < ALIKE
