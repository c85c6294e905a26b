"""Sets a section: its XHTML, block by block, down the columns of its pages."""

from dataclasses import dataclass, field
from itertools import zip_longest
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

from pikepdf import Array, Dictionary, Name, Object

from publisher.rendering.names import BLOCK, PAGE_XREF, SVG
from publisher.rendering.pdf.copyfit import SHORT
from publisher.rendering.pdf.fragment import Fragment, FragmentJob
from publisher.rendering.pdf.setter.flow import Flow
from publisher.rendering.pdf.setter.picture import Chart
from publisher.rendering.pdf.setter.sheet import Sheet
from publisher.rendering.pdf.setter.styles import (
    GROUND,
    GUTTER,
    LIST_RULE,
    RULE,
    SETTINGS,
    SIDE,
    TABLES,
    TEAL,
    TINTED,
    Columns,
    Setting,
    styles_of,
)
from publisher.rendering.pdf.setter.text import Line, lines_of, words_of
from publisher.rendering.pdf.stamps import DESCENT

PAPERS = {"a4": (595.275591, 841.889764), "letter": (612.0, 792.0)}
"""Width and height in points, as the general renderer computes them."""

HEAD_RULE, ROW_RULE = 0.9, 0.4
"""Weights in points of the rules below the head and below each row of a table."""

SLOT = 20.0, 12.0
"""Width and height in points of the room for a page number."""

UNDER_CHART = 3.4
"""Room in points below a chart for the descenders of a line of text, in which it stands."""

CLOSER = 0.96, 0.91
"""Parts of the usual line heights and paddings, tried one after the other."""

INDENT = 10.0
"""Of an index entry's further lines, in points."""


def set_section(job: FragmentJob) -> Fragment:
    """The fragment of a plain section, set closer if that saves a short last page.

    Raises `ValueError` for what this cannot set.
    """
    loose = _filled(job, 1.0)
    if len(loose.sheet.pages) == 1 or loose.last_page > SHORT:
        return _fragment(loose)
    for closer in CLOSER:
        flow = _filled(job, closer)
        if len(flow.sheet.pages) < len(loose.sheet.pages):
            return _fragment(flow)
    return _fragment(loose)


def _filled(job: FragmentJob, closer: float) -> Flow:
    """Pages with the section on them; `closer` is the part of the usual line heights."""
    body = ET.fromstring(job.xhtml).find("body")  # noqa: S314  # composed by us
    if body is None:
        raise ValueError("a document without body")
    width, height = PAPERS[job.paper]
    sheet = Sheet(width, height, styles_of(Path(job.fonts_folder)))
    variant = body.get("class", "")
    lefts, measure = [SIDE], width - 2 * SIDE
    if variant == "index":
        measure = (measure - GUTTER) / 2
        lefts.append(SIDE + measure + GUTTER)
    (section,) = body
    flow = Flow(sheet, lefts, measure, section.get("id", ""))
    setter = Setter(flow, variant, closer)
    for block, following in zip(section, [*section[1:], None], strict=True):
        setter.set(block, following)
    return flow


def _fragment(flow: Flow) -> Fragment:
    anchors = {flow.name: (0, SIDE, flow.top_of_page)}
    return Fragment(flow.sheet.finished(), len(flow.sheet.pages), anchors, tuple(flow.starts))


