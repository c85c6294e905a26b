"""What the lines of a file of readers say: field to plain value, each with its place."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from publisher.planning.codes import READER_REMEDIES
from publisher.planning.reader import Reader
from publisher.records.diagnostics import DiagnosedError, Diagnostic, Place
from publisher.records.document import UNPRINTABLE
from publisher.records.hints import nearest
from publisher.records.tree import DAY, Mistake

FIELDS = (*Reader.model_fields, "out_name")


@dataclass(frozen=True, slots=True)
class Columns:
    """The fields that a file may name, and the one without which its lines say nothing.

    Messages do not quote what stands in a line that is `discreet`, unless it is from a vocabulary.
    """

    names: tuple[str, ...]
    required: str
    discreet: bool = False

    def unknown(self, what: str, name: str) -> tuple[str, str]:
        """Text and hint for an unknown column or key."""
        hint = nearest(name[:LONGEST_SHOWN].lower(), self.names)
        return f"unknown {what} {shown(name)}", hint


READER_COLUMNS = Columns(FIELDS, "background")

UNFIT = re.compile(rf"{UNPRINTABLE.pattern}|[\t\n\r]")
"""What no text of a reader holds: a line end in an address would forge a line of a message."""

LONGEST_SHOWN = 60
"""So many characters of a value are shown."""

EXACT = 1e15
"""Below it, a float that is whole is the number that was written."""


@dataclass(slots=True)
class Row:
    """One line of the file: what it says of each field, and what is wrong with it.

    A value that has a mistake is left out as a whole, or, if it is a list, without the entry.
    """

    place: Place
    values: dict[str, Any] = field(default_factory=dict)
    places: dict[str, Place] = field(default_factory=dict)
    mistakes: list[Mistake] = field(default_factory=list)
    spoilt: set[str] = field(default_factory=set)
    """Fields of which everything is said; what follows from their mistakes is none."""
    readable: bool = True
    """False if the line as a whole is wrong, so that its fields are not worth looking at."""
    discreet: bool = False
    """True if messages should not quote what a person is called."""

    def put(self, name: str, value: Any) -> None:
        """Note the value of a field, unless it has characters that cannot be printed."""
        for text in _texts_in(value):
            if unfit := UNFIT.search(text):
                wrong = f"the character U+{ord(unfit[0]):04X} cannot be printed"
                self.report("L008", f"{name}: {wrong}{self.quoted(text)}", name)
                return
        self.values[name] = value

    def quoted(self, value: Any) -> str:
        """The value as the end of a message, or nothing."""
        return "" if self.discreet else f": {shown(value)}"

    def report(self, code: str, text: str, name: str, hint: str = "") -> None:
        """Remember a mistake at the field `name`; nothing more is to be said of the field."""
        self.spoilt.add(name)
        self.report_at(self.places.get(name, self.place), code, text, hint)

    def report_at(self, place: Place, code: str, text: str, hint: str = "") -> None:
        """Remember a mistake. Without a hint, the remedy of its code is one."""
        self.mistakes.append(Mistake(code, text, place, hint))

    def refuse(self, place: Place, code: str, text: str, hint: str = "") -> None:
        """Remember a mistake after which the fields of the line are not worth looking at."""
        self.readable = False
        self.report_at(place, code, text, hint)

    def diagnostics(self, file: str) -> Iterator[Diagnostic]:
        """The mistakes in the order of their places."""
        for each in sorted(self.mistakes, key=lambda mistake: mistake.place):
            yield diagnostic(file, each.code, each.text, each.place, each.hint or "")


def diagnostic(file: str, code: str, text: str, place: Place, hint: str = "") -> Diagnostic:
    """A finding in a file of readers. Without a hint, the remedy of its code is one."""
    return Diagnostic(file, *place, code, text, hint or READER_REMEDIES[code])


def useless(file: str, code: str, text: str, place: Place = (1, 1)) -> DiagnosedError:
    """What to raise when nothing can be made of a file."""
    return DiagnosedError([diagnostic(file, code, text, place)])


def place_after(text: str, place: Place = (1, 1)) -> Place:
    r"""The place right after `text`, which begins at `place` and does not end inside a \r\n."""
    line, column = place
    breaks = text.count("\n") + text.count("\r") - text.count("\r\n")
    if not breaks:
        return line, column + len(text)
    return line + breaks, len(text) - max(text.rfind("\n"), text.rfind("\r"))


def shown(value: Any) -> str:
    """A value as a message shows it: quoted, escaped, and never a whole page of it."""
    text = str(value)
    return repr(text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}…")


def day(text: str) -> date | str:
    """The day that a text names, or the text, which the field refuses, if there is none."""
    try:
        return date.fromisoformat(text) if DAY.fullmatch(text) else text
    except ValueError:
        return text


def number(text: str) -> int | float:
    """A number, whole if it can be: 4.0 is 4, as in JSON, which has one kind of number."""
    value = float(text)
    return int(value) if value.is_integer() and abs(value) < EXACT else value


def _texts_in(value: Any) -> Iterator[str]:
    """The texts of a value: fields hold texts, lists of texts or texts with levels."""
    match value:
        case str():
            yield value
        case tuple():
            yield from (each for each in value if isinstance(each, str))
        case dict():
            yield from value
