"""Subscribers as text, CSV or JSON, one at a time."""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, fields

from publisher.cli.cells import cells
from publisher.delivery.people.listing import Listed

NAMES = [field.name for field in fields(Listed)]


def as_text(people: Iterable[Listed]) -> Iterator[str]:
    """A line for each, with tabs."""
    for each in people:
        off = f"not on: {', '.join(each.suppressed)}" if each.suppressed else ""
        told = (each.address, each.state, each.background, each.career, each.name, off)
        yield "\t".join(part or "" for part in told).rstrip("\t")


def as_csv(people: Iterable[Listed]) -> Iterator[str]:
    """A header, and a line for each. A name that a spreadsheet would compute begins with '."""
    yield cells(NAMES)
    for each in people:
        yield cells(list(_values(each).values()))


def as_json(people: Iterable[Listed]) -> Iterator[str]:
    """An array of objects."""
    before = "["
    for each in people:
        yield before + json.dumps(
            _values(each) | {"suppressed": each.suppressed}, ensure_ascii=False
        )
        before = ","
    yield "]" if before == "," else "[]"


FORMS: dict[str, Callable[[Iterable[Listed]], Iterator[str]]] = {
    "text": as_text, "csv": as_csv, "json": as_json,
}  # fmt: skip


def _values(each: Listed) -> dict[str, str | None]:
    moments = {"consent_time": each.consent_time, "created_at": each.created_at}
    plain = {name: moment and moment.isoformat() for name, moment in moments.items()}
    return {**asdict(each), "suppressed": ";".join(each.suppressed), **plain}
