"""Every code that building a book can report. docs/diagnostics.md lists them."""

from publisher.records.codes import Code
from publisher.records.diagnostics import Diagnostic

BUILD_CODES: tuple[Code, ...] = (
    Code("B101", "a section is not well-formed XHTML", "mend the theme's template"),
    Code("B102", "a section has no title", "give its template a title"),
    Code("B103", "a section has no language", "name the language in publication.yaml"),
    Code("B104", "heading order", "begin with h1 and skip no level"),
    Code("B105", "picture without text alternative", "give it a title that says what it shows"),
    Code("B106", "table without header cells", "mark the heads of columns or rows as th"),
    Code("B107", "an id stands twice", "make it unique in the book"),
    Code("B108", "dead link inside the book", "link to an anchor of the edition"),
    Code("B109", "character that no bundled font has", "write it otherwise"),
    Code("B110", "list item of several blocks", "one paragraph an item"),
    Code("B111", "two pages at one address", "give the career another slug"),
    Code("B112", "the search could not be prepared", "mend what the message names"),
    Code("B201", "the renderer logged something", "mend what the message names"),
    Code("B202", "a fragment could not be rendered", "mend what the message names"),
    Code("B203", "a file could not be written", "free the disk, or choose another folder"),
    Code(
        "B204",
        "records, theme or code other than a run began with",
        "give every machine the same checkout, restart its workers, and edit nothing during a run",
    ),
    Code("B205", "a book could not be made", "start again; if it fails again, report it"),
)

BUILD_REMEDIES = {code.code: code.remedy for code in BUILD_CODES}


def finding(file: str, code: str, text: str) -> Diagnostic:
    """A finding about a file or book as a whole, with the remedy of its code."""
    return Diagnostic(file, 0, 0, code, text, BUILD_REMEDIES[code])
