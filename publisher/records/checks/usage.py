"""Nothing lies about unused, and nothing that is needed is out of reach."""

import re
from collections import defaultdict
from collections.abc import Iterator

from publisher.records.diagnostics import Diagnostic
from publisher.records.entries import Entries
from publisher.records.models.career import Career
from publisher.records.models.library import Resources, Sources
from publisher.records.models.module import Module
from publisher.records.models.project import Project
from publisher.records.models.skill import Skill


def everything_is_used(entries: Entries) -> Iterator[Diagnostic]:
    """Modules, skills, resources and sources are used; every needed level can be reached."""
    yield from _unreachable(entries)
    yield from _unused_modules(entries)
    yield from _unneeded_skills(entries)
    yield from _uncited(entries)


def _unreachable(entries: Entries) -> Iterator[Diagnostic]:
    steps: dict[str, set[int]] = defaultdict(set)
    for _, module in entries.valid(Module):
        for skill, step in module.teaches.items():
            steps[skill].update(range(step.start, step.to))
    known = entries.slugs(Skill)
    broken = any(entry.record is None for entry in entries.of(Module).values())
    for entry, career in entries.valid(Career):
        for skill, need in career.needs.items():
            for track, level in need.levels.items():
                missing = sorted(set(range(level)) - steps[skill])
                if missing and skill in known and not broken:
                    text = (
                        f"no module raises {skill!r} from {missing[0]} to {missing[0] + 1}; "
                        f"track {track!r} needs {level}"
                    )
                    yield entry.finding("R301", text, ("needs", skill, "levels", track))


def _unused_modules(entries: Entries) -> Iterator[Diagnostic]:
    careers = entries.valid(Career)
    if len(careers) < len(entries.of(Career)):
        return
    phases = {slug for _, career in careers for slug in career.curriculum}
    for entry, _ in entries.valid(Module):
        if entry.slug not in phases:
            yield entry.finding("R302", f"no career has module {entry.slug!r} in its phases")


def _unneeded_skills(entries: Entries) -> Iterator[Diagnostic]:
    careers = entries.valid(Career)
    if len(careers) < len(entries.of(Career)):
        return
    needed = {skill for _, career in careers for skill in career.needs}
    needed |= {skill for _, module in entries.valid(Module) for skill in module.requires_skills}
    for entry, _ in entries.valid(Skill):
        if entry.slug not in needed:
            yield entry.finding("R307", f"no career needs skill {entry.slug!r}")


def _uncited(entries: Entries) -> Iterator[Diagnostic]:
    text = "\n".join(entry.document.text for entry in entries.all())
    linked = set(re.findall(r"\]\((?:source|resource):([a-z0-9-]+)\)", text))
    used = {use.resource for _, module in entries.valid(Module) for use in module.resources}
    cited = {tool.source for _, career in entries.valid(Career) for tool in career.tools}
    cited |= {pay.source for _, career in entries.valid(Career) for pay in career.pay}
    cited |= {d.source for _, project in entries.valid(Project) for d in project.datasets}
    if all(entry.record for entry in entries.of(Module).values()):
        for entry, table in entries.valid(Resources):
            for slug in table.resources.keys() - used - linked:
                key = ("resources", slug)
                yield entry.finding("R308", f"nothing uses {slug!r}", key, of_key=True)
    if all(entry.record for model in (Career, Project) for entry in entries.of(model).values()):
        for source_entry, sources in entries.valid(Sources):
            for slug in sources.sources.keys() - cited - linked:
                key = ("sources", slug)
                yield source_entry.finding("R309", f"nothing cites {slug!r}", key, of_key=True)
