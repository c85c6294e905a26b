"""Modules must teach each step of a skill once, in an order without circles, and for free."""

from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter

from publisher.records.diagnostics import Diagnostic
from publisher.records.entries import Entries, Entry
from publisher.records.models.career import Career
from publisher.records.models.library import Resources
from publisher.records.models.module import Module

_Modules = dict[str, tuple[Entry[Module], Module]]

_Graph = dict[str, list[str]]
"""Module to the modules that it requires."""


def teaching_is_sound(entries: Entries) -> Iterator[Diagnostic]:
    """No circle, no step taught twice, a free resource everywhere, phases in a learnable order."""
    modules = {entry.slug: (entry, module) for entry, module in entries.valid(Module)}
    careers = entries.valid(Career)
    taught = [slug for _, career in careers for slug in career.curriculum]
    graph = {slug: list(dict.fromkeys(module.requires)) for slug, (_, module) in modules.items()}
    yield from _circles(modules, graph, taught)
    yield from _steps(modules)
    yield from _free_resources(entries, modules)
    for entry, career in careers:
        yield from _phases(entry, career, graph, set(taught))
        yield from _milestones(entry, career, modules, set(taught))


def _circles(modules: _Modules, graph: _Graph, taught: list[str]) -> Iterator[Diagnostic]:
    """Each circle, at the requirement that is then taken out of `graph` to open it.

    It is the one that goes farthest against the order of the phases, if they show one.
    """
    place = {slug: number for number, slug in enumerate(taught)}
    while ring := _circle(graph):
        pairs = [(ring[i - 1], slug) for i, slug in enumerate(ring)]
        slug, required = max(pairs, key=lambda pair: place.get(pair[1], 0) - place.get(pair[0], 0))
        entry, module = modules[slug]
        at = ring.index(slug)
        around = " → ".join((*ring[at:], *ring[: at + 1]))
        key = ("requires", module.requires.index(required))
        yield entry.finding("R208", f"circle of requirements: {around}", key)
        graph[slug].remove(required)


def _circle(graph: _Graph) -> list[str]:
    """Modules of which each requires the next and the last the first; none if all is well."""
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        # graphlib lists a circle against the arrows and names its first module twice.
        ring: list[str] = error.args[1][:0:-1]
        return ring
    return []


def _steps(modules: _Modules) -> Iterator[Diagnostic]:
    teachers: dict[tuple[str, int], str] = {}
    for slug, (entry, module) in modules.items():
        for skill, step in module.teaches.items():
            levels = [(skill, level) for level in range(step.start, step.to)]
            for other in sorted({teachers[level] for level in levels if level in teachers}):
                text = f"a step of {skill!r} is taught by {other!r} too"
                yield entry.finding("R303", text, ("teaches", skill), of_key=True)
            teachers |= dict.fromkeys(levels, slug)


def _free_resources(entries: Entries, modules: _Modules) -> Iterator[Diagnostic]:
    costs = {
        slug: resource.cost
        for _, table in entries.valid(Resources)
        for slug, resource in table.resources.items()
    }
    if not costs:
        return
    for entry, module in modules.values():
        if module.is_milestone and not module.resources:
            continue
        if not any(costs.get(use.resource, "free") == "free" for use in module.resources):
            yield entry.finding("R306", "no resource of this module is free", ("resources",))


def _phases(
    entry: Entry[Career], career: Career, graph: _Graph, taught: set[str]
) -> Iterator[Diagnostic]:
    """Each module stands once and after what it requires.

    A requirement that no career teaches is unused or unknown, which others report.
    """
    seen: set[str] = set()
    for p, phase in enumerate(career.phases):
        for m, slug in enumerate(phase.modules):
            key = ("phases", p, "modules", m)
            if slug in seen:
                yield entry.finding("R312", f"module {slug!r} stands in the phases twice", key)
            seen.add(slug)
            for required in graph.get(slug, ()):
                if required in taught - seen:
                    where = "before" if required in career.curriculum else "without"
                    hint = f"put {required!r} into a phase before it"
                    yield entry.finding("R310", f"{slug!r} stands {where} {required!r}", key, hint)


def _milestones(
    entry: Entry[Career], career: Career, modules: _Modules, taught: set[str]
) -> Iterator[Diagnostic]:
    """A milestone stands in a phase and teaches nothing: it is planned whatever the gap."""
    for track, record in career.tracks.items():
        for i, slug in enumerate(record.milestones):
            _, module = modules.get(slug, (None, None))
            key = ("tracks", track, "milestones", i)
            if module and not module.is_milestone:
                yield entry.finding("R313", f"milestone {slug!r} teaches a skill", key)
            elif slug in taught and slug not in career.curriculum:
                yield entry.finding("R313", f"milestone {slug!r} stands in no phase", key)
