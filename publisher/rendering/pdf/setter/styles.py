"""How the sections look: the rules of print.css for them, in points. A test holds both together."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from publisher.rendering.pdf.setter.faces import Face
from publisher.rendering.pdf.setter.sheet import Style
from publisher.rendering.theme import FACES
from publisher.rendering.theme import Face as ThemeFace

TOP = BOTTOM = 58.0
SIDE = 68.0
"""Margins of the page."""

GUTTER = 22.0
"""Between the columns of the index."""

INK, TEAL, ORANGE, GREY, SLATE, LINK = (
    "#1c2530", "#0d4a52", "#9a4312", "#55636f", "#34424f", "#0d5f69",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Setting:
    """Line height of a kind of text, and the room above and below it."""

    leading: float
    above: float = 0.0
    below: float = 0.0


SETTINGS: Mapping[str, Setting] = {
    "h1": Setting(25.52, 0, 9),
    "h2": Setting(15.25, 11, 3),
    "contents-h2": Setting(13.25, 9, 1),
    "index-h2": Setting(13.75, 9, 1),
    "lead": Setting(14.96, 0, 8),
    "note": Setting(12.32, 6, 0),
    "figcaption": Setting(12.32, 4, 10),
    "cell": Setting(11.75),
    "gap": Setting(11.0),
    "contents": Setting(13.2),
    "entry": Setting(12.51),
}


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of a table: widths with their padding, None for what is left over.

    `pads` are the paddings of a cell above, to the right and below; `cell` is its kind of text.
    """

    widths: tuple[float | None, ...]
    pads: tuple[float, float, float] = (2.7, 6.0, 2.7)
    cell: str = "cell"
    to_the_right: frozenset[int] = frozenset()


TABLES: Mapping[str, Columns] = {
    "entries": Columns((None, 28.0), (1.7, 0.0, 1.7), "contents", frozenset({1})),
    "phases": Columns((110.0, 50.0, 46.0, None)),
    "modules": Columns((None, 64.0, 64.0, 28.0), to_the_right=frozenset({3})),
    "weeks": Columns((42.0, 68.0, None, 34.0), to_the_right=frozenset({3})),
    "gap": Columns((None, 42.0, 42.0, 42.0, 42.0, 72.0), (1.5, 6.0, 1.5), "gap"),
}

TINTED = frozenset({"review", "buffer", "free"})
"""Rows with a ground of paper colour and grey text."""

GROUND, RULE, LIST_RULE = "#f6f4ef", "#cfd6db", "#d9dee2"


def styles_of(fonts: Path) -> dict[str, Style]:
    """Every style by name, from the theme's fonts."""
    regular, semibold, bold = (Face(_sans(weight), fonts) for weight in (400, 600, 700))
    return {
        "h1": Style(bold, 22.0, TEAL), "h2": Style(bold, 12.2, TEAL),
        "contents-h2": Style(bold, 10.6, ORANGE), "index-h2": Style(bold, 11.0, TEAL),
        "lead": Style(regular, 11.0, SLATE), "note": Style(regular, 8.8, GREY),
        "figcaption": Style(regular, 8.8, GREY),
        "cell": Style(regular, 8.9, INK), "cell-link": Style(regular, 8.9, LINK),
        "cell-head": Style(semibold, 8.9, TEAL), "cell-row": Style(semibold, 8.9, INK),
        "cell-group": Style(bold, 8.9, ORANGE), "cell-grey": Style(regular, 8.9, GREY),
        "gap": Style(regular, 8.6, INK), "gap-link": Style(regular, 8.6, LINK),
        "gap-head": Style(semibold, 8.6, TEAL), "gap-row": Style(semibold, 8.6, INK),
        "gap-group": Style(bold, 8.6, ORANGE), "gap-grey": Style(regular, 8.6, GREY),
        "contents": Style(regular, 10.0, INK), "contents-link": Style(regular, 10.0, INK),
        "entry": Style(regular, 9.2, INK), "entry-link": Style(regular, 9.2, LINK),
    }  # fmt: skip


def _sans(weight: int) -> ThemeFace:
    return next(
        face
        for face in FACES
        if (face.family, face.weight, face.italic) == ("Source Sans 3", weight, False)
    )
