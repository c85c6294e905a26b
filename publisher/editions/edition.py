"""Editions and sections: the order of a book, before anything is laid out."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from publisher.editions.terms import IndexTerm
from publisher.records.models.figure import Figure

Matter = Literal["front", "body", "back"]


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class Section:
    """A part of a book that starts on a new page. Equal to itself only, so it can be a key.

    `template` is the name of a theme template without suffix; `context` holds all that it may
    show, and nothing else, so that the same section for two readers is the same bytes. `part`
    is the heading under which contents and outline list it; a section without a `title` is in
    neither, and is the page that opens the part if it comes first there. `needs_pages` marks a
    section that is laid out last, from the page map.
    """

    slug: str
    template: str
    context: Mapping[str, Any] = field(default_factory=dict)
    title: str = ""
    part: str = ""
    level: int = 1
    """1 for a chapter; 2 for a section of the chapter before it, which only the outline lists."""
    head: str = ""
    """The running head, where the title alone would not say where one is."""
    matter: Matter = "body"
    terms: bool = False
    """Whether terms of the glossary are linked and indexed in its text."""
    furniture: bool = True
    """Whether its pages carry a running head and a folio."""
    needs_pages: bool = False
    plain: bool = False
    """Whether it is headings, tables and lists made anew for each book, set the short way."""
    personal: bool = False
    """Whether it is about one reader, so that nobody else has a use for it."""
    indexed: bool = False
    """Whether the index sends here for the terms that it mentions."""
    shared: bool = False
    """Whether other books have this very section, so that it is worth remembering its XHTML."""

    @property
    def running_head(self) -> str:
        """What stands at the top of its pages but the first."""
        return self.head or self.title


@dataclass(frozen=True, slots=True)
class Edition:
    """A book, ready to be rendered. `name` is the name of its files without suffix."""

    name: str
    title: str
    subtitle: str
    language: str
    publisher: str
    date: date
    description: str
    identifier: str
    """What makes this copy this copy: two copies with the same identifier are the same book."""
    running_foot: str
    paper: Literal["a4", "letter"]
    sections: tuple[Section, ...]
    contents: tuple[Section, ...] = ()
    """What the list of contents shows, if that is not the sections: a sample shows the book's."""
    heads: tuple[str, ...] = ()
    """Running heads of every book of its kind, this one's among them, so that all share them."""
    page_list: bool = False
    """Whether the EPUB says where the pages of the PDF begin."""
    terms: tuple[IndexTerm, ...] = ()
    figures: Mapping[str, Figure] = field(default_factory=dict)
    """What the texts of its sections may show."""
    attachments: Mapping[str, str] = field(default_factory=dict)
    """File name to text of what the PDF carries with it."""
