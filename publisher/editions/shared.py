"""Sections that every edition of a career shares; none of them knows a reader."""

from collections.abc import Iterator

from publisher.editions.edition import Section
from publisher.editions.terms import tool_anchor
from publisher.records.catalogue import CareerRecords, Catalogue


def career_section(records: CareerRecords, part: str) -> Section:
    """The chapter on the career itself."""
    career = records.career
    title = f"The work of {career.article} {career.title}"
    tools = [(tool_anchor(tool.name), tool) for tool in career.tools]
    context = {"career": career, "tools": tools}
    return Section("career", "career", context, title, part, terms=True)


def module_section(catalogue: Catalogue, records: CareerRecords, slug: str) -> Section:
    """One learning module, numbered as in the career's curriculum."""
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
    part = f"Phase {place}: {phase.name}"
    return Section(
        f"module-{slug}", "module", context, f"{number} {module.title}", part, terms=True
    )


def project_section(catalogue: Catalogue, records: CareerRecords, slug: str, part: str) -> Section:
    """One portfolio project."""
    project = records.projects[slug]
    context = {
        "project": project,
        "after": [(s, records.numbers[s], catalogue.modules[s]) for s in project.after],
        "sources": catalogue.sources,
    }
    title = f"Project: {project.title}"
    return Section(f"project-{slug}", "project", context, title, part, terms=True)


def interview_sections(records: CareerRecords, part: str) -> Iterator[Section]:
    """One section an area of interview questions."""
    for slug, area in records.interview.items():
        title = f"Interview: {area.name}"
        yield Section(f"interview-{slug}", "interview", {"area": area}, title, part, terms=True)


def skills_section(catalogue: Catalogue, records: CareerRecords, part: str) -> Section:
    """Every skill of the career with what each level means."""
    needs = records.career.needs
    grouped = [
        (group, [(s, catalogue.skills[s]) for s in needs if catalogue.skills[s].group == slug])
        for slug, group in catalogue.groups.items()
    ]
    context = {"groups": [(group, skills) for group, skills in grouped if skills]}
    return Section("skills", "skills", context, "The skills and their levels", part, "back")


def resources_section(catalogue: Catalogue, records: CareerRecords, part: str) -> Section:
    """Every resource by title, with the modules of the career that use it."""
    users: dict[str, list[tuple[str, int]]] = {slug: [] for slug in catalogue.resources}
    for module in records.career.curriculum:
        for use in catalogue.modules[module].resources:
            users[use.resource].append((module, records.numbers[module]))
    listed = sorted(users, key=lambda slug: catalogue.resources[slug].title.lower())
    context = {"resources": [(slug, catalogue.resources[slug], users[slug]) for slug in listed]}
    return Section("resources", "resources", context, "Resources", part, "back")


def related_section(records: CareerRecords, part: str) -> Section:
    """Neighbouring careers."""
    career = records.career
    title = f"Other careers in {career.family}"
    return Section("related", "related", {"career": career}, title, part, "back")


def glossary_section(catalogue: Catalogue, part: str) -> Section:
    """All terms, by name."""
    terms = sorted(catalogue.terms.items(), key=lambda item: item[1].term.lower())
    return Section("glossary", "glossary", {"terms": terms}, "Glossary", part, "back")


def sources_section(catalogue: Catalogue, part: str) -> Section:
    """Where the figures come from."""
    sources = sorted(catalogue.sources.items(), key=lambda item: item[1].title.lower())
    return Section("sources", "sources", {"sources": sources}, "Sources", part, "back")


def index_section(part: str) -> Section:
    """Terms and tools with the pages that speak of them; filled from the page map."""
    return Section("index", "index", {}, "Index", part, "back", needs_pages=True)
