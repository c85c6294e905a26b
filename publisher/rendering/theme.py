"""A theme: templates, styles and fonts in one folder, and nothing from the machine."""

import hashlib
import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import uharfbuzz as hb
from jinja2 import Environment

from publisher.rendering.filters import FILTERS
from publisher.rendering.templates import environment_of

TEXT_FACES = ("SourceSerif4-Regular", "SourceSans3-Regular")
"""The faces whose shared characters a text may use."""


@dataclass(frozen=True, slots=True)
class Face:
    """One complete font file for one family, weight and style.

    Two files under one family, weight and style silently print wrong letters in WeasyPrint 70.
    """

    family: str
    weight: int
    italic: bool
    file: str

    @property
    def css(self) -> str:
        """The @font-face rule."""
        style = "italic" if self.italic else "normal"
        return (
            f'@font-face {{ font-family: "{self.family}"; font-weight: {self.weight}; '
            f'font-style: {style}; src: url("fonts/{self.file}") }}\n'
        )

    @property
    def pdf_name(self) -> str:
        """What WeasyPrint calls the face in a PDF, without the tag: Pango's description."""
        weight = {400: "", 600: "-Semi-Bold", 700: "-Bold"}[self.weight]
        return self.family.replace(" ", "-") + weight + ("-Italic" if self.italic else "")


FACES = (
    Face("Source Serif 4", 400, False, "SourceSerif4-Regular.ttf"),
    Face("Source Serif 4", 400, True, "SourceSerif4-Italic.ttf"),
    Face("Source Serif 4", 600, False, "SourceSerif4-SemiBold.ttf"),
    Face("Source Serif 4", 600, True, "SourceSerif4-SemiBoldItalic.ttf"),
    Face("Source Sans 3", 400, False, "SourceSans3-Regular.ttf"),
    Face("Source Sans 3", 400, True, "SourceSans3-Italic.ttf"),
    Face("Source Sans 3", 600, False, "SourceSans3-SemiBold.ttf"),
    Face("Source Sans 3", 700, False, "SourceSans3-Bold.ttf"),
    Face("Source Code Pro", 400, False, "SourceCodePro-Regular.ttf"),
)


@dataclass(frozen=True, slots=True)
class ScriptFont:
    """A font for names in a script that the text faces do not have."""

    family: str
    file: str
    characters: str
    """A regular expression character class."""


SCRIPT_FONTS = (
    ScriptFont("Noto Naskh Arabic", "NotoNaskhArabic-Regular.ttf", "\u0600-\u06ff\u0750-\u077f"),
    ScriptFont("Noto Sans Hebrew", "NotoSansHebrew-Regular.ttf", "\u0590-\u05ff"),
    ScriptFont("Noto Sans Devanagari", "NotoSansDevanagari-Regular.ttf", "\u0900-\u097f"),
    ScriptFont("Noto Sans Thai", "NotoSansThai-Regular.ttf", "\u0e00-\u0e7f"),
    ScriptFont("Noto Sans KR", "NotoSansKR-Regular.ttf", "\u1100-\u11ff\uac00-\ud7af"),
    ScriptFont(
        "Noto Sans SC",
        "NotoSansSC-Regular.ttf",
        "\u2e80-\u30ff\u3400-\u9fff\uf900-\ufaff\uff00-\uffef",
    ),
    ScriptFont("Noto Emoji", "NotoEmoji-Regular.ttf", "\u2600-\u27bf\U0001f000-\U0001faff"),
)


@dataclass(frozen=True)
class Theme:
    """The theme in `folder`."""

    folder: Path

    @cached_property
    def environment(self) -> Environment:
        """The templates."""
        return environment_of(self.folder, FILTERS)

    def render(self, template: str, **context: Any) -> str:
        """The text of a template such as `module.xhtml`."""
        return self.environment.get_template(template).render(context)

    @cached_property
    def print_style(self) -> str:
        """The stylesheet of the PDF, with the rules for the text faces."""
        faces = "".join(face.css for face in FACES)
        return faces + (self.folder / "styles" / "print.css").read_text("utf-8")

    @cached_property
    def epub_style(self) -> str:
        """The stylesheet of the EPUB."""
        return (self.folder / "styles" / "epub.css").read_text("utf-8")

    @cached_property
    def figure_style(self) -> str:
        """The classes in which figures are drawn, as the style element of an SVG."""
        return self.render("figure-style.svg")

    @cached_property
    def fonts_digest(self) -> str:
        """A digest of all font files, for the keys of fragments."""
        digest = hashlib.sha256()
        for path in sorted((self.folder / "fonts").glob("*.ttf")):
            digest.update(f"{path.name} {path.stat().st_size}".encode())
            digest.update(path.read_bytes()[:4096])  # the table directory holds every checksum
        return digest.hexdigest()

    @cached_property
    def characters(self) -> frozenset[int]:
        """Code points that every text face has."""
        sets = [set(self._unicodes(f"{face}.ttf")) for face in TEXT_FACES]
        return frozenset(set.intersection(*sets))

    def script_fonts(self, text: str) -> tuple[ScriptFont, ...]:
        """The fonts that `text` needs beside the text faces."""
        if text.isascii():
            return ()
        return tuple(font for font in SCRIPT_FONTS if re.search(f"[{font.characters}]", text))

    def missing(self, text: str) -> str:
        """The characters of `text` that no font of the theme has, each once, in order."""
        odd = [c for c in dict.fromkeys(text) if not c.isspace() and ord(c) not in self.characters]
        if not odd:
            return ""
        known: set[int] = {0x200C, 0x200D, 0xFE0E, 0xFE0F}  # joiners and variation selectors
        for font in self.script_fonts(text):
            known.update(self._unicodes(font.file))
        return "".join(c for c in odd if ord(c) not in known)

    def _unicodes(self, file: str) -> set[int]:
        blob = hb.Blob.from_file_path(str(self.folder / "fonts" / file))
        return set(hb.Face(blob).unicodes)
