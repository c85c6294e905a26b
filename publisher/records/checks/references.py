"""Every slug that a record names must be a record."""

from collections.abc import Iterable, Iterator

from publisher.records.diagnostics import Diagnostic
from publisher.records.entries import Entries, Entry
from publisher.records.hints import nearest
from publisher.records.models.advice import AdviceRules
from publisher.records.models.assessment import Assessment
from publisher.records.models.background import Background
from publisher.records.models.career import Career
from publisher.records.models.career_path import CareerPath
from publisher.records.models.interview import Interview
from publisher.records.models.library import Glossary, Resources, Sources
from publisher.records.models.module import Module
from publisher.records.models.project import Project
from publisher.records.models.publication import Publication
from publisher.records.models.skill import Skill, SkillGroups
from publisher.records.tree import Key
from publisher.records.types import Record

SKILL, MODULE, BACKGROUND, SOURCE, RESOURCE = "R201", "R202", "R203", "R204", "R205"
CAREER, TRACK, GROUP, TERM = "R206", "R211", "R212", "R213"

NAMES = {
    SKILL: "skill", MODULE: "module", BACKGROUND: "background", SOURCE: "source",
    RESOURCE: "resource", CAREER: "career", TRACK: "track", GROUP: "skill group", TERM: "term",
}  # fmt: skip

Reference = tuple[str, str, Key]
"""Code of the kind, the slug that is named, and where."""

Known = dict[str, frozenset[str] | None]
"""The slugs of each kind; None where they could not be read."""


def references_exist(entries: Entries) -> Iterator[Diagnostic]:
    """No record names a skill, module, source … that is not there."""
    known: Known = {
        SKILL: entries.slugs(Skill),
        MODULE: entries.slugs(Module),
        BACKGROUND: entries.slugs(Background),
        SOURCE: entries.slugs(Sources, "sources"),
        RESOURCE: entries.slugs(Resources, "resources"),
        CAREER: entries.slugs(Career),
        GROUP: entries.slugs(SkillGroups, "groups"),
        TERM: entries.slugs(Glossary, "terms"),
    }
    tracks = {entry.slug: frozenset(career.tracks) for entry, career in entries.valid(Career)}
    yield from _strays(entries, known[CAREER])
    for entry in entries.all():
        # Inside a career's folder a track is one of that career.
        yield from _unknown(entry, {**known, TRACK: tracks.get(entry.career)})


def _strays(entries: Entries, careers: frozenset[str] | None) -> Iterator[Diagnostic]:
    """Folders under careers/ without a career, each at its first record."""
    folders = {entry.career: entry for entry in reversed(entries.all()) if entry.career}
    for career, entry in folders.items():
        if careers is not None and career not in careers:
            hint = f"add careers/{career}/career.md, or rename the folder"
            yield entry.finding(CAREER, f"unknown career {career!r}", hint=hint)


def _unknown(entry: Entry[Record], known: Known) -> Iterator[Diagnostic]:
    for code, slug, key in _references(entry):
        slugs = known[code]
        if slugs is not None and slug not in slugs:
            of_key = bool(key) and key[-1] == slug
            text = f"unknown {NAMES[code]} {slug!r}"
            yield entry.finding(code, text, key, nearest(slug, slugs), of_key=of_key)


def _references(entry: Entry[Record]) -> Iterable[Reference]:
    match entry.record:
        case Skill() as skill:
            return [(GROUP, skill.group, ("group",))]
        case Background() as background:
            return [(SKILL, slug, ("levels", slug)) for slug in background.levels]
        case Module() as module:
            return _of_module(module)
        case Career() as career:
            return _of_career(career)
        case CareerPath() as path:
            return [(BACKGROUND, entry.slug, ()), *_of_path(path)]
        case Project() as project:
            return [
                *_each(MODULE, project.after, ("after",)),
                *((SOURCE, d.source, ("datasets", i, "source"))
                  for i, d in enumerate(project.datasets)),
            ]  # fmt: skip
        case Interview() as interview:
            return [
                reference
                for slug, area in interview.areas.items()
                for i, question in enumerate(area.questions)
                for reference in _each(
                    SKILL, question.skills, ("areas", slug, "questions", i, "skills")
                )
            ]
        case AdviceRules() as advice:
            return _of_advice(advice)
        case Publication() | Glossary() | Assessment() as table:
            return _of_table(table)
        case _:
            return []


def _each(code: str, slugs: tuple[str, ...], key: Key) -> Iterator[Reference]:
    for i, slug in enumerate(slugs):
        yield code, slug, (*key, i)


def _of_module(module: Module) -> Iterator[Reference]:
    yield from _each(MODULE, module.requires, ("requires",))
    for slug in module.requires_skills:
        yield SKILL, slug, ("requires_skills", slug)
    for slug in module.teaches:
        yield SKILL, slug, ("teaches", slug)
    for i, use in enumerate(module.resources):
        yield RESOURCE, use.resource, ("resources", i, "resource")


def _of_career(career: Career) -> Iterator[Reference]:
    for track, record in career.tracks.items():
        yield from _each(MODULE, record.milestones, ("tracks", track, "milestones"))
    for skill, need in career.needs.items():
        yield SKILL, skill, ("needs", skill)
        for track in need.levels:
            yield TRACK, track, ("needs", skill, "levels", track)
    for i, phase in enumerate(career.phases):
        yield from _each(MODULE, phase.modules, ("phases", i, "modules"))
    for i, tool in enumerate(career.tools):
        yield SOURCE, tool.source, ("tools", i, "source")
    for i, pay in enumerate(career.pay):
        yield SOURCE, pay.source, ("pay", i, "source")
    for i, related in enumerate(career.related):
        if related.career:
            yield CAREER, related.career, ("related", i, "career")


def _of_table(table: Publication | Glossary | Assessment) -> Iterator[Reference]:
    match table:
        case Publication():
            yield from _each(CAREER, table.careers, ("careers",))
        case Glossary():
            for slug, term in table.terms.items():
                yield from _each(TERM, term.see, ("terms", slug, "see"))
        case Assessment():
            yield from _of_assessment(table)


def _of_path(path: CareerPath) -> Iterator[Reference]:
    for track in path.headline.months:
        yield TRACK, track, ("headline", "months", track)
    for i, strength in enumerate(path.strengths):
        yield from _each(SKILL, strength.skills, ("strengths", i, "skills"))
    for i, gap in enumerate(path.gaps):
        yield from _each(SKILL, gap.skills, ("gaps", i, "skills"))


def _of_advice(advice: AdviceRules) -> Iterator[Reference]:
    for i, rule in enumerate(advice.rules):
        if rule.when.track:
            yield TRACK, rule.when.track, ("rules", i, "when", "track")
        for skill in rule.when.gap:
            yield SKILL, skill, ("rules", i, "when", "gap", skill)


def _of_assessment(assessment: Assessment) -> Iterator[Reference]:
    for slug, task in assessment.tasks.items():
        yield SKILL, task.skill, ("tasks", slug, "skill")
    for group in assessment.skills.groups:
        yield GROUP, group, ("skills", "groups", group)
    for slug, goal in assessment.goal.options.items():
        yield CAREER, goal.career, ("goal", "options", slug, "career")
    for career in assessment.targets:
        yield CAREER, career, ("targets", career)
    for i, rule in enumerate(assessment.neighbours):
        yield CAREER, rule.career, ("neighbours", i, "career")
