"""The combined handbook of a career, and its sample for a web shop."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from publisher.editions.edition import Edition, Section
from publisher.editions.path_chapter import path_chapter
from publisher.editions.shared import (
    career_section,
    colophon_section,
    glossary_section,
    index_section,
    interview_section,
    module_section,
    project_section,
    related_section,
    resources_section,
    skills_sections,
    sources_section,
)
from publisher.editions.terms import index_terms
from publisher.records.catalogue import CareerRecords, Catalogue

CAREER = "Part I: The career"
CURRICULUM = "Part II: The curriculum"
PATHS = "Part III: The paths"
PROOF = "Part IV: Projects and interviews"
REFERENCE = "Part V: Reference"

SUMMARIES = {
    CAREER: (
        "What the work is, what it asks of you at each level, and which careers lie next to it."
    ),
    CURRICULUM: (
        "Every module once, in the order of study. The chapters of Part III send you here by "
        "number and page."
    ),
    PATHS: (
        "A chapter for each background: what carries over, what is missing, the way through the "
        "curriculum, and what to do and avoid."
    ),
    PROOF: "Pieces of work that a stranger can check, and the questions that you will be asked.",
    REFERENCE: (
        "Where to learn more, what the words mean, on which page they are used, and where the "
        "figures come from."
    ),
}


@dataclass(frozen=True)
class Handbook:
    """The handbook of one career of a catalogue."""

    catalogue: Catalogue
    records: CareerRecords

    @property
    def title(self) -> str:
        """The title of the book."""
        career = self.records.career
        return f"How to Become {career.article} {career.title}"

    @property
    def subtitle(self) -> str:
        """What the book holds, in figures."""
        records = self.records
        counts = f"{len(records.paths)} paths, {len(records.numbers)} modules"
        return f"{counts}, {len(records.projects)} projects"

    def edition(self) -> Edition:
        """The whole book, PDF pages and EPUB files alike."""
        return self._edition(f"{self.records.slug}-handbook", self.title, self.sections)

    def sample(self) -> Edition:
        """Title, the contents of the whole book, and one chapter of it."""
        name = f"{self.records.slug}-handbook-sample"
        front = [section for section in self.sections if section.slug in ("title", "imprint")]
        chapter = next(s for s in self.sections if s.slug == f"module-{self.sample_module}")
        contents = Section("contents", "contents", title="Contents", matter="front", plain=True)
        # A chapter alone is no part: outline and navigation would list one that is not there.
        sections = (*front, contents, replace(chapter, part=""))
        edition = self._edition(name, f"{self.title} (sample)", sections)
        return replace(edition, contents=self.sections)

    @property
    def sample_module(self) -> str:
        """The module that the sample shows: the longest of the second phase, or of the only one."""
        phases = self.records.career.phases
        phase = phases[min(1, len(phases) - 1)]
        return max(phase.modules, key=lambda slug: self.catalogue.modules[slug].hours)

    def _edition(self, name: str, title: str, sections: tuple[Section, ...]) -> Edition:
        publication = self.catalogue.publication
        named = f"{publication.publisher}\n{name}\n{publication.edition}\n{publication.date}"
        return Edition(
            name=name,
            title=title,
            subtitle=self.subtitle,
            language=publication.language,
            publisher=publication.publisher,
            date=publication.date,
            description=self.records.career.summary,
            identifier=f"urn:sha256:{hashlib.sha256(named.encode()).hexdigest()}",
            running_foot=title,
            paper="a4",
            sections=sections,
            page_list=True,
            terms=index_terms(self.catalogue, self.records),
            figures=self.catalogue.figures,
        )

    @cached_property
    def sections(self) -> tuple[Section, ...]:
        """Every section of the book in its order."""
        return (
            *self._front(),
            *_opened(CAREER, self._career()),
            *_opened(CURRICULUM, self._curriculum(), self._phases()),
            *_opened(PATHS, self._paths()),
            *_opened(PROOF, self._proof()),
            *_opened(REFERENCE, self._reference()),
        )

    def _front(self) -> Iterator[Section]:
        book = {
            "title": self.title,
            "subtitle": self.subtitle,
            "career": self.records.career,
            "publication": self.catalogue.publication,
        }
        yield Section("half-title", "half-title", book, matter="front", furniture=False)
        yield Section("title", "handbook-title", book, matter="front", furniture=False)
        yield Section("imprint", "imprint", book, matter="front", furniture=False)
        yield Section("contents", "contents", title="Contents", matter="front", plain=True)
        use = {"parts": list(SUMMARIES.items()), **book}
        yield Section("use", "use", use, "How to use this book", matter="front")

    def _career(self) -> list[Section]:
        return [
            career_section(self.records, CAREER),
            *skills_sections(self.catalogue, self.records, CAREER),
            related_section(self.records, CAREER),
        ]

    def _curriculum(self) -> list[Section]:
        return [
            module_section(self.catalogue, self.records, slug, CURRICULUM)
            for slug in self.records.career.curriculum
        ]

    def _phases(self) -> list[dict[str, Any]]:
        """The curriculum in groups, for the page that opens its part."""
        modules = {
            slug: module_section(self.catalogue, self.records, slug, CURRICULUM)
            for slug in self.records.career.curriculum
        }
        return [
            {
                "name": f"Phase {number}: {phase.name}",
                "text": phase.aim,
                "entries": [modules[slug] for slug in phase.modules],
            }
            for number, phase in enumerate(self.records.career.phases, start=1)
        ]

    def _paths(self) -> list[Section]:
        total = len(self.records.paths)
        return [
            section
            for number, slug in enumerate(self.records.paths, start=1)
            for section in path_chapter(self.catalogue, self.records, slug, (number, total), PATHS)
        ] + self._situations()

    def _situations(self) -> list[Section]:
        rules = self.records.advice
        if not rules:
            return []
        context = {
            "rules": rules,
            "tracks": self.records.career.tracks,
            "skills": self.catalogue.skills,
        }
        return [
            Section("situations", "situations", context, "Advice by situation", PATHS, terms=True)
        ]

    def _proof(self) -> list[Section]:
        projects = [
            project_section(self.catalogue, self.records, slug, PROOF)
            for slug in self.records.projects
        ]
        interviews = [
            interview_section(self.records, slug, PROOF) for slug in self.records.interview
        ]
        return [*projects, *interviews]

    def _reference(self) -> list[Section]:
        return [
            resources_section(self.catalogue, self.records, REFERENCE),
            glossary_section(self.catalogue, REFERENCE),
            index_section(REFERENCE),
            sources_section(self.catalogue, self.records, REFERENCE),
            colophon_section(self.catalogue, REFERENCE),
        ]


def _opened(
    part: str, sections: list[Section], groups: list[dict[str, Any]] | None = None
) -> Iterator[Section]:
    """The page that opens a part and lists what is in it, then its sections."""
    entries = [section for section in sections if section.level == 1]
    number, _, name = part.removeprefix("Part ").partition(": ")
    context = {
        "number": number,
        "name": name,
        "summary": SUMMARIES[part],
        "groups": groups or [{"name": "", "text": "", "entries": entries}],
    }
    yield Section(f"part-{number.lower()}", "part", context, part=part, head=part)
    yield from sections
