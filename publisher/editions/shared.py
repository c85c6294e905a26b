"""Sections that every edition of a career shares; none of them knows a reader.

Each is made once for a catalogue, so that a process that makes many books composes it once.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache
from itertools import groupby
from typing import ParamSpec, cast

from publisher.editions.citations import cited
from publisher.editions.edition import Section
from publisher.editions.terms import tool_anchor
from publisher.records.catalogue import CareerRecords, Catalogue

P = ParamSpec("P")


def made_once(make: Callable[P, Section]) -> Callable[P, Section]:
    """Make the same section for the same arguments, marked as shared."""

    def shared(*args: P.args, **kwargs: P.kwargs) -> Section:
        return replace(make(*args, **kwargs), shared=True)

    return cast("Callable[P, Section]", cache(shared))


@made_once
def career_section(records: CareerRecords, part: str) -> Section:
    """The chapter on the career itself."""
    career = records.career
    title = f"The work of {career.article} {career.title}"
    tools = [(tool_anchor(tool.name), tool) for tool in career.tools]
    context = {"career": career, "tools": tools}
    return Section("career", "career", context, title, part, terms=True, indexed=True)


@made_once
def change_section(
    catalogue: Catalogue, records: CareerRecords, background: str, part: str, level: int = 1
) -> Section:
    """What the change is like from a background: the path's own text."""
    context = {"path": records.paths[background]}
    return Section(
        f"change-{background}", "change", context, "What the change is like", part, level,
        _head(catalogue, background, level), terms=True,
    )  # fmt: skip


@made_once
def strengths_section(
    catalogue: Catalogue, records: CareerRecords, background: str, part: str, level: int = 1
) -> Section:
    """What somebody from a background brings."""
    context = _of_background(catalogue, records, background)
    return Section(
        f"strengths-{background}", "strengths", context, "What carries over", part, level,
        _head(catalogue, background, level), terms=True,
    )  # fmt: skip


@made_once
def hurdles_section(
    catalogue: Catalogue, records: CareerRecords, background: str, part: str, level: int = 1
) -> Section:
    """What somebody from a background lacks."""
    context = _of_background(catalogue, records, background)
    return Section(
        f"hurdles-{background}", "hurdles", context, "What is new, and why it is hard", part, level,
        _head(catalogue, background, level), terms=True,
    )  # fmt: skip


@made_once
def advice_section(
    catalogue: Catalogue, records: CareerRecords, background: str, part: str, level: int = 1
) -> Section:
    """What to do and to avoid from a background, and how to tell the story."""
    context = {"path": records.paths[background]}
    return Section(
        f"advice-{background}", "advice", context, "What to do, what to avoid", part, level,
        _head(catalogue, background, level), terms=True,
    )  # fmt: skip


def _of_background(
    catalogue: Catalogue, records: CareerRecords, background: str
) -> dict[str, object]:
    return {
        "background": catalogue.backgrounds[background],
        "slug": background,
        "path": records.paths[background],
        "skills": catalogue.skills,
    }


def _head(catalogue: Catalogue, background: str, level: int) -> str:
    """Inside a chapter the running head is that of the chapter."""
    return f"From {catalogue.backgrounds[background].name}" if level > 1 else ""


@made_once
def module_section(
    catalogue: Catalogue, records: CareerRecords, slug: str, part: str = ""
) -> Section:
    """One learning module, numbered as in the career's curriculum; its phase is its part."""
    module = catalogue.modules[slug]
    number = records.numbers[slug]
    phases = enumerate(records.career.phases, start=1)
    place, phase = next((n, phase) for n, phase in phases if slug in phase.modules)
    context = {
        "slug": slug,
        "module": module,
        "number": number,
        "phase": phase,
        "skills": catalogue.skills,
        "resources": catalogue.resources,
        "before": [(s, records.numbers[s], catalogue.modules[s]) for s in module.requires],
    }
    title = f"{number} {module.title}"
    part = part or f"Phase {place}: {phase.name}"
    return Section(f"module-{slug}", "module", context, title, part, terms=True, indexed=True)


