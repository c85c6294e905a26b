"""Modules must teach each step of a skill once, in an order without circles, and for free."""

from collections import defaultdict
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter

from publisher.records.diagnostics import Diagnostic
from publisher.records.entries import Entries, Entry
from publisher.records.models.career import Career
from publisher.records.models.library import Resources
from publisher.records.models.module import Module


def teaching_is_sound(entries: Entries) -> Iterator[Diagnostic]:
    """No circle, no step taught twice, a free resource everywhere, phases in a learnable order."""
    modules = {entry.slug: (entry, module) for entry, module in entries.valid(Module)}
    yield from _circles(modules)
    yield from _steps(modules)
    yield from _free_resources(entries, modules)
    for entry, career in entries.valid(Career):
        yield from _phases(entry, career, modules)


_Modules = dict[str, tuple[Entry[Module], Module]]


def _circles(modules: _Modules) -> Iterator[Diagnostic]:
    graph = {slug: module.requires for slug, (_, module) in modules.items()}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        # graphlib lists the circle against the arrows; the first module is named twice.
        circle = list(reversed(error.args[1]))
        start = min(circle)
        entry, module = modules[start]
        following = circle[circle.index(start, 0, len(circle) - 1) + 1]
        key = ("requires", module.requires.index(following))
        around = " → ".join(_turned(circle, start))
        yield entry.finding("R208", f"circle of requirements: {around}", key)


def _turned(circle: list[str], start: str) -> list[str]:
    ring = circle[:-1]
    at = ring.index(start)
    return [*ring[at:], *ring[:at], start]


def _steps(modules: _Modules) -> Iterator[Diagnostic]:
    taught: dict[tuple[str, int], str] = defaultdict(str)
    for slug, (entry, module) in modules.items():
        for skill, step in module.teaches.items():
            twice = {taught[skill, n] for n in range(step.start, step.to) if taught[skill, n]}
            for other in sorted(twice):
                text = f"a step of {skill!r} is taught by {other!r} too"
                yield entry.finding("R303", text, ("teaches", skill), of_key=True)
            for n in range(step.start, step.to):
                taught[skill, n] = slug


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


def _phases(entry: Entry[Career], career: Career, modules: _Modules) -> Iterator[Diagnostic]:
    order = {slug: i for i, slug in reversed(list(enumerate(career.curriculum)))}
    seen: set[str] = set()
    for p, phase in enumerate(career.phases):
        for m, slug in enumerate(phase.modules):
            key = ("phases", p, "modules", m)
            if slug in seen:
                yield entry.finding("R207", f"module {slug!r} stands in two phases", key)
            seen.add(slug)
            _, module = modules.get(slug, (None, None))
            later = [
                s for s in (module.requires if module else ()) if order.get(s, -1) > order[slug]
            ]
            for required in later:
                yield entry.finding("R310", f"{slug!r} stands before {required!r}", key)
