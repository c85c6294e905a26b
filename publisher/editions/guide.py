"""The personal guide: one reader, one path."""

from collections.abc import Iterator, Mapping
from typing import Any

from publisher.editions.edition import Edition, Section
from publisher.editions.shared import (
    career_section,
    glossary_section,
    index_section,
    interview_sections,
    module_section,
    project_section,
    related_section,
    resources_section,
    skills_section,
    sources_section,
)
from publisher.editions.terms import index_terms
from publisher.planning.advice import advice_for
from publisher.planning.plan import Plan
from publisher.records.models.project import Project

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
        terms=index_terms(here.catalogue, here.records),
        figures=here.catalogue.figures,
        attachments=attachments,
    )


def _sections(plan: Plan, title: str) -> Iterator[Section]:
    yield Section("title", "title", _title(plan, title), matter="front", furniture=False)
    yield Section("contents", "contents", title="Contents", matter="front")
    yield from _where_you_stand(plan)
    yield from _what_you_learn(plan)
    yield from _what_you_show(plan)
    yield from _reference(plan)


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
    background = here.catalogue.backgrounds[here.reader.background]
    career, path = here.records.career, here.path
    person = {"background": background, "career": career, "path": path}
    start = {**person, "plan": plan}
    yield Section("start", "start", start, "Your start", START)
    yield Section("path", "path", person, f"From {background.name.lower()}", START, terms=True)
    strengths = {**person, "skills": here.catalogue.skills}
    yield Section("strengths", "strengths", strengths, "What carries over", START, terms=True)
    gap = {
        "gap": plan.gap,
        "skills": here.catalogue.skills,
        "groups": here.catalogue.groups,
        "track": career.tracks[here.track],
        "unreachable": plan.unreachable,
    }
    yield Section("gap", "gap", gap, "Your skill gap", START)
    yield Section("gaps", "gaps", strengths, "What is new, and why it is hard", START, terms=True)
    yield career_section(here.records, START)


def _what_you_learn(plan: Plan) -> Iterator[Section]:
    here = plan.here
    yield Section("roadmap", "roadmap", _roadmap(plan), "Your roadmap", LEARN)
    rules = advice_for(plan)
    if rules:
        yield Section(
            "situation", "situation", {"rules": rules}, "Advice for your situation", LEARN,
            terms=True,
        )  # fmt: skip
    for module in plan.modules:
        yield module_section(here.catalogue, here.records, module.slug)


def _roadmap(plan: Plan) -> dict[str, Any]:
    return {"plan": plan, "modules": plan.here.catalogue.modules}


def _what_you_show(plan: Plan) -> Iterator[Section]:
    here = plan.here
    yield Section(
        "advice", "advice", {"path": here.path}, "What to do, what to avoid", SHOW, terms=True
    )
    for slug, project in here.records.projects.items():
        if _within_reach(plan, project):
            yield project_section(here.catalogue, here.records, slug, SHOW)
    yield from interview_sections(here.records, SHOW)


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


def _reference(plan: Plan) -> Iterator[Section]:
    here = plan.here
    catalogue = here.catalogue
    yield skills_section(catalogue, here.records, REFERENCE)
    yield resources_section(catalogue, here.records, REFERENCE)
    yield related_section(here.records, REFERENCE)
    yield glossary_section(catalogue, REFERENCE)
    yield sources_section(catalogue, REFERENCE)
    yield index_section(REFERENCE)
    yield Section(
        "colophon", "colophon", {"publication": catalogue.publication}, "Colophon", REFERENCE,
        matter="back",
    )  # fmt: skip
