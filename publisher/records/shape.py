"""What is wrong with the shape of a record, in an editor's words."""

import re
from datetime import date
from typing import Any

from publisher.records.hints import did_you_mean, keys_beside, nearest, slug_like
from publisher.records.tree import Key, plain_value
from publisher.records.types import (
    ADDRESS,
    LANGUAGE,
    MONTH_DAY,
    SLUG,
    WORDS,
    Record,
)

Fault = tuple[str, str, str | None]
"""Code, text and hint; None stands for the remedy of the code."""

LEVEL_KEYS = frozenset({"from", "groups", "levels", "requires_skills", "scales", "skills", "to"})
"""Keys whose numbers are levels, or which lead to such numbers."""

LEVEL_BOUNDS = (0, 4)

WANTED = {
    "string_type": "a text", "int_type": "a whole number", "float_type": "a number",
    "date_type": "a day such as 2026-11-23", "tuple_type": "a list",
    "dict_type": "keys with values", "model_type": "keys with values",
}  # fmt: skip
"""Pydantic's type errors and what an editor should write."""

PATTERNS = {
    SLUG: ("R110", "a slug"),
    ADDRESS: ("R109", "a full http or https address"),
    MONTH_DAY: ("R108", "a month and a day such as '12-24'"),
    LANGUAGE: ("R105", "a language such as en or en-GB"),
    WORDS: ("R106", "more than blanks"),
}
"""The pattern of a type, the code of its mistake and what an editor should write."""

BOUNDS = {
    "greater_than": "more than", "greater_than_equal": "at least",
    "less_than": "less than", "less_than_equal": "at most",
}  # fmt: skip

LENGTHS = {
    "too_short": "must have {min_length} or more entries, not {count}",
    "too_long": "must have at most {max_length} entries, not {count}",
    "string_too_short": "must not be empty",
    "string_too_long": "must have at most {max_length} characters, not {count}",
}

LONGEST = 60
"""So many characters of a value are shown."""

CUSTOM = re.compile(r"R[0-9]{3}")
"""Validators of our own raise errors whose type is their code."""


def fault_of(
    model: type[Record], kind: str, key: Key, detail: dict[str, Any], *, of_key: bool
) -> Fault:
    """The fault that Pydantic's error `kind` with its `detail` stands for.

    `key` is the way to the value, or to the key itself if that is the mistake.
    """
    value, context = detail["input"], detail.get("ctx", {})
    name = f"key {key[-1]!r}" if of_key else _name(key)
    match kind:
        case "extra_forbidden":
            hint = nearest(str(key[-1]), keys_beside(model, key))
            return "R101", f"unknown key {key[-1]!r}", hint
        case "missing":
            return "R305" if key[-1] == "source" else "R102", f"key {key[-1]!r} is missing", None
        case "string_pattern_mismatch":
            pattern = context["pattern"]
            code, wanted = PATTERNS.get(pattern, ("R105", f"of the form {pattern}"))
            text = f"{name} must be {wanted}, not {_shown(value)}"
            if code == "R110":
                return code, f"{name} is no slug" if of_key else text, slug_like(value)
            return code, text, ""
        case "literal_error":
            expected = context["expected"]
            hint = did_you_mean(str(value), re.findall("'([^']*)'", expected))
            return "R105", f"{name} must be {expected}, not {_shown(value)}", hint
        case _ if kind in WANTED:
            code = "R108" if kind == "date_type" else "R103"
            text = f"{name} must be {WANTED[kind]}, not {_shown(value)}"
            return code, text, _way_to_write(kind, value)
        case _ if kind in BOUNDS:
            ((_, bound),) = context.items()
            text = f"{name} must be {BOUNDS[kind]} {_shown(bound)}, not {_shown(value)}"
            of_level = LEVEL_KEYS & set(key) and bound in LEVEL_BOUNDS
            return ("R104", text, None) if of_level else ("R107", text, "")
        case _ if kind in LENGTHS:
            return "R106", f"{name} {LENGTHS[kind].format(count=len(value), **context)}", ""
        case _:
            other = "R105" if kind == "value_error" else "R103"
            code = kind if CUSTOM.fullmatch(kind) else other
            text = detail["msg"].removeprefix("Value error, ")
            return code, f"{name}: {text}", None if code == "R111" else ""


def _way_to_write(kind: str, value: Any) -> str:
    """How to write a value that has the wrong type."""
    if kind == "string_type" and isinstance(value, bool | int | float | date):
        return "put quotes around it"
    if kind == "tuple_type" and isinstance(value, str):
        return f"write [{value[:LONGEST]}]"
    numbers = {"int_type": int, "float_type": int | float}
    if kind in numbers and isinstance(value, str) and isinstance(plain_value(value), numbers[kind]):
        return "write it without quotes"
    return ""


def _name(key: Key) -> str:
    """The last key, with the numbers of the list entries below it."""
    words = [i for i, part in enumerate(key) if isinstance(part, str)]
    if not words:
        return "the record"
    entries = "".join(f", entry {int(part) + 1}," for part in key[words[-1] + 1 :])
    return f"{key[words[-1]]}{entries}"


def _shown(value: Any) -> str:
    match value:
        case None:
            return "empty"
        case bool():
            return str(value).lower()
        case float():
            return f"{value:g}"
        case str():
            return repr(value if len(value) <= LONGEST else f"{value[:LONGEST]}…")
        case dict():
            return "keys with values"
        case tuple():
            return "a list"
        case _:
            return str(value)
