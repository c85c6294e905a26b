"""The whole website: every file, by name."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time
from email.utils import format_datetime
from functools import cached_property
from typing import Any

from markupsafe import Markup

from publisher.records.catalogue import Catalogue
from publisher.records.diagnostics import DiagnosedError
from publisher.rendering.codes import finding
from publisher.rendering.theme import Theme
from publisher.rendering.web import WebTheme
from publisher.rendering.xhtml import problems
from publisher.site.careers import CareerPages
from publisher.site.draft import Draft, Places
from publisher.site.general import general_drafts
from publisher.site.library import Library
from publisher.site.passage import Passage, passage
from publisher.site.schema import breadcrumbs

PLAIN = ("robots.txt", "sitemap.xml", "feed.xml")
"""Files beside the pages, each from the template of its name."""

RESERVED = ("assessment", "plan", "static", "samples", "pagefind", "d", "u", "c", "f")
"""First parts of addresses that are not for careers."""


@dataclass(frozen=True, slots=True)
class Sample:
    """A file to download from the site: `name` is below samples/, `size` its bytes."""

    career: str
    name: str
    media_type: str
    size: int


@dataclass(frozen=True, eq=False)
class Website:
    """The site of a catalogue at `base_url`, the public address."""

    catalogue: Catalogue
    theme: Theme
    web: WebTheme
    base_url: str
    samples: Sequence[Sample] = ()

    def files(self) -> dict[str, bytes]:
        """Name to content of every file but the samples and the index of the search.

        Raises `DiagnosedError`: what is wrong in a section, or B111 for two pages at one address.
        """
        drafts = self.drafts
        found = [each for draft in drafts for each in problems(draft.sections)]
        found += _clashes(drafts)
        if found:
            raise DiagnosedError(found)
        pages = {_file(draft.address): self._page(draft).encode() for draft in drafts}
        return {**pages, **dict(self._plain()), **dict(self._static())}

    @cached_property
    def careers(self) -> tuple[CareerPages, ...]:
        """The careers in their order."""
        return tuple(
            CareerPages(self.catalogue, records, self.theme)
            for records in self.catalogue.careers.values()
        )

    @cached_property
    def drafts(self) -> tuple[Draft, ...]:
        """Every page."""
        return (
            *general_drafts(self.catalogue, self.careers, self._root),
            *(draft for career in self.careers for draft in career.drafts()),
            *Library(self.careers).drafts(),
        )

    @cached_property
    def places(self) -> Places:
        """Where everything is."""
        return Places(self.drafts)

    @property
    def _root(self) -> str:
        return self.base_url.rstrip("/") + "/"

    def _page(self, draft: Draft) -> str:
        passages = self._passages(draft)
        return self.web.render(
            draft.template,
            draft=draft,
            title=draft.title,
            description=draft.description,
            current=draft.current,
            passages=passages,
            text={each.slug: each for each in passages},
            canonical=self._root + draft.address,
            structured=[_json(each) for each in self._data(draft)],
            samples=[each for each in self.samples if each.career == draft.career],
            all_samples=self.samples,
            careers=self.careers,
            catalogue=self.catalogue,
            **draft.context,
        )

    def _passages(self, draft: Draft) -> list[Passage]:
        def resolve(anchor: str) -> str | None:
            place = self.places.find(anchor, draft)
            if place is None:
                return None
            address, fragment = place
            if address == draft.address:
                return fragment or "#main"
            return f"{self.web.prefix}/{address}{fragment}"

        return [passage(page, resolve, lower=not draft.single) for page in draft.sections]

    def _data(self, draft: Draft) -> Iterator[Mapping[str, Any]]:
        if draft.data:
            yield draft.data
        if draft.trail:
            above = [(title, self._root + address) for title, address in draft.trail]
            home = (self.catalogue.publication.title, self._root)
            yield breadcrumbs([home, *above, (draft.title, self._root + draft.address)])

    def _plain(self) -> Iterator[tuple[str, bytes]]:
        day = datetime.combine(self.catalogue.publication.date, time(), UTC)
        listed = [draft for draft in self.drafts if not draft.address.endswith(".html")]
        for name in PLAIN:
            text = self.web.render(
                name, root=self._root, drafts=listed, careers=self.careers,
                publication=self.catalogue.publication, moment_of_edition=format_datetime(day),
            )  # fmt: skip
            yield name, text.encode()

    def _static(self) -> Iterator[tuple[str, bytes]]:
        """The files of the theme, so that the folder can be put on any server."""
        for path in sorted(self.web.static.rglob("*")):
            if path.is_file():
                name = path.relative_to(self.web.static).as_posix()
                yield f"static/{name}", path.read_bytes()


def _file(address: str) -> str:
    return address if address.endswith(".html") else f"{address}index.html"


def _json(data: Mapping[str, Any]) -> Markup:
    """JSON that may stand in a script element."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return Markup(text.replace("<", "\\u003c"))  # noqa: S704  # nothing ends the element


def _clashes(drafts: Sequence[Draft]) -> Iterator[Any]:
    seen = {f"{name}/" for name in RESERVED}
    for draft in drafts:
        if draft.address in seen:
            yield finding(draft.address, "B111", f"{draft.title!r} would be at /{draft.address}")
        seen.add(draft.address)