@dataclass
class Setter:
    """Sets the blocks of one section.

    `variant` is its template, which changes some styles; `closer` the part of the usual heights.
    """

    flow: Flow
    variant: str
    closer: float = 1.0

    def setting(self, kind: str) -> Setting:
        """How a kind of text is set here."""
        usual = SETTINGS[kind]
        return Setting(
            *(points * self.closer for points in (usual.leading, usual.above, usual.below))
        )

    @property
    def sheet(self) -> Sheet:
        """The pages."""
        return self.flow.sheet

    def set(self, block: Any, following: Any) -> None:
        """Set a block; `following` is the next one, which a heading stays with."""
        match block.tag, block.get("class", ""):
            case "h1", _:
                self._text(block, "h1", "H1")
                self.flow.below_title()
            case "h2", _:
                self._text(block, self._named("h2"), "H2", self._least(following))
            case "p", ("lead" | "note") as kind:
                self._text(block, kind, "P")
            case "figure", _:
                self._figure(block)
            case "table", kind if kind in TABLES:
                Table(self, block, TABLES[kind]).set()
            case "ul", "index":
                self._entries(block)
            case tag, kind:
                raise ValueError(f"<{tag} class={kind!r}> is not plain")

    def _named(self, kind: str) -> str:
        special = f"{self.variant}-{kind}"
        return special if special in SETTINGS else kind

    def _least(self, block: Any) -> float:
        """How much of a block should stand below its heading, in points."""
        if block is None:
            return 0.0
        return 17.0 if block.get("class") == "entries" else 60.0 if block.tag == "table" else 26.0

    def _text(self, block: Any, kind: str, tag: str, more: float = 0.0) -> None:
        setting = self.setting(kind)
        lines = lines_of(words_of(block, kind, kind), self.flow.measure, self.sheet.styles)
        room = len(lines) * setting.leading
        self.flow.space(setting.above)
        self.flow.room(room + more)
        self.flow.begins(block.get(BLOCK))
        element = self.sheet.element(tag)
        for line in lines:
            baseline = self.flow.line(setting.leading, self.sheet.styles[kind])
            self.show(line, element, self.flow.left, baseline)
        self.flow.after = setting.below

    def show(self, line: Line, element: Object | None, left: float, baseline: float) -> None:
        """Put a line on the page; its links become links unless it is an artifact."""
        for segment in line:
            x = left + segment.x
            target = element
            if segment.link and element is not None:
                corners = x, baseline - 3.0, x + segment.width, baseline + 9.0
                target = self.sheet.link(element, segment.link, corners)
            self.sheet.text(target, segment.style, segment.text, x, baseline)

    def _figure(self, block: Any) -> None:
        styles = self.sheet.styles
        faces = {"regular": styles["cell"].face, "bold": styles["h1"].face}
        svg = block.find(f"{SVG}svg")
        if svg is None:
            raise ValueError("a figure without a chart")
        chart = Chart(svg, self.flow.measure, faces)
        caption = block.find("figcaption")
        words = words_of(caption, "figcaption", "figcaption")
        lines = lines_of(words, self.flow.measure, styles)
        setting = self.setting("figcaption")
        self.flow.space(8.0)
        under_chart = UNDER_CHART + setting.above
        self.flow.room(chart.height + under_chart + len(lines) * setting.leading)
        top = self.flow.y
        element = self.sheet.element("Figure")
        element.Alt = chart.title
        box = [self.flow.left, top - chart.height, self.flow.left + chart.width, top]
        element.A = Dictionary(O=Name.Layout, BBox=Array(box), Placement=Name.Block)
        self.sheet.show(element, chart.operators(self.sheet, self.flow.left, top))
        self.flow.y -= chart.height + under_chart
        under = self.sheet.element("Caption", element)
        for line in lines:
            baseline = self.flow.line(setting.leading, styles["figcaption"])
            self.show(line, under, self.flow.left, baseline)
        self.flow.after = setting.below

    def _entries(self, block: Any) -> None:
        """Index entries: a name, and numbers broken over lines as they come."""
        leading, style = self.setting("entry").leading, self.sheet.styles["entry"]
        listing = self.sheet.element("L")
        for item in block:
            words = words_of(item, "entry", "entry-link")
            lines = lines_of(words, self.flow.measure, self.sheet.styles, INDENT)
            body = self.sheet.element("LBody", self.sheet.element("LI", listing))
            for i, line in enumerate(lines):
                self.flow.room(leading)
                if not i:
                    self.flow.begins(item.get(BLOCK))
                self.show(line, body, self.flow.left, self.flow.line(leading, style))
        self.flow.after = 0.0


