"""The pages that all careers share: modules, glossary, skills, resources, sources."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from publisher.editions.citations import cited
from publisher.editions.edition import Section
from publisher.editions.shared import glossary_section
from publisher.records.models.career import Phase
from publisher.site.careers import CareerPages
from publisher.site.draft import Draft
from publisher.site.schema import learning_resource

MODULES = ("Modules", "modules/")


@dataclass(frozen=True, slots=True)
class Use:
    """A career that uses a module: its number there, and the phase."""

    career: CareerPages
    number: int
    phase: str


@dataclass(frozen=True, eq=False)
class Library:
    """Composes what belongs to no single career; links prefer the first one that has a thing."""

    careers: Sequence[CareerPages]

    def drafts(self) -> Iterator[Draft]:
        """Every page; none where there is no career."""
        if not self.careers:
            return
        yield self._modules()
        for slug in self.uses:
            yield self._module(slug)
        for slug, title, description, context in self._references():
            yield self._reference(slug, title, description, context)

    @cached_property
    def uses(self) -> Mapping[str, tuple[Use, ...]]:
        """Module to the careers that use it."""
        found: dict[str, list[Use]] = {}
        for pages in self.careers:
            for phase in pages.records.career.phases:
                for slug in phase.modules:
                    use = Use(pages, pages.records.numbers[slug], phase.name)
                    found.setdefault(slug, []).append(use)
        return {slug: tuple(uses) for slug, uses in found.items()}

    def _modules(self) -> Draft:
        modules = self.careers[0].catalogue.modules
        curricula = [
            (pages.records.career, [(phase, self._entries(phase)) for phase in _phases(pages)])
            for pages in self.careers
        ]
        return Draft(
            address="modules/",
            template="modules.html",
            title="Modules",
            description=f"{len(self.uses)} modules, each with hours, an exercise, resources and "
            "statements by which to tell that it is done.",
            context={"curricula": curricula, "modules": modules},
            current="modules",
            kind="List",
        )

    def _entries(self, phase: Phase) -> list[tuple[str, str]]:
        """Slug and address of the modules of a phase."""
        return [(slug, f"modules/{slug}/") for slug in phase.modules]

    def _module(self, slug: str) -> Draft:
        first = self.uses[slug][0].career
        catalogue, module = first.catalogue, first.catalogue.modules[slug]
        teaches = [catalogue.skills[skill].name for skill in module.teaches]
        return Draft(
            address=f"modules/{slug}/",
            template="module.html",
            title=module.title,
            description=module.summary,
            sections=(first.page(_without_numbers(first.section(f"module-{slug}"))),),
            context={"uses": self.uses[slug]},
            career=first.records.slug,
            current="modules",
            trail=(MODULES,),
            data=learning_resource(module.title, module.summary, module.hours, "module", teaches),
            kind="Module",
        )

    def _references(self) -> Iterator[tuple[str, str, str, Mapping[str, Any]]]:
        """Kind, title, description and context of the pages of reference."""
        glossary = glossary_section(self.careers[0].catalogue, "").context
        count = len(glossary["terms"])
        yield "glossary", "Glossary", f"{count} terms of the field, in a sentence or two.", glossary
        yield (
            "skills", "The skills and their levels",
            "What a person at each level of each skill does, to compare yourself with.",
            {"groups": self._skills()},
        )  # fmt: skip
        yield (
            "resources", "Resources",
            "Everything that the modules point to, with hours, cost and the day it was checked.",
            {"resources": self._resources()},
        )  # fmt: skip
        yield (
            "sources", "Sources",
            "Where the figures and facts of the guides come from.",
            {"sources": self._sources()},
        )  # fmt: skip

    def _reference(
        self, slug: str, title: str, description: str, context: Mapping[str, Any]
    ) -> Draft:
        section = Section(slug, slug, context, title)
        return Draft(
            address=f"{slug}/",
            template="section.html",
            title=title,
            description=description,
            sections=(self.careers[0].page(section),),
            context={"kicker": "Reference"},
            current=slug,
            kind="Reference",
        )

    def _cited(self, kind: str) -> frozenset[str]:
        """What the texts of any career name."""
        return frozenset().union(
            *(cited(pages.catalogue, pages.records)[kind] for pages in self.careers)
        )

    def _skills(self) -> list[tuple[Any, list[tuple[str, Any]]]]:
        catalogue = self.careers[0].catalogue
        needed = frozenset().union(*(pages.records.career.needs for pages in self.careers))
        shown = sorted(needed | self._cited("skill"), key=lambda s: catalogue.skills[s].name)
        grouped = [
            (group, [(s, catalogue.skills[s]) for s in shown if catalogue.skills[s].group == slug])
            for slug, group in catalogue.groups.items()
        ]
        return [(group, skills) for group, skills in grouped if skills]

    def _resources(self) -> list[tuple[str, Any, list[tuple[str, str]]]]:
        catalogue = self.careers[0].catalogue
        users: dict[str, list[tuple[str, str]]] = {s: [] for s in self._cited("resource")}
        for module in self.uses:
            for use in catalogue.modules[module].resources:
                users[use.resource].append((module, catalogue.modules[module].title))
        listed = sorted(users, key=lambda slug: catalogue.resources[slug].title.lower())
        return [(slug, catalogue.resources[slug], users[slug]) for slug in listed]

    def _sources(self) -> list[tuple[str, Any]]:
        catalogue, cites = self.careers[0].catalogue, self._cited("source")
        named = [(slug, source) for slug, source in catalogue.sources.items() if slug in cites]
        return sorted(named, key=lambda item: item[1].title.lower())


def _phases(pages: CareerPages) -> tuple[Phase, ...]:
    return pages.records.career.phases


def _without_numbers(section: Section) -> Section:
    """A module's section that names others by title alone: each career numbers them otherwise."""
    before = [(slug, "", module) for slug, _, module in section.context["before"]]
    return replace(section, context={**section.context, "before": before})
