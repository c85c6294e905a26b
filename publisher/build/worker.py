"""Makes one book. Runs in worker processes, on this machine or on another."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from threading import Lock

from publisher.build.book import book_of, composed, furniture_jobs
from publisher.build.digests import code_digest, digest_of, digest_of_files, file_digests
from publisher.build.folders import Folder
from publisher.build.guide import guide_edition
from publisher.build.orders import GuideOrder, MadeFile, Order, Receipt, described
from publisher.build.places import folder_at, place_of
from publisher.build.receipts import Receipts
from publisher.build.reporter import Silent
from publisher.build.store import Store
from publisher.build.workshop import Workshop
from publisher.editions.edition import Edition
from publisher.editions.handbook import Handbook
from publisher.planning.plan import plan
from publisher.records.catalogue import Catalogue, load_catalogue
from publisher.records.diagnostics import DiagnosedError, Diagnostic
from publisher.rendering.theme import Theme
from publisher.rendering.xhtml import Page
from publisher.settings import Settings

ONE_AT_A_TIME = Lock()
"""A cluster may run several tasks as threads of a process; the renderer is made for one."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a worker finds what it needs and leaves what it made.

    `guides` and `theme` are folders; empty means those of the worker's own settings, so that
    workers whose checkout stands elsewhere find theirs. `cache` and `output` are paths or URLs.
    """

    guides: str
    theme: str
    cache: str
    output: str

    @classmethod
    def of(cls, settings: Settings, output: str) -> "Place":
        """The place that settings describe, with an output folder."""
        own = Settings()
        return cls(
            guides="" if settings.guides == own.guides else str(settings.guides.absolute()),
            theme="" if settings.theme == own.theme else str(settings.theme.absolute()),
            cache=settled(settings.cache),
            output=settled(output),
        )


@dataclass(frozen=True, eq=False)
class Desk:
    """A worker's place with everything loaded."""

    catalogue: Catalogue
    workshop: Workshop
    output: Folder
    records_digest: str
    theme_digest: str


def make(order: Order, place: Place, previous: Receipt | None = None) -> Receipt:
    """Make an order's book and write its files and its receipt.

    What goes wrong with the book is in the receipt. If the text of the book is that of the
    receipt `previous`, whose files are whole, nothing is made and they stay as they are.
    """
    with ONE_AT_A_TIME:
        try:
            receipt = _made(order, desk_at(place), previous)
        except DiagnosedError as error:
            receipt = Receipt(
                name=order.name, status="failed", line=order.line, reader=described(order),
                errors=tuple(str(each) for each in error.diagnostics), inputs=dict(order.inputs),
            )  # fmt: skip
        Receipts(folder_at(place.output)).keep(receipt)
        return receipt


def settled(place: str | Path) -> str:
    """A place that means the same in every working directory. Raises `ValueError`."""
    known = place_of(place)
    return str(known.absolute()) if isinstance(known, Path) else known


@lru_cache(maxsize=2)
def desk_at(place: Place) -> Desk:
    """Load a place. Raises `DiagnosedError`."""
    settings = Settings()
    guides = Path(place.guides) if place.guides else settings.guides
    theme = Path(place.theme) if place.theme else settings.theme
    return Desk(
        catalogue=load_catalogue(guides),
        workshop=Workshop(Theme(theme), Store(place.cache), Silent(), workers=1),
        output=folder_at(place.output),
        records_digest=digest_of_files(file_digests(guides, "guides")),
        theme_digest=digest_of_files(file_digests(theme, "theme")),
    )


def edition_of(order: Order, catalogue: Catalogue) -> Edition:
    """The edition that an order asks for."""
    if isinstance(order.what, GuideOrder):
        return guide_edition(plan(order.what.reader, catalogue))
    handbook = Handbook(catalogue, catalogue.careers[order.what.career])
    return handbook.sample() if order.what.sample else handbook.edition()


def _made(order: Order, desk: Desk, previous: Receipt | None) -> Receipt:
    _check_inputs(order, desk)
    edition = edition_of(order, desk.catalogue)
    pages = composed(edition, desk.catalogue, desk.workshop)
    sections = _section_digests(edition, pages, desk.workshop) if order.compared else {}
    content = _content_digest(edition, sections) if order.compared else ""
    if previous and content and previous.content == content:
        return previous.model_copy(update={"inputs": dict(order.inputs)})
    book = book_of(edition, pages, order.formats, desk.workshop)
    return Receipt(
        name=order.name, status="done", line=order.line, reader=described(order), pages=book.pages,
        files=_written(order.name, book.files, desk.output), inputs=dict(order.inputs),
        content=content, sections=sections,
    )  # fmt: skip


def _check_inputs(order: Order, desk: Desk) -> None:
    """A worker with other records, another theme or other code would make another book."""
    own = {
        "records": desk.records_digest,
        "theme": desk.theme_digest,
        "code": code_digest(),
    }
    others = [word for word, digest in own.items() if order.inputs[word] != digest]
    if others:
        text = f"this worker has other {' and other '.join(others)} than the one who asked"
        hint = "give every machine the same checkout, and let nobody edit it during the run"
        raise DiagnosedError([Diagnostic(order.name, 0, 0, "B204", text, hint)])


def _section_digests(edition: Edition, pages: Sequence[Page], workshop: Workshop) -> dict[str, str]:
    jobs = {page.section.slug: workshop.job(page, edition) for page in pages}
    jobs |= furniture_jobs(edition, workshop)
    return {slug: job.key[:16] for slug, job in jobs.items()}


def _content_digest(edition: Edition, sections: Mapping[str, str]) -> str:
    return digest_of([
        code_digest(), edition.title, edition.subtitle, edition.description, edition.identifier,
        str(edition.date), edition.publisher, edition.language, edition.running_foot,
        *(f"{slug} {key}" for slug, key in sections.items()),
        *(f"{name} {text}" for name, text in edition.attachments.items()),
    ])  # fmt: skip


def _written(name: str, files: Mapping[str, bytes], output: Folder) -> dict[str, MadeFile]:
    """Write the files of a book. Raises `DiagnosedError` (B203)."""
    made = {}
    for form, content in files.items():
        file = f"{name}.{form}"
        try:
            output.write(file, content)
        except OSError as error:
            text = f"cannot be written: {error.strerror or error}"
            raise DiagnosedError([Diagnostic(file, 0, 0, "B203", text)]) from error
        made[file] = MadeFile(sha256=sha256(content).hexdigest(), bytes=len(content))
    return made
