"""Links in the text, `[words](kind:slug)`, must lead to a record or a public address."""

import re
from collections.abc import Iterator

from publisher.records.diagnostics import Diagnostic
from publisher.records.entries import Entries
from publisher.records.loader import nearest
from publisher.records.models.library import Glossary, Resources, Sources
from publisher.records.models.module import Module
from publisher.records.models.project import Project
from publisher.records.models.skill import Skill

LINK = re.compile(r"\]\(([^)\s]*)\)")
ADDRESS = re.compile(r"https?://[^\s/]+\.[^\s]+")


def links_lead_somewhere(entries: Entries) -> Iterator[Diagnostic]:
    """Every link of every text, in front matter and bodies, is alive."""
    known = {
        "module": entries.slugs(Module),
        "skill": entries.slugs(Skill),
        "project": entries.slugs(Project),
        "resource": entries.slugs(Resources, "resources"),
        "source": entries.slugs(Sources, "sources"),
        "term": entries.slugs(Glossary, "terms"),
    }
    for entry in entries.all():
        for number, line in enumerate(entry.document.text.split("\n"), start=1):
            for match in LINK.finditer(line):
                code, text, hint = _judge(match[1], known)
                if code:
                    place = (number, match.start(1) + 1)
                    yield Diagnostic(entry.document.file, *place, code, text, hint)


def _judge(target: str, known: dict[str, frozenset[str]]) -> tuple[str, str, str]:
    kind, _, slug = target.partition(":")
    if ADDRESS.fullmatch(target):
        return "", "", ""
    if kind not in known:
        return "R210", f"unknown kind of link {target!r}", f"{', '.join(known)} or https"
    if slug not in known[kind]:
        return "R209", f"dead link to {kind} {slug!r}", nearest(slug, known[kind])
    return "", "", ""
