"""Hints that name what the editor probably meant."""

import re
from collections.abc import Collection, Iterator
from difflib import get_close_matches
from typing import Any, get_args, get_origin

from publisher.records.tree import Key
from publisher.records.types import Record

SHOWN = 6
"""So many known words are listed when none is near."""


def did_you_mean(word: str, known: Collection[str]) -> str:
    """A hint that names the known word nearest to `word`, or none."""
    close = get_close_matches(word, sorted(known), n=1, cutoff=0.5)
    return f"did you mean {close[0]!r}?" if close else ""


def nearest(word: str, known: Collection[str]) -> str:
    """A hint that names the known word nearest to `word`, or lists the first few."""
    some = sorted(known)[:SHOWN]
    more = " …" if len(known) > len(some) else ""
    listed = f"known: {', '.join(some)}{more}" if some else ""
    return did_you_mean(word, known) or listed


def slug_like(words: str) -> str:
    """A hint with the slug that is nearest to any words."""
    slug = re.sub(r"[^a-z0-9]+", "-", words.lower()).strip("-").lstrip("-0123456789")
    return f"write {slug!r}" if slug else "write lower case words joined by hyphens"


def keys_beside(model: type[Record], key: Key) -> list[str]:
    """The keys that are allowed in the part of a record in which `key` stands."""
    parts = iter(key[:-1])
    for part in parts:
        annotation = _keys(model)[str(part)]
        if get_origin(annotation) in (dict, tuple):
            next(parts)  # the slug or the number of the entry
        model = next(_models_in(annotation))
    # The Markdown below the front matter is no key of it.
    return [name for name in _keys(model) if name != "body"]


def _keys(model: type[Record]) -> dict[str, Any]:
    return {field.alias or name: field.annotation for name, field in model.model_fields.items()}


def _models_in(annotation: Any) -> Iterator[type[Record]]:
    if isinstance(annotation, type) and issubclass(annotation, Record):
        yield annotation
    for argument in get_args(annotation):
        yield from _models_in(argument)
