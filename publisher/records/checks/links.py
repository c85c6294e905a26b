"""Links in the text, `[words](kind:slug)`, lead to a record or an address; pictures are figures."""

import re
from collections.abc import Iterator

from publisher.records.checks.lines import prose_lines
from publisher.records.diagnostics import Diagnostic
from publisher.records.document import Document
from publisher.records.entries import Entries, Entry
from publisher.records.hints import nearest
from publisher.records.models.figure import Figure
from publisher.records.models.library import Glossary, Resources, Sources
from publisher.records.models.module import Module
from publisher.records.models.project import Project
from publisher.records.models.skill import Skill
from publisher.records.types import Record

LINK = re.compile(r"(?P<picture>!\[[^\]]{0,500})?\]\((?P<target>[^)\s]{0,500})")
SHOWN = re.compile(r"!\[.+\]\((?P<target>figure:[^)\s]{0,500})\)")
ADDRESS = re.compile(r"https?://[^\s/]+\.[^\s]+")

Known = dict[str, frozenset[str] | None]
"""The slugs of each kind of link; None where they could not be read."""


def links_lead_somewhere(entries: Entries) -> Iterator[Diagnostic]:
    """Every link of every text, in front matter and bodies, is alive."""
    known: Known = {
        "module": entries.slugs(Module),
        "skill": entries.slugs(Skill),
        "project": entries.slugs(Project),
        "resource": entries.slugs(Resources, "resources"),
        "source": entries.slugs(Sources, "sources"),
        "term": entries.slugs(Glossary, "terms"),
    }
    # A folder without any figure is whole.
    figures: Known = {"figure": entries.slugs(Figure) or frozenset()}
    for entry in entries.all():
        for number, line in prose_lines(entry.document):
            if "](" not in line:
                continue
            shown = SHOWN.fullmatch(line)
            if shown and _stands_alone(entry.document, number):
                yield from _judge(entry, number, shown, figures)
                caption = " " + line[1 : shown.start("target") - len("](")]
                yield from _in_line(entry, number, caption, known)
            else:
                yield from _in_line(entry, number, line, known)


def _stands_alone(document: Document, number: int) -> bool:
    """True for a paragraph of one line below the front matter."""
    lines = document.text.split("\n")
    beside = [*lines[number - 2 : number - 1], *lines[number : number + 1]]
    return number >= document.body_line and not any(line.strip() for line in beside)


def _in_line(entry: Entry[Record], number: int, line: str, known: Known) -> Iterator[Diagnostic]:
    for match in LINK.finditer(line):
        if match["picture"]:
            yield entry.finding_at((number, match.start() + 1), "R403", "picture in the text")
        else:
            yield from _judge(entry, number, match, known)


def _judge(
    entry: Entry[Record], number: int, match: re.Match[str], known: Known
) -> Iterator[Diagnostic]:
    target, place = match["target"], (number, match.start("target") + 1)
    kind, _, slug = target.partition(":")
    if ADDRESS.fullmatch(target):
        return
    if kind not in known:
        hint = f"{', '.join(known)} or https"
        yield entry.finding_at(place, "R210", f"unknown kind of link {target!r}", hint)
        return
    slugs = known[kind]
    if slugs is not None and slug not in slugs:
        yield entry.finding_at(place, "R209", f"dead link to {kind} {slug!r}", nearest(slug, slugs))
