"""Editions and sections: the order of a book, before anything is laid out."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from publisher.editions.terms import IndexTerm
from publisher.records.models.figure import Figure

Matter = Literal["front", "body", "back"]


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a book that starts on a new page.

    `template` is the name of a theme template without suffix; `context` holds all that it may
    show, and nothing else, so that the same section for two readers is the same bytes. `part`
    is the heading under which contents and outline list it; a section without a `title` is in
    neither. `needs_pages` marks a section that is laid out last, from the page map.
    """

    slug: str
    template: str
    context: Mapping[str, Any] = field(default_factory=dict)
    title: str = ""
    part: str = ""
    matter: Matter = "body"
    terms: bool = False
    """Whether terms of the glossary are linked and indexed in its text."""
    furniture: bool = True
    """Whether its pages carry a running head and a folio."""
    needs_pages: bool = False


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
    terms: tuple[IndexTerm, ...] = ()
    figures: Mapping[str, Figure] = field(default_factory=dict)
    """What the texts of its sections may show."""
    attachments: Mapping[str, str] = field(default_factory=dict)
    """File name to text of what the PDF carries with it."""
