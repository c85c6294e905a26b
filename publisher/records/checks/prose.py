"""What a text may consist of, so that it prints well in both formats."""

from collections.abc import Iterator

from markdown_it import MarkdownIt
from markdown_it.token import Token

from publisher.records.diagnostics import Diagnostic
from publisher.records.entries import Entries, Entry
from publisher.records.models.module import Module
from publisher.records.types import Record

MODULE_SECTIONS = ("The ideas", "Work through it", "Exercise", "Mistakes to avoid")


def prose_is_plain(entries: Entries) -> Iterator[Diagnostic]:
    """No HTML, no pictures, orderly headings, tight lists, and the sections of a module."""
    # HTML is on so that it is seen as such here; rendering has it off and would print it.
    parser = MarkdownIt("commonmark", {"html": True}).enable("table")
    for entry in entries.all():
        if entry.document.body:
            yield from _findings(entry, parser.parse(entry.document.body))


def _findings(entry: Entry[Record], tokens: list[Token]) -> Iterator[Diagnostic]:
    headings: list[str] = []
    level = 1
    for i, token in enumerate(tokens):
        at = _place(entry, token)
        if token.type == "html_block":
            yield Diagnostic(*at, "R401", "HTML in the text", "use Markdown")
        if token.type == "inline":
            yield from _inline(at, token)
        if token.type == "heading_open":
            headings.append(tokens[i + 1].content)
            depth = int(token.tag[1])
            if not 2 <= depth <= min(level + 1, 4):
                text = f"heading of level {depth} after level {level}"
                yield Diagnostic(*at, "R402", text, "begin with ## and skip no level")
            level = depth
    yield from _loose_items(entry, tokens)
    if isinstance(entry.record, Module):
        for name in MODULE_SECTIONS:
            if name not in headings:
                hint = f"add a heading '## {name}'"
                yield entry.finding("R405", f"section {name!r} is missing", hint=hint)


def _place(entry: Entry[Record], token: Token) -> tuple[str, int, int]:
    line = (token.map[0] if token.map else 0) + entry.document.body_line
    return entry.document.file, line, 1


def _inline(at: tuple[str, int, int], token: Token) -> Iterator[Diagnostic]:
    for child in token.children or ():
        if child.type == "html_inline":
            yield Diagnostic(*at, "R401", f"HTML in the text: {child.content}", "use Markdown")
        if child.type == "image":
            yield Diagnostic(*at, "R403", "picture in the text", "say it in words or a table")


def _loose_items(entry: Entry[Record], tokens: list[Token]) -> Iterator[Diagnostic]:
    """PDF/UA wants one block in a list item, and so does a page that reads well."""
    blocks: list[int] = []
    nested = ("bullet_list_open", "ordered_list_open")
    for token in tokens:
        if token.type == "list_item_open":
            blocks.append(0)
        elif token.type == "list_item_close":
            if blocks.pop() > 1:
                text = "a list item has several blocks"
                yield Diagnostic(*last, "R404", text, "one paragraph an item")
        elif blocks and token.block and token.nesting >= 0 and token.type not in nested:
            if token.type in ("paragraph_open", "fence", "table_open", "blockquote_open"):
                blocks[-1] += 1
                last = _place(entry, token)
