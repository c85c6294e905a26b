"""Nothing lies about unused, and nothing that is needed is out of reach."""

import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from publisher.records.diagnostics import Diagnostic
from publisher.records.entries import Entries, Entry
from publisher.records.models.career import Career
from publisher.records.models.figure import Figure
from publisher.records.models.library import Resources, Sources
from publisher.records.models.module import Module
from publisher.records.models.project import Project
from publisher.records.models.skill import Skill
from publisher.records.tree import Key


def everything_is_used(entries: Entries) -> Iterator[Diagnostic]:
    """Modules, skills, figures, … are used; every needed level can be reached."""
    # What a broken record uses is not known, so it may be anything.
    modules, careers = entries.whole(Module), entries.whole(Career)
    if modules:
        yield from _unreachable(entries)
        yield from _unused_resources(entries)
    if careers:
        yield from _unused_modules(entries)
    if modules and careers:
        yield from _unneeded_skills(entries)
    yield from _unshown_figures(entries)
    if careers and entries.whole(Project):
        yield from _uncited_sources(entries)


def _unreachable(entries: Entries) -> Iterator[Diagnostic]:
    steps: dict[str, set[int]] = defaultdict(set)
    for _, module in entries.valid(Module):
        for skill, taught in module.teaches.items():
            steps[skill].update(range(taught.start, taught.to))
    known = entries.slugs(Skill) or frozenset()
    for entry, skill, level, key in _needs(entries):
        missing = sorted(set(range(level)) - steps[skill])
        if missing and skill in known:
            first = missing[0]
            text = f"{skill!r} must reach {level}, but no module raises it from {first}"
            hint = f"let a module teach {skill}: {{from: {first}, to: {first + 1}}}"
            yield entry.finding("R301", text, key, f"{hint}, or need less")


def _needs(entries: Entries) -> Iterator[tuple[Entry[Any], str, int, Key]]:
    """Each level that something needs: in which record, of which skill, how high, and where."""
    highest: dict[str, int] = defaultdict(int)
    for entry, career in entries.valid(Career):
        for skill, need in career.needs.items():
            for track, level in need.levels.items():
                yield entry, skill, level, ("needs", skill, "levels", track)
                highest[skill] = max(highest[skill], level)
    for module_entry, module in entries.valid(Module):
        for skill, least in module.requires_skills.items():
            if least > highest[skill]:
                yield module_entry, skill, least, ("requires_skills", skill)


def _unused_modules(entries: Entries) -> Iterator[Diagnostic]:
    careers = [career for _, career in entries.valid(Career)]
    phases = {slug for career in careers for slug in career.curriculum}
    tracks = [track for career in careers for track in career.tracks.values()]
    ends = {slug for track in tracks for slug in track.milestones}
    for entry, module in entries.valid(Module):
        if entry.slug not in phases:
            yield entry.finding("R302", f"no career has module {entry.slug!r} in its phases")
        elif module.is_milestone and entry.slug not in ends:
            text = f"module {entry.slug!r} teaches nothing and is no track's milestone"
            yield entry.finding("R302", text, hint="make it the milestone of a track, or remove it")


def _unneeded_skills(entries: Entries) -> Iterator[Diagnostic]:
    needed = {skill for _, career in entries.valid(Career) for skill in career.needs}
    needed |= {skill for _, module in entries.valid(Module) for skill in module.requires_skills}
    for entry, _ in entries.valid(Skill):
        if entry.slug not in needed:
            yield entry.finding("R307", f"no career needs skill {entry.slug!r}")


def _unused_resources(entries: Entries) -> Iterator[Diagnostic]:
    used = {use.resource for _, module in entries.valid(Module) for use in module.resources}
    used |= _linked(entries, "resource")
    for entry, table in entries.valid(Resources):
        for slug in table.resources.keys() - used:
            yield entry.finding("R308", f"nothing uses {slug!r}", ("resources", slug), of_key=True)


def _uncited_sources(entries: Entries) -> Iterator[Diagnostic]:
    careers = [career for _, career in entries.valid(Career)]
    cited = {tool.source for career in careers for tool in career.tools}
    cited |= {pay.source for career in careers for pay in career.pay}
    cited |= {data.source for _, project in entries.valid(Project) for data in project.datasets}
    cited |= _linked(entries, "source")
    for entry, table in entries.valid(Sources):
        for slug in table.sources.keys() - cited:
            yield entry.finding("R309", f"nothing cites {slug!r}", ("sources", slug), of_key=True)


def _unshown_figures(entries: Entries) -> Iterator[Diagnostic]:
    shown = _linked(entries, "figure")
    for entry in entries.of(Figure).values():
        if entry.slug not in shown:
            yield entry.finding("R314", f"nothing shows figure {entry.slug!r}")


def _linked(entries: Entries, kind: str) -> set[str]:
    """The slugs of a kind that any text links to, those of broken records included."""
    link = re.compile(rf"\]\({kind}:([^)\s]+)")
    return {slug for entry in entries.all() for slug in link.findall(entry.document.text)}
