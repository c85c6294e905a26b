"""Text in one face of the theme: shaped by HarfBuzz, shown by glyph, embedded by the book."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

import uharfbuzz as hb
from pikepdf import Array, Dictionary, Name, Object, Pdf

from publisher.rendering.pdf.fonts import cmap
from publisher.rendering.theme import Face as ThemeFace

FEATURES = {"tnum": True, "lnum": True}

GLYPH_SPACE = 1000
"""Units an em in which a PDF states widths (PDF 1.7, 9.2.4)."""


@dataclass(frozen=True, slots=True)
class Run:
    """Shaped text: glyphs with the thousandths of an em that each goes on, and texts by glyph."""

    glyphs: tuple[tuple[int, float], ...]
    texts: tuple[tuple[int, str], ...]
    width: float
    """In ems."""


@dataclass(frozen=True)
class Face:
    """A face of the theme in the folder of its fonts."""

    theme_face: ThemeFace
    folder: Path

    @cached_property
    def font(self) -> hb.Font:
        """The face as HarfBuzz knows it."""
        file = self.folder / self.theme_face.file
        return hb.Font(hb.Face(hb.Blob.from_file_path(str(file))))

    @cached_property
    def upem(self) -> float:
        """The font's own units an em."""
        return float(self.font.face.upem)

    @cached_property
    def extents(self) -> tuple[float, float]:
        """Ascent and descent (negative) in thousandths of an em."""
        extents = self.font.get_font_extents("ltr")
        return self._units(extents.ascender), self._units(extents.descender)

    def shape(self, text: str) -> Run | None:
        """The glyphs of a text; None if the face lacks one."""
        return _shaped(self, text)

    def advance(self, glyph: int) -> float:
        """How far a glyph goes on by itself, in thousandths of an em."""
        return _advance(self, glyph)

    def _units(self, value: float) -> float:
        return float(value) * GLYPH_SPACE / self.upem

    def operators(self, run: Run) -> bytes:
        """The operator that shows a run (PDF 1.7, 9.4.3)."""
        return _operators(self, run)

    def resource(self, pdf: Pdf, runs: Iterable[Run]) -> Object:
        """A font of the glyphs in `runs`, whose program the book embeds (see fonts.py)."""
        texts = {glyph: text for run in runs for glyph, text in run.texts}
        widths = Array()
        for glyph in sorted({glyph for run in runs for glyph, _ in run.glyphs}):
            widths.append(glyph)
            widths.append(Array([round(self.advance(glyph))]))
        base = Name(f"/LISTED+{self.theme_face.pdf_name}")
        ascent, descent = self.extents
        descriptor = Dictionary(
            Type=Name.FontDescriptor, FontName=base, Flags=4, ItalicAngle=0, StemV=80,
            FontFamily=self.theme_face.family, Ascent=round(ascent), Descent=round(descent),
            CapHeight=round(ascent),
            FontBBox=Array([0, round(descent), GLYPH_SPACE, round(ascent)]),
        )  # fmt: skip
        descendant = Dictionary(
            Type=Name.Font, Subtype=Name.CIDFontType2, BaseFont=base, W=widths,
            CIDSystemInfo=Dictionary(Registry="Adobe", Ordering="Identity", Supplement=0),
            CIDToGIDMap=Name.Identity, FontDescriptor=pdf.make_indirect(descriptor),
        )  # fmt: skip
        pairs = {b"%04x" % g: text.encode("utf-16-be").hex().encode() for g, text in texts.items()}
        return pdf.make_indirect(
            Dictionary(
                Type=Name.Font, Subtype=Name.Type0, BaseFont=base, Encoding=Name("/Identity-H"),
                DescendantFonts=Array([pdf.make_indirect(descendant)]),
                ToUnicode=pdf.make_stream(cmap(pairs)),
            )
        )  # fmt: skip


@lru_cache(maxsize=16384)
def _shaped(face: Face, text: str) -> Run | None:
    buffer = hb.Buffer()
    buffer.add_str(text)
    buffer.guess_segment_properties()
    hb.shape(face.font, buffer, FEATURES)
    infos, positions = buffer.glyph_infos, buffer.glyph_positions
    if any(info.codepoint == 0 for info in infos):
        return None
    scale = GLYPH_SPACE / face.font.face.upem
    starts = [info.cluster for info in infos] + [len(text)]
    glyphs = tuple(
        (info.codepoint, position.x_advance * scale)
        for info, position in zip(infos, positions, strict=True)
    )
    texts = tuple((glyphs[i][0], text[starts[i] : starts[i + 1]]) for i in range(len(glyphs)))
    return Run(glyphs, texts, sum(advance for _, advance in glyphs) / GLYPH_SPACE)


@lru_cache(maxsize=16384)
def _operators(face: Face, run: Run) -> bytes:
    parts, glyphs = [], b""
    for glyph, advance in run.glyphs:
        glyphs += b"%04x" % glyph
        correction = face.advance(glyph) - advance
        if correction:
            parts.append(b"<" + glyphs + b">%.1f" % correction)
            glyphs = b""
    if glyphs:
        parts.append(b"<" + glyphs + b">")
    return b"[" + b"".join(parts) + b"] TJ\n"


@lru_cache(maxsize=4096)
def _advance(face: Face, glyph: int) -> float:
    return float(face.font.get_glyph_h_advance(glyph)) * GLYPH_SPACE / face.upem
