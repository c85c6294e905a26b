"""The pages of one career: hub, paths, projects, interview questions."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from publisher.editions.edition import Section
from publisher.editions.handbook import Handbook
from publisher.planning.plan import Plan
from publisher.records.catalogue import CareerRecords, Catalogue
from publisher.rendering.filters import in_text
from publisher.rendering.theme import Theme
from publisher.rendering.xhtml import Page, compose
from publisher.site.draft import Draft
from publisher.site.schema import course, learning_resource, occupation

PATH_SECTIONS = ("change", "strengths", "gap", "hurdles", "roadmap", "advice")
"""Kinds of sections of a path's page, in their order."""


@dataclass(frozen=True)
class PathSummary:
    """A path as lists show it; `gaps` are names of skills, the most important and widest first."""

    slug: str
    name: str
    address: str
    summary: str
    hours_per_week: float
    tracks: tuple[tuple[str, Plan], ...]
    """Name of the track and the plan of a typical reader on it; the path's own track first."""
    gaps: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class CareerPages:
    """Composes the pages of a career from the sections of its handbook."""

    catalogue: Catalogue
    records: CareerRecords
    theme: Theme

    @cached_property
    def edition(self) -> Any:
        """The handbook, whose sections these pages show."""
        return Handbook(self.catalogue, self.records).edition()

    @property
    def address(self) -> str:
        """Of the hub."""
        return f"{self.records.slug}/"

    @property
    def title(self) -> str:
        """What the hub is called."""
        return Handbook(self.catalogue, self.records).title

    @cached_property
    def paths(self) -> tuple[PathSummary, ...]:
        """Every path in the order of the records."""
        return tuple(self._summary(slug) for slug in self.records.paths)

    def drafts(self) -> Iterator[Draft]:
        """Every page."""
        yield self._hub()
        yield from map(self._path, self.paths)
        for slug in self.records.projects:
            yield self._project(slug)
        for slug in self.records.interview:
            yield self._interview(slug)

    def page(self, section: Section) -> Page:
        """A section, composed."""
        return compose(section, self.edition, self.theme)

    def section(self, slug: str) -> Section:
        """A section of the handbook."""
        return self._sections[slug]

    @cached_property
    def _sections(self) -> dict[str, Section]:
        return {section.slug: section for section in self.edition.sections}

    def _summary(self, background: str) -> PathSummary:
        plans: dict[str, Plan] = self.section(f"path-{background}").context["plans"]
        tracks = self.records.career.tracks
        gap = next(iter(plans.values())).gap
        return PathSummary(
            slug=background,
            name=self.catalogue.backgrounds[background].name,
            address=f"{self.records.slug}/from-{background}/",
            summary=self.records.paths[background].summary,
            hours_per_week=self.records.paths[background].headline.hours_per_week,
            tracks=tuple((tracks[slug].name, each) for slug, each in plans.items()),
            gaps=tuple(self.catalogue.skills[row.skill].name for row in gap.open[:3]),
        )

    def _hub(self) -> Draft:
        career = self.records.career
        return Draft(
            address=self.address,
            template="hub.html",
            title=self.title,
            description=career.summary,
            sections=(self.page(self.section("career")),),
            context={
                "career": career,
                "slug": self.records.slug,
                "paths": self.paths,
                "projects": self._projects(),
                "interview": [
                    (area.name, f"{self.address}interview/{slug}/", len(area.questions))
                    for slug, area in self.records.interview.items()
                ],
            },
            career=self.records.slug,
            current="careers",
            data=occupation(self.catalogue, self.records),
            kind="Career",
        )

    def _path(self, path: PathSummary) -> Draft:
        background = self.catalogue.backgrounds[path.slug]
        career = self.records.career
        description = (
            f"From {in_text(background.name)} to {in_text(career.title)}: what carries over, "
            f"what is missing, a roadmap by weeks, and advice. {path.tracks[0][1].months.likely} "
            f"months at {path.hours_per_week:g} hours a week, as an estimate."
        )
        return Draft(
            address=path.address,
            template="path.html",
            title=f"From {background.name} to {career.title}",
            description=description,
            sections=tuple(self.page(each) for each in self._path_sections(path)),
            context={"path": path, "background": background, "career": career,
                     "tracks": career.tracks, "slug": self.records.slug},
            career=self.records.slug,
            current="careers",
            trail=((self.title, self.address),),
            data=course(self.catalogue, self.records, path.slug, path.tracks[0][1]),
            kind="Path",
        )  # fmt: skip

    def _path_sections(self, path: PathSummary) -> Iterator[Section]:
        for kind in PATH_SECTIONS:
            if kind != "roadmap":
                yield self.section(f"{kind}-{path.slug}")
                continue
            plan = path.tracks[0][1]
            context = {"plan": plan, "modules": self.catalogue.modules, "dated": False}
            yield Section("roadmap", "roadmap", context, "The roadmap, week by week")

    def _project(self, slug: str) -> Draft:
        project = self.records.projects[slug]
        return Draft(
            address=f"{self.address}projects/{slug}/",
            template="section.html",
            title=project.title,
            description=project.summary,
            sections=(self.page(self.section(f"project-{slug}")),),
            context={"kicker": f"Project for {self.records.career.plural}"},
            career=self.records.slug,
            current="careers",
            trail=((self.title, self.address),),
            data=learning_resource(project.title, project.summary, project.hours, "project"),
            kind="Project",
        )

    def _interview(self, slug: str) -> Draft:
        area = self.records.interview[slug]
        return Draft(
            address=f"{self.address}interview/{slug}/",
            template="section.html",
            title=f"Interview questions: {area.name}",
            description=area.summary,
            sections=(self.page(self.section(f"interview-{slug}")),),
            context={"kicker": f"Questions for {self.records.career.plural}"},
            career=self.records.slug,
            current="careers",
            trail=((self.title, self.address),),
            kind="Interview questions",
        )

    def _projects(self) -> list[tuple[str, str, str]]:
        """Title, address and summary of every project."""
        return [
            (project.title, f"{self.address}projects/{slug}/", project.summary)
            for slug, project in self.records.projects.items()
        ]
