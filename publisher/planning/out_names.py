"""What the files of a reader's copy are called."""

import re
import unicodedata
from itertools import groupby

from publisher.planning.reader import Reader
from publisher.records.catalogue import Catalogue

OUT_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
"""An `out_name` that a reader may give: the name of the files without suffix."""

LONGEST_PART = 80
"""So many characters of a reader's name go into the name of their files."""

LONGEST_BYTES = 240
"""So many bytes of UTF-8 a file's name may have without its suffix: file systems allow 255, and
while a file is being written a few more characters stand around its name."""


def default_out_name(reader: Reader, catalogue: Catalogue) -> str:
    """`<career>-for-<background>`, and `-<name>` if there is a name that can be written."""
    career = reader.career or next(iter(catalogue.careers))
    name = f"{career}-for-{reader.background}"
    part = _name_part(reader.name or "", LONGEST_BYTES - len(name) - 1)
    return f"{name}-{part}" if part else name


def same_file_key(out_name: str) -> str:
    """Equal for names that some file systems take for one: in capitals, or in composed letters."""
    composed = unicodedata.normalize("NFC", out_name)
    return unicodedata.normalize("NFC", composed.casefold())


def _name_part(name: str, most_bytes: int) -> str:
    """Letters, marks and digits of a name in lower case, and hyphens for all that is between."""
    lower = unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).lower())
    sequences = _sequences(lower)
    words = (
        "".join(group) if written else "-" for written, group in groupby(sequences, key=_is_written)
    )
    part = ""
    for sequence in _sequences("".join(words).strip("-")):
        longer = part + sequence
        if len(longer) > LONGEST_PART or len(longer.encode()) > most_bytes:
            break
        part = longer
    return part.strip("-")


def _sequences(text: str) -> list[str]:
    """The text cut before each character that is no combining mark."""
    found: list[str] = []
    for character in text:
        if found and unicodedata.category(character).startswith("M"):
            found[-1] += character
        else:
            found.append(character)
    return found


def _is_written(sequence: str) -> bool:
    """True if a sequence begins with a letter or digit; a mark alone would join the hyphen."""
    category = unicodedata.category(sequence[0])
    return category.startswith("L") or category == "Nd"