@made_once
def project_section(catalogue: Catalogue, records: CareerRecords, slug: str, part: str) -> Section:
    """One portfolio project."""
    project = records.projects[slug]
    context = {
        "project": project,
        "after": [(s, records.numbers[s], catalogue.modules[s]) for s in project.after],
        "sources": catalogue.sources,
    }
    title = f"Project: {project.title}"
    return Section(f"project-{slug}", "project", context, title, part, terms=True, indexed=True)


@made_once
def interview_section(records: CareerRecords, slug: str, part: str) -> Section:
    """One area of interview questions."""
    area = records.interview[slug]
    title = f"Interview: {area.name}"
    return Section(f"interview-{slug}", "interview", {"area": area}, title, part, terms=True)


MOST_SKILLS = 60
"""Skills in one section; a section is laid out as a whole, so a long one takes much memory."""


def skills_sections(catalogue: Catalogue, records: CareerRecords, part: str) -> Iterator[Section]:
    """Every skill that the career needs or its texts name, with what each level means."""
    named = cited(catalogue, records)["skill"].difference(records.career.needs)
    shown = [*records.career.needs, *sorted(named)]
    of_group = {
        group: [skill for skill in shown if catalogue.skills[skill].group == group]
        for group in catalogue.groups
    }
    in_order = [skill for skills in of_group.values() for skill in skills]
    for start in range(0, len(in_order), MOST_SKILLS):
        some = tuple(in_order[start : start + MOST_SKILLS])
        yield _skills_section(catalogue, some, start // MOST_SKILLS + 1, part)


@made_once
def _skills_section(
    catalogue: Catalogue, skills: tuple[str, ...], number: int, part: str
) -> Section:
    entries = [(slug, catalogue.skills[slug]) for slug in skills]
    groups = [
        (catalogue.groups[group], list(some))
        for group, some in groupby(entries, key=lambda entry: entry[1].group)
    ]
    slug, title = "skills", "The skills and their levels"
    if number > 1:
        slug, title = f"{slug}-{number}", f"{title}, part {number}"
    return Section(slug, "skills", {"groups": groups}, title, part, matter="back")


@made_once
def resources_section(catalogue: Catalogue, records: CareerRecords, part: str) -> Section:
    """The career's resources by title, with the modules that use them."""
    cites = cited(catalogue, records)["resource"]
    users: dict[str, list[tuple[str, int]]] = {slug: [] for slug in cites}
    for module in records.career.curriculum:
        for use in catalogue.modules[module].resources:
            users[use.resource].append((module, records.numbers[module]))
    listed = sorted(users, key=lambda slug: catalogue.resources[slug].title.lower())
    context = {"resources": [(slug, catalogue.resources[slug], users[slug]) for slug in listed]}
    return Section("resources", "resources", context, "Resources", part, matter="back")


@made_once
def related_section(records: CareerRecords, part: str) -> Section:
    """Neighbouring careers."""
    career = records.career
    title = f"Other careers in {career.family}"
    return Section("related", "related", {"career": career}, title, part, matter="back")


@made_once
def glossary_section(catalogue: Catalogue, part: str) -> Section:
    """All terms, by name."""
    terms = sorted(catalogue.terms.items(), key=lambda item: item[1].term.lower())
    return Section("glossary", "glossary", {"terms": terms}, "Glossary", part, matter="back")


@made_once
def sources_section(catalogue: Catalogue, records: CareerRecords, part: str) -> Section:
    """Where the figures of the career come from."""
    cites = cited(catalogue, records)["source"]
    named = [(slug, source) for slug, source in catalogue.sources.items() if slug in cites]
    sources = sorted(named, key=lambda item: item[1].title.lower())
    return Section("sources", "sources", {"sources": sources}, "Sources", part, matter="back")


@made_once
def colophon_section(catalogue: Catalogue, part: str) -> Section:
    """How the book was made, and what it does not promise."""
    context = {"publication": catalogue.publication}
    return Section("colophon", "colophon", context, "Colophon", part, matter="back")


def index_section(part: str) -> Section:
    """Terms and tools with the pages that speak of them; filled from the page map."""
    return Section("index", "index", {}, "Index", part, matter="back", needs_pages=True, plain=True)
