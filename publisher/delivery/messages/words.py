"""What people and editors write, made fit for one line of a header or a letter."""

import unicodedata
from typing import Annotated

from pydantic import AfterValidator

CONTROLS = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Characters that turn the direction of what stands after them, perhaps beyond their own line."""

REFUSED = ("Cc", "Cs", "Zl", "Zp")
"""Unicode's categories of control characters, halves of characters, and ends of lines."""


def one_line(value: str) -> str:
    """The words of a value with single spaces, and without marks that turn the direction.

    Raises `ValueError` for a line break or another control character: it could begin a header
    of its own (RFC 5322, section 2.2).
    """
    bad = next((c for c in value if unicodedata.category(c) in REFUSED), None)
    if bad is not None:
        raise ValueError(f"the character U+{ord(bad):04X} cannot stand in a line")
    return " ".join("".join(c for c in value if c not in CONTROLS).split())


Line = Annotated[str, AfterValidator(one_line)]