@dataclass
class Table:
    """A table with a head that is shown again on each page."""

    setter: Setter
    element: Any
    columns: Columns
    heads: list[Any] = field(default_factory=list)
    broken: dict[Any, list[Line]] = field(default_factory=dict)
    """Cells whose lines are known."""

    def set(self) -> None:
        """Set the whole table."""
        flow, sheet = self.setter.flow, self.setter.sheet
        table = sheet.element("Table")
        flow.space(0.0 if self.columns.cell == "contents" else 6.0)
        head = self.element.find("thead")
        unseen = head is None or head.get("class") == "unseen"
        self.heads = [] if head is None or unseen else list(head)
        if head is not None:
            part = sheet.element("THead", table)
            for row in head:
                if unseen:
                    self._unseen(row, part)
                else:
                    self._row(row, part, head=True)
        for body in self.element.findall("tbody"):
            part = sheet.element("TBody", table)
            for row, following in zip_longest(body, body[1:]):
                group = row.get("class") == "group" and following is not None
                needed = self._height(row) + (self._height(following) if group else 0.0)
                if flow.room(needed):
                    for again in self.heads:
                        self._row(again, None, head=True)
                self._row(row, part)
        flow.after = 0.0 if self.columns.cell == "contents" else 7.0

    def _unseen(self, row: Any, part: Object) -> None:
        """Header cells that only a screen reader meets: they have no content on the page."""
        line = self.setter.sheet.element("TR", part)
        for cell in row:
            element = self._cell(cell, line)
            element.ActualText = "".join(cell.itertext())

    def _row(self, row: Any, part: Object | None, *, head: bool = False) -> None:
        flow, sheet = self.setter.flow, self.setter.sheet
        above, _, below = self._pads(row)
        leading = self.setter.setting(self.columns.cell).leading
        height = self._height(row)
        flow.begins(None if head and part is None else row.get(BLOCK))
        top = flow.y
        if row.get("class") in TINTED:
            sheet.ground(flow.left, top - height, flow.measure, height, GROUND)
        line = None if part is None else sheet.element("TR", part)
        for cell, left, width, place in self._cells(row):
            lines = self._lines(cell, row, width, head=head)
            element = None if line is None else self._cell(cell, line)
            y = top - above
            if head:  # stands at the foot of its cell
                y = top - height + HEAD_RULE + below + len(lines) * leading
            for each in lines:
                y -= leading
                baseline = y + self._lift(leading)
                shift = 0.0
                if place in self.columns.to_the_right and each:
                    shift = width - each[-1].x - each[-1].width
                self.setter.show(each, element, left + shift, baseline)
            for slot in cell.iter("a"):
                if slot.get("class") == "page" and element is not None:
                    self._slot(slot, element, left + width, top - above - leading)
        flow.y = top - height
        if head:
            sheet.rule(flow.left, flow.y + HEAD_RULE / 2, flow.measure, TEAL, HEAD_RULE)
        else:
            ink = LIST_RULE if self.columns.cell == "contents" else RULE
            sheet.rule(flow.left, flow.y + ROW_RULE / 2, flow.measure, ink, ROW_RULE)

    def _slot(self, slot: Any, element: Object, right: float, bottom: float) -> None:
        """Room for a page number, as high as a line of furniture."""
        lift = self._lift(self.setter.setting(self.columns.cell).leading)
        foot = bottom + lift - DESCENT * SLOT[1]
        corners = right - SLOT[0], foot, right, foot + SLOT[1]
        self.setter.sheet.link(element, slot.get("href"), corners)

    def _lift(self, leading: float) -> float:
        style = self.setter.sheet.styles[self.columns.cell]
        return style.lift(leading)

    def _cell(self, cell: Any, line: Object) -> Object:
        element = self.setter.sheet.element("TH" if cell.tag == "th" else "TD", line)
        about = Dictionary(O=Name.Table)
        if cell.tag == "th":
            about.Scope = Name.Column if cell.get("scope") == "col" else Name.Row
        if cell.get("colspan"):
            about.ColSpan = int(cell.get("colspan"))
        if len(about) > 1:
            element.A = about
        return element

    def _height(self, row: Any) -> float:
        above, _, below = self._pads(row)
        head = row in self.heads
        leading = self.setter.setting(self.columns.cell).leading
        most = max(
            len(self._lines(cell, row, width, head=head)) for cell, _, width, _ in self._cells(row)
        )
        text = max(most, 1) * leading
        if any(link.get("class") == "page" for link in row.iter("a")):
            text = max(text, SLOT[1])
        return above + text + below + (HEAD_RULE if head else ROW_RULE)

    def _lines(self, cell: Any, row: Any, width: float, *, head: bool) -> list[Line]:
        if cell not in self.broken:
            linked = f"{self.columns.cell}-link"
            words = words_of(cell, self._style(cell, row, head=head), linked)
            words = [word for word in words if not word.link.startswith(PAGE_XREF)]
            lines = lines_of(words, width, self.setter.sheet.styles)
            self.broken[cell] = [line for line in lines if line]
        return self.broken[cell]

    def _style(self, cell: Any, row: Any, *, head: bool) -> str:
        kind = self.columns.cell
        if head:
            return f"{kind}-head"
        if row.get("class") == "group":
            return f"{kind}-group"
        if row.get("class") in TINTED or row.get("class") == "met":
            return f"{kind}-grey"
        return f"{kind}-row" if cell.tag == "th" else kind

    def _pads(self, row: Any) -> tuple[float, float, float]:
        closer = self.setter.closer
        above, right, below = self.columns.pads
        if row.get("class") == "group":
            above = 4.0 if self.columns.cell == "gap" else 7.0
        return above * closer, right, below * closer

    def _cells(self, row: Any) -> list[tuple[Any, float, float, int]]:
        """Each cell with its left edge, the width of its text, and its column."""
        measure, right = self.setter.flow.measure, self.columns.pads[1]
        fixed = sum(width or 0.0 for width in self.columns.widths)
        rest = (measure - fixed) / sum(width is None for width in self.columns.widths)
        widths = [rest if width is None else width for width in self.columns.widths]
        found, place = [], 0
        for cell in row:
            span = int(cell.get("colspan", 1))
            width = sum(widths[place : place + span])
            last = place + span == len(widths)
            aligned = place in self.columns.to_the_right
            left = self.setter.flow.left + sum(widths[:place])
            found.append((cell, left, width if last or aligned else width - right, place))
            place += span
        return found
