"""A line of CSV that no spreadsheet computes."""

import csv
import io
from collections.abc import Iterable

COMPUTED = ("=", "+", "-", "@")
"""A cell that begins so is computed by spreadsheets; a ' before it keeps it text."""


def cells(values: Iterable[str | None]) -> str:
    """The values as one line of CSV, without its end."""
    stream = io.StringIO(newline="")
    safe = [f"'{value}" if str(value).startswith(COMPUTED) else value for value in values]
    csv.writer(stream, lineterminator="").writerow(safe)
    return stream.getvalue()
