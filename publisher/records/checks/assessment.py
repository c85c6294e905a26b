"""The assessment weighs every answer for every track, and nothing that is not there."""

from collections.abc import Collection, Iterator, Mapping
from itertools import pairwise

from publisher.records.diagnostics import Diagnostic
from publisher.records.entries import Entries, Entry
from publisher.records.hints import nearest
from publisher.records.models.assessment import UNSURE, Assessment, Target
from publisher.records.models.career import Career
from publisher.records.models.project import Project
from publisher.records.models.skill import SkillGroups
from publisher.records.tree import Key

FEWEST, MOST = 12, 18
"""So many questions an assessment has: enough to say something, few enough to be answered."""

WHOLE = 100

NAMES = {"R211": "track", "R214": "project", "R215": "question", "R216": "neighbour"}

Careers = Mapping[str, Career]
"""Those that validated: what the others hold is not known, so it may be anything."""


def assessment_is_sound(entries: Entries) -> Iterator[Diagnostic]:
    """Questions, tracks, groups, projects and neighbours are there, and weights add up."""
    careers = {entry.slug: career for entry, career in entries.valid(Career)}
    groups = entries.slugs(SkillGroups, "groups") or frozenset()
    for entry, assessment in entries.valid(Assessment):
        yield from _questions(entry, assessment)
        yield from _bands(entry, assessment)
        yield from _left_out(entry, groups, assessment.skills.groups, ("skills", "groups"), "group")
        yield from _goals(entry, assessment, careers)
        yield from _neighbours(entry, assessment, careers)
        if entries.whole(Career):
            yield from _left_out(entry, careers, assessment.targets, ("targets",), "career")
        for career, tracks in assessment.targets.items():
            yield from _tracks(entry, careers.get(career), career, tracks)
            for track, target in tracks.items():
                key = ("targets", career, track)
                yield from _weights(entry, assessment, target, key)
                yield from _project(entries, entry, career, target, key)


def _left_out(
    entry: Entry[Assessment], wanted: Collection[str], has: Collection[str], key: Key, what: str
) -> Iterator[Diagnostic]:
    for slug in sorted(set(wanted) - set(has)):
        yield entry.finding("R315", f"{what} {slug!r} is left out", key)


def _unknown(
    entry: Entry[Assessment], code: str, slug: str, known: Collection[str], key: Key
) -> Iterator[Diagnostic]:
    if slug not in known:
        text = f"unknown {NAMES[code]} {slug!r}"
        yield entry.finding(code, text, key, nearest(slug, known), of_key=key[-1] == slug)


def _questions(entry: Entry[Assessment], assessment: Assessment) -> Iterator[Diagnostic]:
    if not FEWEST <= assessment.count <= MOST:
        text = f"{assessment.count} questions; an assessment has {FEWEST} to {MOST}"
        hint = "scales, tasks and five others count"
        yield entry.finding("R106", text, ("scales",), hint, of_key=True)
    for slug, task in assessment.tasks.items():
        key = ("tasks", slug)
        if slug in assessment.scales:
            yield entry.finding("R207", f"slug {slug!r} is taken by a scale", key, of_key=True)
        if task.right not in task.options:
            text = f"right must be one of the options, not {task.right!r}"
            yield entry.finding("R105", text, (*key, "right"), nearest(task.right, task.options))
        if UNSURE in task.options:
            text = f"{UNSURE!r} is offered with every task"
            yield entry.finding("R105", text, (*key, "options", UNSURE), "remove it", of_key=True)


def _bands(entry: Entry[Assessment], assessment: Assessment) -> Iterator[Diagnostic]:
    bands = assessment.thresholds.bands
    for i, (upper, lower) in enumerate(pairwise(bands), start=1):
        if lower.least >= upper.least:
            text = f"least must be less than {upper.least}, as the bands go down"
            yield entry.finding("R107", text, ("thresholds", "bands", i, "least"))
    if bands[-1].least:
        key = ("thresholds", "bands", len(bands) - 1, "least")
        yield entry.finding("R107", "the last band must begin at 0", key)


def _tracks(
    entry: Entry[Assessment], career: Career | None, slug: str, tracks: Mapping[str, Target]
) -> Iterator[Diagnostic]:
    if career is None:
        return
    for track in tracks:
        key = ("targets", slug, track)
        yield from _unknown(entry, "R211", track, career.tracks, key)
    yield from _left_out(entry, career.tracks, tracks, ("targets", slug), "track")


def _weights(
    entry: Entry[Assessment], assessment: Assessment, target: Target, key: Key
) -> Iterator[Diagnostic]:
    known = assessment.dimension_of
    for slug in target.questions:
        yield from _unknown(entry, "R215", slug, known, (*key, "questions", slug))
    yield from _left_out(entry, known, target.questions, (*key, "questions"), "question")
    shares = target.dimensions.model_dump()
    if sum(shares.values()) != WHOLE:
        text = f"the dimensions add up to {sum(shares.values())}, not to {WHOLE}"
        yield entry.finding("R316", text, (*key, "dimensions"))
    weighing = {
        known[slug] for slug, weight in target.questions.items() if weight and slug in known
    }
    for dimension in sorted(set(shares) - {"skills"} - weighing):
        if shares[dimension]:
            text = f"no question weighs in {dimension!r}"
            yield entry.finding("R316", text, (*key, "dimensions", dimension))


def _project(
    entries: Entries, entry: Entry[Assessment], career: str, target: Target, key: Key
) -> Iterator[Diagnostic]:
    projects = [each.slug for each in entries.of(Project).values() if each.career == career]
    if projects:
        way = (*key, "try_first")
        yield from _unknown(entry, "R214", target.try_first, projects, way)


def _goals(
    entry: Entry[Assessment], assessment: Assessment, careers: Careers
) -> Iterator[Diagnostic]:
    for slug, goal in assessment.goal.options.items():
        if goal.career in careers:
            key = ("goal", "options", slug, "track")
            tracks = careers[goal.career].tracks
            yield from _unknown(entry, "R211", goal.track, tracks, key)


def _neighbours(
    entry: Entry[Assessment], assessment: Assessment, careers: Careers
) -> Iterator[Diagnostic]:
    for i, rule in enumerate(assessment.neighbours):
        key = ("neighbours", i)
        if rule.career in careers:
            titles = [related.title for related in careers[rule.career].related]
            yield from _unknown(entry, "R216", rule.title, titles, (*key, "title"))
        for side, slugs in (("low", rule.when.low), ("high", rule.when.high)):
            for j, slug in enumerate(slugs):
                way = (*key, "when", side, j)
                yield from _unknown(entry, "R215", slug, assessment.scales, way)
