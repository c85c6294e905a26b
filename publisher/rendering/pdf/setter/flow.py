"""Where the next line of a section goes: down a column, to the next column, to the next page."""

from collections.abc import Sequence

from publisher.rendering.pdf.setter.sheet import Sheet, Style
from publisher.rendering.pdf.setter.styles import BOTTOM, TOP


class Flow:
    """Columns of a sheet that are being filled from the top. Places are in points."""

    def __init__(self, sheet: Sheet, lefts: Sequence[float], measure: float) -> None:
        self.sheet = sheet
        self.lefts = tuple(lefts)
        self.measure = measure
        self.top_of_page = sheet.size[1] - TOP
        self.starts: list[int | None] = []
        """For each page the number of the first block that begins on it (see `Fragment`)."""
        self.after = 0.0
        """Room that the last block wants below it, if something follows."""
        self.column = 0
        self.y = self.top = self.top_of_page
        self._turn()

    @property
    def left(self) -> float:
        """The left edge of the column."""
        return self.lefts[self.column]

    def space(self, above: float) -> None:
        """Leave room before a block: the larger of what it and the last block want."""
        if self.y < self.top:
            self.y -= max(above, self.after)
        self.after = 0.0

    def below_title(self) -> None:
        """Columns of the first page begin here."""
        self.y -= self.after
        self.after = 0.0
        self.top = self.y

    def room(self, height: float) -> bool:
        """Go on to where `height` fits, if it does not here; whether that was another column."""
        if self.y - height >= BOTTOM or self.y == self.top:
            return False
        if self.column + 1 < len(self.lefts):
            self.column += 1
            self.y = self.top
        else:
            self._turn()
        return True

    def line(self, leading: float, style: Style) -> float:
        """Take a line's room; its baseline."""
        self.y -= leading
        return self.y + style.lift(leading)

    def begins(self, block: str | None) -> None:
        """Note that a block begins here."""
        if block is not None and len(self.starts) > 1 and self.starts[-1] is None:
            self.starts[-1] = int(block)

    def _turn(self) -> None:
        self.sheet.new_page()
        self.starts.append(None)
        self.column = 0
        self.y = self.top = self.top_of_page
