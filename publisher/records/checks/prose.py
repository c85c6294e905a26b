"""What a text may consist of, so that it prints well in both formats."""

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token

from publisher.records.diagnostics import Diagnostic, Place
from publisher.records.document import Document
from publisher.records.entries import Entries, Entry
from publisher.records.models.module import Module
from publisher.records.types import Record

MODULE_SECTIONS = ("The ideas", "Work through it", "Exercise", "Mistakes to avoid")

DEEPEST_HEADING = 4

BLOCKS = frozenset({
    "paragraph_open", "fence", "code_block", "table_open", "blockquote_open", "heading_open",
    "html_block", "hr",
})  # fmt: skip
"""What an item of a list may hold one of; further lists inside it are no matter."""


def prose_is_plain(entries: Entries) -> Iterator[Diagnostic]:
    """No HTML, orderly headings, tight lists, links in place, and the sections of a module."""
    # HTML is on so that it is seen as such here; rendering has it off and would print it.
    parser = MarkdownIt("commonmark", {"html": True}).enable("table")
    for entry in entries.all():
        references: dict[str, Any] = {}
        tokens = parser.parse(entry.document.body, references)
        yield from _html(entry, tokens)
        yield from _headings(entry, tokens)
        yield from _loose_items(entry, tokens)
        yield from _bare_addresses(entry, tokens)
        yield from _links_elsewhere(entry, references.get("references", {}))
        if entry.model is Module and entry.document.data is not None:
            yield from _missing_sections(entry, tokens)


def _html(entry: Entry[Record], tokens: list[Token]) -> Iterator[Diagnostic]:
    for token in tokens:
        found = [child.content for child in token.children or () if child.type == "html_inline"]
        if token.type == "html_block":
            found = [token.content.strip().split("\n")[0]]
        # A closing tag is no mistake of its own.
        for html in [each for each in found if not each.startswith("</")] or found:
            text = f"HTML in the text: {html[:60]}"
            hint = "use Markdown, or put backticks around code"
            yield entry.finding_at(_place(entry.document, token, html), "R401", text, hint)


def _headings(entry: Entry[Record], tokens: list[Token]) -> Iterator[Diagnostic]:
    level = 1
    for token in tokens:
        if token.type == "heading_open":
            depth = int(token.tag[1])
            if not 1 < depth <= min(level + 1, DEEPEST_HEADING):
                after = f" right after level {level}" if depth > level else ""
                text = f"heading of level {depth}{after}"
                yield entry.finding_at(_place(entry.document, token), "R402", text)
            level = depth


def _loose_items(entry: Entry[Record], tokens: list[Token]) -> Iterator[Diagnostic]:
    """PDF/UA wants one block in a list item, and so does a page that reads well."""
    blocks: list[list[Token]] = []
    for token in tokens:
        if token.type == "list_item_open":
            blocks.append([])
        elif token.type == "list_item_close":
            for second in blocks.pop()[1:2]:
                place = _place(entry.document, second)
                yield entry.finding_at(place, "R404", "a list item has several blocks")
        elif blocks and token.type in BLOCKS:
            blocks[-1].append(token)


def _bare_addresses(entry: Entry[Record], tokens: list[Token]) -> Iterator[Diagnostic]:
    """`<address>` is a link, too, though it has no words."""
    for token in tokens:
        for child in token.children or ():
            address = str(child.attrs.get("href", ""))
            if child.markup == "autolink" and address and not address.startswith("http"):
                place = _place(entry.document, token, f"<{address.removeprefix('mailto:')}>")
                yield entry.finding_at(place, "R210", f"unknown kind of link {address!r}")


def _links_elsewhere(entry: Entry[Record], references: dict[str, Any]) -> Iterator[Diagnostic]:
    for name, reference in references.items():
        place = (entry.document.body_line + reference["map"][0], 1)
        text = f"the address of link [{name.lower()}] stands apart from it"
        yield entry.finding_at(place, "R210", text, "write [words](kind:slug) in the text")


def _missing_sections(entry: Entry[Record], tokens: list[Token]) -> Iterator[Diagnostic]:
    pairs = pairwise(tokens)
    headings = {text.content for opening, text in pairs if opening.type == "heading_open"}
    missing = [f"'## {name}'" for name in MODULE_SECTIONS if name not in headings]
    if missing:
        hint = f"add {', '.join(missing)}"
        yield entry.finding("R405", "a section is missing", hint=hint)


def _place(document: Document, token: Token, part: str = "") -> Place:
    """Where a block stands, or the first occurrence of a part of its text."""
    first, end = token.map or (0, 1)
    lines = document.body.split("\n")[first:end]
    for number, line in enumerate(lines, start=document.body_line + first):
        if part in line:
            return number, line.index(part) + 1
    return document.body_line + first, 1
