"""Something that is wrong in a file, where it is and what to do about it."""

from dataclasses import dataclass

Place = tuple[int, int]
"""Line and column, both from 1."""


@dataclass(frozen=True, slots=True, order=True)
class Diagnostic:
    """One finding, for records, templates, renderers and finished files alike.

    `line` and `column` count from 1; 0 says that the finding has no place in the file.
    """

    file: str
    line: int
    column: int
    code: str
    text: str
    hint: str = ""

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}:{self.column}" if self.line else self.file
        hint = f"\n    hint: {self.hint}" if self.hint else ""
        return f"{place}: {self.code} {self.text}{hint}"


class DiagnosedError(Exception):
    """Work cannot go on; `diagnostics` (never empty) say why."""

    def __init__(self, diagnostics: list[Diagnostic]) -> None:
        super().__init__("\n".join(map(str, diagnostics)))
        self.diagnostics = diagnostics
