"""A web theme: the templates and files of the website, for its static and its served pages."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from jinja2 import Environment
from pydantic import ByteSize

from publisher.rendering.filters import FILTERS as TEXT_FILTERS
from publisher.rendering.templates import environment_of


@dataclass(frozen=True, slots=True)
class Site:
    """Who publishes: `imprint` is the postal address, `language` a BCP 47 tag."""

    title: str
    language: str
    imprint: str | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of the navigation. A page that sets `current` to its name is marked there."""

    name: str
    text: str
    path: str


NAVIGATION = (
    Entry("careers", "Careers", "/"),
    Entry("assessment", "Assessment", "/assessment"),
    Entry("modules", "Modules", "/modules/"),
    Entry("glossary", "Glossary", "/glossary/"),
    Entry("search", "Search", "/search/"),
)
"""The same on static and on served pages."""


@dataclass(frozen=True)
class WebTheme:
    """The theme in `folder`; `prefix` is the path of the public address, mostly nothing.

    Templates find `site`, `prefix`, `navigation`, `stylesheet` and `icon` without being given
    them. Those that extend base.html may set `current` to the name of an entry of the navigation.
    """

    folder: Path
    site: Site
    prefix: str = ""

    @property
    def static(self) -> Path:
        """The folder that is served as it is."""
        return self.folder / "static"

    def render(self, template: str, **context: Any) -> str:
        """The text of a page such as `download.html`."""
        return self.environment.get_template(template).render(context)

    @cached_property
    def environment(self) -> Environment:
        """The templates, with what all of them find."""
        environment = environment_of(self.folder, {**TEXT_FILTERS, **FILTERS})
        environment.globals.update(
            site=self.site,
            prefix=self.prefix,
            navigation=NAVIGATION,
            stylesheet=self.address("site.css"),
            icon=self.address("icon.svg"),
            static=self.address,
        )
        return environment

    def address(self, name: str) -> str:
        """Where a file of `static` is, elsewhere when it has changed: browsers may keep it."""
        digest = hashlib.sha256((self.static / name).read_bytes()).hexdigest()
        return f"{self.prefix}/static/{name}?v={digest[:12]}"


def moment(value: datetime) -> str:
    """23 December 2026, 14:05 UTC, which breaks only behind the comma."""
    value = value.astimezone(UTC)
    day, hour = f"{value.day} {value:%B %Y}", f"{value:%H:%M} UTC"
    return ", ".join(part.replace(" ", "\N{NO-BREAK SPACE}") for part in (day, hour))


def size(value: int) -> str:
    """`1200000` as `1.2 MB`."""
    return ByteSize(value).human_readable(decimal=True, separator="\N{NO-BREAK SPACE}")


def kind(media_type: str) -> str:
    """What readers call a format."""
    return KINDS.get(media_type, ("File", ""))[0]


def use(media_type: str) -> str:
    """What a format is good for; nothing if that is not known."""
    return KINDS.get(media_type, ("File", ""))[1]


KINDS: Mapping[str, tuple[str, str]] = {
    "application/pdf": ("PDF", "for the screen and for print"),
    "application/epub+zip": ("EPUB", "for book readers and phones"),
    "text/calendar": ("Calendar", "your plan in your calendar"),
    "application/json": ("JSON", "your plan for programs"),
}

FILTERS: Mapping[str, Callable[..., str]] = {
    "kind": kind, "moment": moment, "size": size, "use": use,
}  # fmt: skip
