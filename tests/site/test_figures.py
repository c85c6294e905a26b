"""The site has a rule for each class of the guides' figures, and the guides' own fonts."""

import re
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

from publisher.settings import CHECKOUT

STATIC = CHECKOUT / "themes" / "web" / "static"
DEFAULT = CHECKOUT / "themes" / "default"


def test_every_class_of_a_figure_has_a_rule() -> None:
    drawn = (DEFAULT / "templates" / "figure-style.svg").read_text("utf-8")
    style = (STATIC / "site.css").read_text("utf-8")
    classes = set(re.findall(r"\.([a-z-]+)[ ,{]", drawn))
    assert len(classes) > 30
    assert set() == {each for each in classes if not re.search(rf"svg \S*\.{each}\b", style)}


@pytest.mark.parametrize("path", sorted(STATIC.glob("fonts/*.woff2")), ids=lambda path: path.stem)
def test_a_font_is_that_of_the_guides_and_whole(path: Path) -> None:
    """Their names are reserved, so they may be packed, but not cut."""
    ours, theirs = TTFont(path), TTFont(DEFAULT / "fonts" / f"{path.stem}.ttf")
    assert theirs.getBestCmap() == ours.getBestCmap()
    assert theirs.getGlyphOrder() == ours.getGlyphOrder()
