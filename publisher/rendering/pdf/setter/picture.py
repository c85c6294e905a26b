"""Charts: the few shapes of SVG that the theme's charts consist of, with their own stylesheet."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from publisher.rendering.names import SVG
from publisher.rendering.pdf.setter.faces import Face
from publisher.rendering.pdf.setter.sheet import Sheet, Style, colour

RULES = re.compile(r"([a-z]*)(?:\.([\w-]+))?\s*\{([^}]*)\}")
FONT_SIZE = re.compile(r"([\d.]+)px")

KAPPA = 0.5522847498
"""Control points of the four Bézier curves that come nearest to a circle of radius 1."""

PAINT = {(True, True): b"B", (True, False): b"f", (False, True): b"S", (False, False): b"n"}
"""Whether to fill and to stroke, to the operator that does (PDF 1.7, 8.5.3)."""


@dataclass(frozen=True)
class Chart:
    """An SVG whose text is set in two faces of the theme. Sizes are in points."""

    svg: Any
    width: float
    faces: Mapping[str, Face]

    @property
    def size(self) -> tuple[float, float]:
        """Width and height in the SVG's own units."""
        _, _, width, height = map(float, self.svg.get("viewBox").split())
        return width, height

    @property
    def scale(self) -> float:
        """Points a unit."""
        return self.width / self.size[0]

    @property
    def height(self) -> float:
        """Its height in points."""
        return self.size[1] * self.scale

    @property
    def title(self) -> str:
        """The text alternative."""
        return str(self.svg.findtext(f"{SVG}title") or "")

    def operators(self, sheet: Sheet, left: float, top: float) -> bytes:
        """What draws it with its upper left corner at a point. Raises `ValueError`."""
        rules = dict(_rules(self.svg.findtext(f"{SVG}style") or ""))
        parts = [
            self._shape(element, _styled(element, rules), sheet)
            for element in self.svg
            if element.tag not in (f"{SVG}title", f"{SVG}style")
        ]
        place = b"q %.5f 0 0 %.5f %.2f %.2f cm\n" % (self.scale, -self.scale, left, top)
        return place + b"".join(parts) + b"Q\n"

    def _shape(self, element: Any, style: Mapping[str, str], sheet: Sheet) -> bytes:
        def number(name: str) -> float:
            return float(element.get(name, 0))

        match element.tag.removeprefix(SVG):
            case "rect":
                box = number("x"), number("y"), number("width"), number("height")
                return _painted(b"%.2f %.2f %.2f %.2f re " % box, style)
            case "line":
                ends = number("x1"), number("y1"), number("x2"), number("y2")
                return _painted(b"%.2f %.2f m %.2f %.2f l " % ends, style)
            case "circle":
                return _painted(_circle(number("cx"), number("cy"), number("r")), style)
            case "text":
                return self._text(element, style, sheet)
            case other:
                raise ValueError(f"a chart with <{other}>")

    def _text(self, element: Any, style: Mapping[str, str], sheet: Sheet) -> bytes:
        """Text stands upright though the chart's axis points down."""
        text = "".join(element.itertext())
        named = FONT_SIZE.search(style.get("font-size") or style.get("font", ""))
        size = float(named[1]) if named else 9.0
        face = "bold" if style.get("font-weight") == "700" else "regular"
        ink = style.get("fill", "#000000")
        name = f"chart-{face}-{size:g}-{ink[1:]}".replace(".", "_")
        kind = sheet.styles.setdefault(name, Style(self.faces[face], size, ink))
        x = float(element.get("x", 0))
        if element.get("text-anchor") == "middle":
            x -= kind.width(text) / 2
        shown = sheet.text_operators(name, text, 0, 0)
        return b"q 1 0 0 -1 %.2f %.2f cm " % (x, float(element.get("y", 0))) + shown + b"Q\n"


def _rules(style: str) -> Iterator[tuple[tuple[str, str], dict[str, str]]]:
    """Tag and class to declarations, in their order."""
    for tag, name, body in RULES.findall(style):
        pairs = (pair.partition(":") for pair in body.split(";") if ":" in pair)
        yield (tag, name), {key.strip(): value.strip() for key, _, value in pairs}


def _styled(element: Any, rules: Mapping[tuple[str, str], Mapping[str, str]]) -> Mapping[str, str]:
    """The declarations for an element, the more special ones last."""
    tag, name = element.tag.removeprefix(SVG), element.get("class", "")
    found: dict[str, str] = {}
    for key in ((tag, ""), ("", name), (tag, name)):
        found |= rules.get(key, {})
    return found


def _painted(path: bytes, style: Mapping[str, str]) -> bytes:
    fill, stroke = style.get("fill"), style.get("stroke")
    head = colour(fill) + b" rg " if fill else b""
    if stroke:
        head += colour(stroke) + b" RG %.2f w " % float(style.get("stroke-width", 1))
    return head + path + PAINT[bool(fill), bool(stroke)] + b"\n"


def _circle(x: float, y: float, r: float) -> bytes:
    k = KAPPA * r
    curves = (
        (x + r, y + k, x + k, y + r, x, y + r), (x - k, y + r, x - r, y + k, x - r, y),
        (x - r, y - k, x - k, y - r, x, y - r), (x + k, y - r, x + r, y - k, x + r, y),
    )  # fmt: skip
    path = b"%.3f %.3f m " % (x + r, y)
    return path + b"".join(b"%.3f %.3f %.3f %.3f %.3f %.3f c " % curve for curve in curves)
