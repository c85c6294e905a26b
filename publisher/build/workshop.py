"""What every build needs, and what a process that makes many books remembers."""

from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from publisher.build.reporter import Reporter
from publisher.build.store import Store
from publisher.editions.edition import Edition, Section
from publisher.rendering.pdf.fragment import Fragment, FragmentJob
from publisher.rendering.pdf.scratch import Scratch
from publisher.rendering.theme import Theme
from publisher.rendering.xhtml import Page, compose

MOST_KEPT = 1000
"""So many fragments stay in memory; a fragment takes some 20 kB."""


@dataclass(frozen=True, eq=False)
class Workshop:
    """A theme, a cache, somebody to tell, and how many workers."""

    theme: Theme
    store: Store
    reporter: Reporter
    workers: int | None = None
    many: bool = False
    """Whether it makes many books, so that what they share is to stay at hand."""
    _pages: dict[Section, tuple[Edition, Page]] = field(default_factory=dict)
    _jobs: dict[tuple[Section, str], FragmentJob] = field(default_factory=dict)
    _fragments: dict[str, Fragment] = field(default_factory=dict)
    _scratch: Scratch = field(default_factory=Scratch)

    @cached_property
    def fonts(self) -> Path:
        """The folder of the theme's fonts."""
        return self.theme.folder / "fonts"

    def page(self, section: Section, edition: Edition) -> Page:
        """A section composed; a shared section is not composed again for the next book.

        Raises `DiagnosedError` (B101).
        """
        made = self._pages.get(section)
        if made and (made[0].language, made[0].terms) == (edition.language, edition.terms):
            return made[1]
        page = compose(section, edition, self.theme)
        if section.shared:
            self._pages[section] = edition, page
        return page

    def job(self, page: Page, edition: Edition) -> FragmentJob:
        """The job to lay out a composed section."""
        place = page.section, edition.paper
        job = self._jobs.get(place)
        if job is None:
            section = page.section
            lasting = not (section.plain or section.personal)
            job = self.job_of(
                section.slug, page.print_xhtml, edition, plain=section.plain, lasting=lasting
            )
            if page.section.shared and self.many:
                self._jobs[place] = job
        return job

    def job_of(
        self,
        name: str,
        xhtml: bytes,
        edition: Edition,
        *,
        tagged: bool = True,
        plain: bool = False,
        lasting: bool = True,
    ) -> FragmentJob:
        """The job to lay out a document."""
        return FragmentJob(
            name=name,
            xhtml=xhtml,
            style=self.theme.print_style,
            paper=edition.paper,
            script_fonts=self.theme.script_fonts(xhtml.decode()),
            fonts_folder=str(self.fonts),
            fonts_digest=self.theme.fonts_digest,
            tagged=tagged,
            plain=plain,
            lasting=lasting,
        )

    def kept(self, key: str) -> Fragment | None:
        """The fragment with this key from memory or the cache; None if it is in neither."""
        fragment = self._fragments.get(key)
        if fragment is not None:
            return fragment
        data = self.store.get(key)
        if data is None:
            return None
        try:
            fragment = Fragment.decode(data)
        except (ValueError, KeyError, TypeError):
            return None
        return self._remembered(key, fragment)

    def keep(self, key: str, fragment: Fragment) -> Fragment:
        """Put a fragment into the cache; the same, as it is best held on to."""
        self.store.put(key, fragment.encode())
        return self._remembered(key, fragment)

    def _remembered(self, key: str, fragment: Fragment) -> Fragment:
        """Who makes many books needs it again at once; a single long one is not to fill memory."""
        if not self.many:
            return fragment.kept_in(self._scratch)
        if len(self._fragments) >= MOST_KEPT:
            self._fragments.pop(next(iter(self._fragments)))
        self._fragments[key] = fragment
        return fragment
