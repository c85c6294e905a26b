"""Links in the text, `[words](kind:slug)`, lead to a record or an address; pictures are none."""

import re
from collections.abc import Iterator

from publisher.records.checks.lines import prose_lines
from publisher.records.diagnostics import Diagnostic
from publisher.records.entries import Entries, Entry
from publisher.records.hints import nearest
from publisher.records.models.library import Glossary, Resources, Sources
from publisher.records.models.module import Module
from publisher.records.models.project import Project
from publisher.records.models.skill import Skill
from publisher.records.types import Record

LINK = re.compile(r"(?P<picture>!\[[^\]]{0,500})?\]\((?P<target>[^)\s]{0,500})")
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
    for entry in entries.all():
        for number, line in prose_lines(entry.document):
            if "](" in line:
                yield from _in_line(entry, number, line, known)


def _in_line(entry: Entry[Record], number: int, line: str, known: Known) -> Iterator[Diagnostic]:
    for match in LINK.finditer(line):
        if match["picture"]:
            yield entry.finding_at((number, match.start() + 1), "R403", "picture in the text")
            continue
        code, text, hint = _judge(match["target"], known)
        if code:
            yield entry.finding_at((number, match.start("target") + 1), code, text, hint)


def _judge(target: str, known: Known) -> tuple[str, str, str]:
    kind, _, slug = target.partition(":")
    if ADDRESS.fullmatch(target):
        return "", "", ""
    if kind not in known:
        return "R210", f"unknown kind of link {target!r}", f"{', '.join(known)} or https"
    slugs = known[kind]
    if slugs is not None and slug not in slugs:
        return "R209", f"dead link to {kind} {slug!r}", nearest(slug, slugs)
    return "", "", ""
