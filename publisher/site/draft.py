"""Pages of the site before their links lead anywhere, and where everything is."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from publisher.rendering.xhtml import Page


@dataclass(frozen=True, eq=False)
class Draft:
    """A page of the site.

    `address` is relative to the site's root and ends in "/", "" being the home page; `template`
    one of the web theme; `sections` what it shows of the books; `career` the career that it
    belongs to, whose anchors its links prefer. `data` describes it to machines (schema.org).
    """

    address: str
    template: str
    title: str
    description: str
    sections: tuple[Page, ...] = ()
    context: Mapping[str, Any] = field(default_factory=dict)
    career: str = ""
    current: str = ""
    """The entry of the navigation that it is under."""
    trail: tuple[tuple[str, str], ...] = ()
    """Title and address of the pages above it, the home page left out."""
    data: Mapping[str, Any] | None = None
    kind: str = ""
    """What the search calls such a page; nothing if the search leaves it out."""

    @property
    def single(self) -> bool:
        """Whether it is one section of the books, whose title is that of the page."""
        return len(self.sections) == 1


class Places:
    """Where each anchor of the books is on the site."""

    def __init__(self, drafts: Iterable[Draft]) -> None:
        """The places in some pages; of two with the same anchor the first one counts."""
        self._shared: dict[str, tuple[str, str]] = {}
        self._careers: dict[tuple[str, str], tuple[str, str]] = {}
        for draft in drafts:
            for page in draft.sections:
                for anchor in page.anchors:
                    whole = draft.single and anchor == page.section.slug
                    place = draft.address, "" if whole else f"#{anchor}"
                    self._shared.setdefault(anchor, place)
                    if draft.career:
                        self._careers.setdefault((draft.career, anchor), place)

    def find(self, anchor: str, draft: Draft) -> tuple[str, str] | None:
        """The address and the fragment ("" or with "#") of an anchor, as seen from a page."""
        return self._careers.get((draft.career, anchor)) or self._shared.get(anchor)
