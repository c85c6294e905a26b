"""What another server said, without whom it said it of."""

import re

ADDRESS = re.compile(r"[^\s<>\"(),:;=]+@[^\s<>\"(),:;=]+")

LONGEST = 200
"""Characters that are kept."""

SHORTEST_NAME = 3
"""Characters from which a local part is taken out where it stands alone."""


def without_address(text: str, address: str | None) -> str:
    """A text in one line, in which no address stands, and not the local part of `address`."""
    told = ADDRESS.sub("<address>", " ".join(text.split()))
    local = (address or "").rpartition("@")[0]
    if len(local) >= SHORTEST_NAME:
        told = re.sub(re.escape(local), "<name>", told, flags=re.IGNORECASE)
    return "".join(each if each.isprintable() else " " for each in told)[:LONGEST]
