"""All records, validated and cross-checked: what every later stage works from."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from publisher.records.checks import CHECKS
from publisher.records.diagnostics import DiagnosedError, Diagnostic
from publisher.records.entries import Entries, R
from publisher.records.loader import read_entries
from publisher.records.models.advice import AdviceRules, Rule
from publisher.records.models.assessment import Assessment
from publisher.records.models.background import Background
from publisher.records.models.career import Career
from publisher.records.models.career_path import CareerPath
from publisher.records.models.figure import Figure
from publisher.records.models.interview import Area, Interview
from publisher.records.models.library import (
    Glossary,
    Resource,
    Resources,
    Source,
    Sources,
    Term,
)
from publisher.records.models.module import Module
from publisher.records.models.project import Project
from publisher.records.models.publication import Publication
from publisher.records.models.skill import Skill, SkillGroup, SkillGroups


@dataclass(frozen=True, eq=False)
class CareerRecords:
    """A career with everything that stands in its folder. Equal to itself only."""

    slug: str
    career: Career
    paths: Mapping[str, CareerPath]
    projects: Mapping[str, Project]
    interview: Mapping[str, Area]
    advice: tuple[Rule, ...]

    @cached_property
    def numbers(self) -> Mapping[str, int]:
        """Module to its number in the curriculum, from 1."""
        return {slug: number for number, slug in enumerate(self.career.curriculum, start=1)}


@dataclass(frozen=True, eq=False)
class Catalogue:
    """Every record by slug. Mappings keep the order of the files, tables that of their lines.

    Equal to itself only, so that what is made from it can be remembered.
    """

    publication: Publication
    groups: Mapping[str, SkillGroup]
    skills: Mapping[str, Skill]
    backgrounds: Mapping[str, Background]
    modules: Mapping[str, Module]
    resources: Mapping[str, Resource]
    sources: Mapping[str, Source]
    terms: Mapping[str, Term]
    figures: Mapping[str, Figure]
    careers: Mapping[str, CareerRecords]
    assessment: Assessment | None
    """None where the records hold none."""


def load_catalogue(folder: Path) -> Catalogue:
    """Read, validate and cross-check the records in `folder`.

    Raises `DiagnosedError` with every mistake found if there is any.
    """
    entries = read_entries(folder)
    diagnostics = cross_check(entries)
    if diagnostics:
        raise DiagnosedError(diagnostics)
    return catalogue_of(entries)


def cross_check(entries: Entries) -> list[Diagnostic]:
    """Every mistake in the entries, those of single files included, in order of place."""
    found = [*entries.diagnostics]
    for check in CHECKS:
        found += check(entries)
    return sorted(set(found))


def catalogue_of(entries: Entries) -> Catalogue:
    """The catalogue of entries that have no mistakes."""
    publication = _only(entries, Publication)
    careers = _by_slug(entries, Career)
    order = dict.fromkeys([*publication.careers, *careers])
    return Catalogue(
        publication=publication,
        groups=_only(entries, SkillGroups).groups,
        skills=_by_slug(entries, Skill),
        backgrounds=_by_slug(entries, Background),
        modules=_by_slug(entries, Module),
        resources=_only(entries, Resources).resources,
        sources=_only(entries, Sources).sources,
        terms=_only(entries, Glossary).terms,
        figures=_by_slug(entries, Figure),
        careers={slug: _career_records(entries, slug, careers[slug]) for slug in order},
        assessment=next(iter(_by_slug(entries, Assessment).values()), None),
    )


def _career_records(entries: Entries, slug: str, career: Career) -> CareerRecords:
    folder = f"careers/{slug}/"
    interviews = _by_slug(entries, Interview, folder).get(slug)
    advice = _by_slug(entries, AdviceRules, folder).get(slug)
    return CareerRecords(
        slug=slug,
        career=career,
        paths=_by_slug(entries, CareerPath, folder),
        projects=_by_slug(entries, Project, folder),
        interview=interviews.areas if interviews else {},
        advice=advice.rules if advice else (),
    )


def _by_slug(entries: Entries, model: type[R], folder: str = "") -> dict[str, R]:
    return {
        entry.slug: entry.record
        for path, entry in entries.of(model).items()
        if entry.record and path.startswith(folder)
    }


def _only(entries: Entries, model: type[R]) -> R:
    (record,) = _by_slug(entries, model).values()
    return record
