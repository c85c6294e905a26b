"""Merges the subsets that fragments embed of one face to one subset of the original file.

WeasyPrint keeps glyph ids, so the fragments' pages need no change: every font dictionary of a
face is replaced by one whose glyphs, widths and Unicode map are the union of theirs.
"""

import hashlib
import re
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import uharfbuzz as hb
from pikepdf import Array, Dictionary, Name, Object, Pdf

from publisher.rendering.theme import FACES, SCRIPT_FONTS

PAIR = re.compile(rb"<([0-9a-f]{4})> <([0-9a-f]+)>")

NO_WIDTH = b"200b"
"""ZERO WIDTH SPACE, which reads as nothing."""

UNUSED_TABLES = ("BASE", "DSIG", "GDEF", "GPOS", "GSUB", "JSTF", "LTSH", "PCLT", "STAT")
"""Tables that a viewer has no use for: glyphs are placed already."""

Subsetter = Callable[[Path, tuple[int, ...]], bytes]
"""From a font file and glyph ids to the reduced font."""


@dataclass(frozen=True, slots=True)
class FontSupply:
    """Where the original fonts are, how to reduce them, and a digit's width in furniture."""

    folder: Path
    subset: Subsetter
    digit_width: float


def merge_fonts(pdf: Pdf, resources: Iterable[Object], supply: FontSupply, volume: int = 0) -> None:
    """Replace the fonts in the font resource dictionaries by one font a face.

    Each volume of a book has subsets of its own, with a tag of their own.
    """
    files = {face.pdf_name: face.file for face in FACES}
    files |= {font.family.replace(" ", "-"): font.file for font in SCRIPT_FONTS}
    uses: dict[str, list[tuple[Object, str]]] = defaultdict(list)
    for fonts in resources:
        for key, font in fonts.items():
            uses[str(font.BaseFont)].append((fonts, key))
    for base_font in sorted(uses):
        places = uses[base_font]
        file = files.get(base_font.partition("+")[2].rstrip(","))
        if file is None:
            continue
        originals = [fonts[key] for fonts, key in places]
        name = _tagged(base_font, volume)
        merged = _merge(pdf, name, originals, supply.folder / file, supply.subset)
        for (fonts, key), font in zip(places, merged, strict=True):
            fonts[key] = font


def _merge(pdf: Pdf, name: str, fonts: list[Object], file: Path, subset: Subsetter) -> list[Object]:
    widths: dict[int, Object] = {}
    unicode: dict[bytes, bytes] = {}
    maps = [dict(PAIR.findall(font.ToUnicode.read_bytes())) for font in fonts]
    for font, pairs in zip(fonts, maps, strict=True):
        widths |= _widths(font.DescendantFonts[0].W)
        unicode = pairs | unicode
    shared = _font(pdf, name, fonts[0], widths, subset(file, tuple(sorted(widths))))
    # WeasyPrint gives a cluster's text to its first glyph; PDF/UA wants a text for each (7.21.7).
    every = {b"%04x" % glyph: NO_WIDTH for glyph in widths} | unicode
    shared.ToUnicode = pdf.make_stream(cmap(every))
    # One glyph can stand for two texts, say a small capital; such a font keeps its own map.
    result = []
    for font, pairs in zip(fonts, maps, strict=True):
        if all(unicode[glyph] == text for glyph, text in pairs.items()):
            result.append(shared)
        else:
            own = pdf.make_indirect(Dictionary(dict(shared.items())))
            own.ToUnicode = font.ToUnicode
            result.append(own)
    return result


def _font(pdf: Pdf, name: str, first: Object, widths: dict[int, Object], data: bytes) -> Object:
    descendant = Dictionary(dict(first.DescendantFonts[0].items()))
    descriptor = Dictionary(dict(descendant.FontDescriptor.items()))
    descendant.BaseFont = descriptor.FontName = Name(name)
    descriptor.FontFile2 = pdf.make_stream(data, Length1=len(data))
    descriptor.FontBBox = Array(
        [0, int(descriptor.Descent), max(int(w) for w in widths.values()), int(descriptor.Ascent)]
    )
    descendant.FontDescriptor = pdf.make_indirect(descriptor)
    packed = Array()
    for glyph in sorted(widths):
        packed.append(glyph)
        packed.append(Array([widths[glyph]]))
    descendant.W = packed
    font = Dictionary(
        Type=Name.Font,
        Subtype=Name.Type0,
        BaseFont=Name(name),
        Encoding=first.Encoding,
        DescendantFonts=Array([pdf.make_indirect(descendant)]),
    )
    return pdf.make_indirect(font)


def _tagged(name: str, volume: int) -> str:
    """`/ABCDEF+Face` with another tag of six letters for another volume (PDF 1.7, 9.6.4)."""
    if not volume:
        return name
    digest = hashlib.sha256(f"{name} {volume}".encode()).digest()
    tag = "".join(chr(ord("A") + byte % 26) for byte in digest[:6])
    return f"/{tag}+{name.partition('+')[2]}"


def _widths(packed: Object) -> dict[int, Object]:
    """A `W` array of the form `first [w w …] …` as glyph to width."""
    widths = {}
    items = list(packed)
    for first, group in zip(items[::2], items[1::2], strict=True):
        for i, width in enumerate(group):
            widths[int(first) + i] = width
    return widths


def cmap(unicode: dict[bytes, bytes]) -> bytes:
    """A ToUnicode CMap (PDF 1.7, 9.10.3) for two-byte glyph ids."""
    pairs = sorted(unicode.items())
    lines = [
        b"/CIDInit /ProcSet findresource begin", b"12 dict begin", b"begincmap",
        b"/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def",
        b"/CMapName /Adobe-Identity-UCS def", b"/CMapType 2 def",
        b"1 begincodespacerange", b"<0000> <ffff>", b"endcodespacerange",
    ]  # fmt: skip
    for i in range(0, len(pairs), 100):  # at most 100 pairs a block
        block = pairs[i : i + 100]
        lines.append(b"%d beginbfchar" % len(block))
        lines += [b"<%s> <%s>" % pair for pair in block]
        lines.append(b"endbfchar")
    lines += [b"endcmap", b"CMapName currentdict /CMap defineresource pop", b"end", b"end"]
    return b"\n".join(lines)


def subset_font(file: Path, glyphs: tuple[int, ...]) -> bytes:
    """The font in `file` reduced to `glyphs`, whose ids it keeps."""
    wanted = hb.SubsetInput()
    wanted.glyph_set.update(glyphs)
    wanted.flags = hb.SubsetFlags.RETAIN_GIDS | hb.SubsetFlags.NO_HINTING
    wanted.drop_table_tag_set.update(int.from_bytes(tag.encode(), "big") for tag in UNUSED_TABLES)
    face = hb.Face(hb.Blob.from_file_path(str(file)))
    return bytes(hb.subset(face, wanted).blob.data)
