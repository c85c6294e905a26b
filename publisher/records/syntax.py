"""What the YAML parser complains of, in an editor's words."""

from dataclasses import dataclass
from typing import Any

import yaml

QUOTE = "put quotes around a text that contains ': ' or ' #' or begins with a sign"


@dataclass(frozen=True, slots=True)
class Complaint:
    """`text` may name the `{sign}` that the parser stopped at."""

    text: str
    hint: str = QUOTE
    at_opening: bool = False
    """The mistake stands where the unfinished thing began, not where the parser gave up."""


ALIGN = "align the keys of one record; indent with spaces what belongs to a key"

COMPLAINTS = {
    "mapping values are not allowed in this context": Complaint(
        "a ': ' too many, or a line that is indented too far"
    ),
    "block sequence entries are not allowed in this context": Complaint(
        "a '- ' cannot begin here", "begin the list in a new line below its key"
    ),
    "could not find expected ':'": Complaint(
        "a line that is neither 'key: value' nor part of a value", ALIGN, at_opening=True
    ),
    "found unexpected end of stream": Complaint(
        "a quote is not closed", "add the closing quote", at_opening=True
    ),
    "did not find expected ',' or ']'": Complaint(
        "a list [ is not closed", "add the ',' or ']' that is missing", at_opening=True
    ),
    "did not find expected ',' or '}'": Complaint(
        "a mapping { is not closed", "add the ',' or '}' that is missing", at_opening=True
    ),
    "did not find expected key": Complaint(
        "something stands here that belongs to no key",
        "align the keys of one record; put quotes around all of a text or around nothing of it",
    ),
    "found character that cannot start any token": Complaint("a text cannot begin with {sign}"),
    "did not find expected alphabetic or numeric character": Complaint(
        "a text cannot begin with {sign}"
    ),
    "found a tab character that violates indentation": Complaint(
        "a tab in the indentation", "indent with spaces"
    ),
    "found unknown escape character": Complaint(
        "a \\ in double quotes that means nothing", "write \\\\, or use single quotes"
    ),
}  # fmt: skip


def explain(error: yaml.MarkedYAMLError, text: str) -> tuple[str, str, Any]:
    """What is wrong, what to do, and the parser's mark of the place (None if it has none)."""
    problem, start, end = error.problem or "", error.context_mark, error.problem_mark
    complaint = COMPLAINTS.get(problem, Complaint(problem or "no YAML", error.note or QUOTE))
    # Within one line the parser stops right at the mistake.
    mark = start if complaint.at_opening and start and end and start.line != end.line else end
    sign = repr(_sign_at(text, mark)) if mark else ""
    if sign == repr("\t"):
        complaint = COMPLAINTS["found a tab character that violates indentation"]
    return complaint.text.replace("{sign}", sign), complaint.hint, mark


def _sign_at(text: str, mark: Any) -> str:
    lines = text.split("\n")
    line = lines[mark.line] if mark.line < len(lines) else ""
    return line[mark.column : mark.column + 1]
