"""The personal guide: one reader, one path."""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from publisher.editions.edition import Edition, Section
from publisher.editions.shared import (
    advice_section,
    career_section,
    change_section,
    colophon_section,
    glossary_section,
    hurdles_section,
    index_section,
    interview_section,
    module_section,
    project_section,
    related_section,
    resources_section,
    skills_sections,
    sources_section,
    strengths_section,
)
from publisher.editions.terms import index_terms
from publisher.planning.advice import advice_for
from publisher.planning.plan import Plan
from publisher.records.catalogue import CareerRecords, Catalogue
from publisher.records.models.project import Project

OWN_TITLES = {
    "start": "Your start",
    "gap": "Your skill gap",
    "roadmap": "Your roadmap",
    "situation": "Advice for your situation",
}
"""Template to title of the sections that are made for one reader."""

START, LEARN, SHOW, REFERENCE = "Where you stand", "What you learn", "What you show", "Reference"


def personal_guide(plan: Plan, attachments: Mapping[str, str], identifier: str) -> Edition:
    """The guide of `plan`.

    The reader's name and dates stand in three sections only (title, start, roadmap), so that
    all others are shared with every reader who has the same gap.
    """
    here = plan.here
    career = here.records.career
    publication = here.catalogue.publication
    background = here.catalogue.backgrounds[here.reader.background]
    title = f"From {background.name} to {career.title}"
    name = here.reader.name
    return Edition(
        name=f"{here.records.slug}-for-{here.reader.background}",
        title=title,
        subtitle=f"Your {plan.months.likely}-month guide",
        language=publication.language,
        publisher=publication.publisher,
        date=publication.date,
        description=here.path.summary,
        identifier=identifier,
        running_foot=f"Prepared for {name}" if name else title,
        paper=here.reader.paper,
        sections=tuple(_sections(plan, title)),
        heads=_heads(here.catalogue, here.records),
        terms=index_terms(here.catalogue, here.records),
        figures=here.catalogue.figures,
        attachments=attachments,
    )


@cache
def _heads(catalogue: Catalogue, records: CareerRecords) -> tuple[str, ...]:
    """The running heads that the guides of a career can have."""
    modules = [module_section(catalogue, records, slug) for slug in records.numbers]
    projects = [project_section(catalogue, records, slug, SHOW) for slug in records.projects]
    interviews = [interview_section(records, slug, SHOW) for slug in records.interview]
    shared = [
        *(make(catalogue, records, slug, START)
          for make in (change_section, strengths_section, hurdles_section, advice_section)
          for slug in records.paths),
        career_section(records, START), *modules, *projects, *interviews,
        *_reference(catalogue, records),
    ]  # fmt: skip
    own = ["Contents", *OWN_TITLES.values()]
    return tuple(dict.fromkeys([*own, *(section.running_head for section in shared)]))


def _sections(plan: Plan, title: str) -> Iterator[Section]:
    yield Section(
        "title", "title", _title(plan, title), matter="front", furniture=False, personal=True
    )
    yield Section("contents", "contents", title="Contents", matter="front", plain=True)
    yield from _where_you_stand(plan)
    yield from _what_you_learn(plan)
    yield from _what_you_show(plan)
    yield from _reference(plan.here.catalogue, plan.here.records)


def _title(plan: Plan, title: str) -> dict[str, Any]:
    here = plan.here
    return {
        "title": title,
        "name": here.reader.name,
        "months": plan.months,
        "hours_per_week": here.hours_per_week,
        "start": here.start,
        "finish": plan.finish,
        "family": here.records.career.family,
        "publication": here.catalogue.publication,
    }


def _where_you_stand(plan: Plan) -> Iterator[Section]:
    here = plan.here
    catalogue, records, slug = here.catalogue, here.records, here.reader.background
    start = {
        "background": catalogue.backgrounds[slug],
        "career": records.career,
        "slug": slug,
        "plan": plan,
    }
    yield Section("start", "start", start, OWN_TITLES["start"], START, personal=True)
    yield change_section(catalogue, records, slug, START)
    yield strengths_section(catalogue, records, slug, START)
    gap = {
        "gap": plan.gap,
        "skills": catalogue.skills,
        "groups": catalogue.groups,
        "track": records.career.tracks[here.track],
        "unreachable": plan.unreachable,
    }
    yield Section(f"gap-{slug}", "gap", gap, OWN_TITLES["gap"], START, plain=True)
    yield hurdles_section(catalogue, records, slug, START)
    yield career_section(records, START)


def _what_you_learn(plan: Plan) -> Iterator[Section]:
    here = plan.here
    yield Section("roadmap", "roadmap", _roadmap(plan), OWN_TITLES["roadmap"], LEARN, plain=True)
    rules = advice_for(plan)
    if rules:
        yield Section(
            "situation", "situation", {"rules": rules}, OWN_TITLES["situation"], LEARN,
            terms=True,
        )  # fmt: skip
    for module in plan.modules:
        yield module_section(here.catalogue, here.records, module.slug)


def _roadmap(plan: Plan) -> dict[str, Any]:
    return {"plan": plan, "modules": plan.here.catalogue.modules}


def _what_you_show(plan: Plan) -> Iterator[Section]:
    here = plan.here
    yield advice_section(here.catalogue, here.records, here.reader.background, SHOW)
    for slug, project in here.records.projects.items():
        if _within_reach(plan, project):
            yield project_section(here.catalogue, here.records, slug, SHOW)
    for slug in here.records.interview:
        yield interview_section(here.records, slug, SHOW)


def _within_reach(plan: Plan, project: Project) -> bool:
    """Whether the reader will have finished, or can skip, every module the project builds on."""
    here = plan.here
    planned = {module.slug for module in plan.modules} | set(here.reader.done)
    return all(
        slug in planned
        or all(
            here.levels.get(skill, 0) >= step.to
            for skill, step in here.catalogue.modules[slug].teaches.items()
        )
        for slug in project.after
    )


def _reference(catalogue: Catalogue, records: CareerRecords) -> Iterator[Section]:
    yield from skills_sections(catalogue, records, REFERENCE)
    yield resources_section(catalogue, records, REFERENCE)
    yield related_section(records, REFERENCE)
    yield glossary_section(catalogue, REFERENCE)
    yield sources_section(catalogue, records, REFERENCE)
    yield index_section(REFERENCE)
    yield colophon_section(catalogue, REFERENCE)
