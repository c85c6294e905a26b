"""The tree of a book: parts, chapters, sections of chapters."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from publisher.editions.edition import Section


@dataclass(slots=True)
class Chapter:
    """A section of level 1 and those of level 2 that follow it."""

    section: Section
    sections: list[Section] = field(default_factory=list)

    @property
    def slug(self) -> str:
        """The anchor of the chapter."""
        return self.section.slug

    @property
    def title(self) -> str:
        """The title of the chapter."""
        return self.section.title


@dataclass(slots=True)
class Part:
    """Chapters under one heading; `name` is empty for those before the first part."""

    name: str
    opener: str = ""
    """The anchor of the page that opens the part, if it has one."""
    chapters: list[Chapter] = field(default_factory=list)


def parts_of(sections: Iterable[Section]) -> list[Part]:
    """The tree of sections that stand in the order of the book."""
    parts: list[Part] = []
    for section in sections:
        if not section.title and not section.part:
            continue
        if not parts or parts[-1].name != section.part:
            parts.append(Part(section.part))
        part = parts[-1]
        if not section.title:
            part.opener = section.slug
        elif section.level == 1:
            part.chapters.append(Chapter(section))
        else:
            part.chapters[-1].sections.append(section)
    return parts
