"""Makes one book. Runs in worker processes, on this machine or on another."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from threading import Lock

from publisher.build.book import book_of, composed
from publisher.build.content import content_digest, section_digests
from publisher.build.digests import (
    PACKAGE,
    Stamp,
    code_digest,
    digest_of_files,
    file_digests,
    file_stamps,
)
from publisher.build.folders import Folder
from publisher.build.guide import guide_edition
from publisher.build.orders import GuideOrder, MadeFile, Order, Receipt, described, failed
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
from publisher.rendering.codes import finding
from publisher.rendering.theme import Theme
from publisher.settings import Settings

ONE_AT_A_TIME = Lock()
"""A cluster may run several tasks as threads of a process; the renderer is made for one."""

OTHERS_HINT = (
    "give every machine the same checkout, restart its workers, and edit nothing meanwhile"
)


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
    """A worker's place with everything loaded; `stamps` are those of the theme before it was."""

    catalogue: Catalogue
    workshop: Workshop
    output: Folder
    stamps: tuple[Stamp, ...]


def make(order: Order, place: Place, previous: Receipt | None = None) -> Receipt:
    """Make an order's book and write its files and its receipt. Raises nothing.

    What goes wrong with the book is in the receipt. If the text of the book is that of the
    receipt `previous`, whose files are whole, nothing is made and they stay as they are.
    """
    with ONE_AT_A_TIME:
        try:
            receipt = _made(order, place, previous)
        except DiagnosedError as error:
            receipt = failed(order, error.diagnostics)
        except Exception as error:  # noqa: BLE001  # one book's failure must not cost the others
            receipt = failed(
                order, [finding(order.name, "B205", f"{type(error).__name__}: {error}")]
            )
        Receipts(folder_at(place.output)).keep(receipt)
        return receipt


def settled(place: str | Path) -> str:
    """A place that means the same in every working directory. Raises `ValueError`."""
    known = place_of(place)
    return str(known.absolute()) if isinstance(known, Path) else known


@lru_cache(maxsize=1)
def desk_at(place: Place, records: str, theme: str, code: str) -> Desk:
    """Load a place whose records, theme and code have these digests.

    Raises `DiagnosedError`: B204 if they have others, or were edited while they were loaded.
    """
    wanted = {"records": records, "theme": theme, "code": code}
    settings = Settings()
    guides = Path(place.guides) if place.guides else settings.guides
    style = Path(place.theme) if place.theme else settings.theme
    stamps = file_stamps(style)
    _check_inputs(wanted, guides, style)
    desk = Desk(
        catalogue=load_catalogue(guides),
        workshop=Workshop(Theme(style), Store(place.cache), Silent(), workers=1, many=True),
        output=folder_at(place.output),
        stamps=stamps,
    )
    _check_inputs(wanted, guides, style)
    return desk


def _check_inputs(wanted: Mapping[str, str], guides: Path, theme: Path) -> None:
    """Other records, another theme or other code would make another book. Raises B204."""
    places = {"records": guides, "theme": theme, "code": PACKAGE}
    own = {
        "records": digest_of_files(file_digests(guides, "guides")),
        "theme": digest_of_files(file_digests(theme, "theme")),
        "code": code_digest(),
    }
    others = [_others(word, places[word]) for word in own if own[word] != wanted[word]]
    if others:
        raise DiagnosedError(others)


def _others(word: str, place: Path) -> Diagnostic:
    return finding(str(place), "B204", f"other {word} than the run began with")


def _check_theme(desk: Desk) -> None:
    """A book of two states of a theme is none. Raises `DiagnosedError` (B204)."""
    # Templates are read when they are first needed; records were read as a whole.
    theme = desk.workshop.theme.folder
    if file_stamps(theme) != desk.stamps:
        desk_at.cache_clear()
        raise DiagnosedError([_others("theme", theme)])


def edition_of(order: Order, catalogue: Catalogue) -> Edition:
    """The edition that an order asks for."""
    if isinstance(order.what, GuideOrder):
        return guide_edition(plan(order.what.reader, catalogue))
    handbook = Handbook(catalogue, catalogue.careers[order.what.career])
    return handbook.sample() if order.what.sample else handbook.edition()


def _made(order: Order, place: Place, previous: Receipt | None) -> Receipt:
    inputs = order.inputs
    desk = desk_at(place, inputs["records"], inputs["theme"], inputs["code"])
    edition = edition_of(order, desk.catalogue)
    pages = composed(edition, desk.catalogue, desk.workshop)
    sections = section_digests(edition, pages, desk.workshop) if order.compared else {}
    content = content_digest(edition, order, sections) if order.compared else ""
    if previous and content and previous.content == content:
        _check_theme(desk)
        return previous.model_copy(update={"inputs": dict(inputs)})
    book = book_of(edition, pages, order.formats, desk.workshop)
    _check_theme(desk)
    return Receipt(
        name=order.name, status="done", line=order.line, reader=described(order), pages=book.pages,
        files=_written(order.name, book.files, desk.output), inputs=dict(inputs),
        content=content, sections=sections,
    )  # fmt: skip


def _written(name: str, files: Mapping[str, bytes], output: Folder) -> dict[str, MadeFile]:
    """Write the files of a book. Raises `DiagnosedError` (B203)."""
    made = {}
    for form, content in files.items():
        file = f"{name}.{form}"
        try:
            output.write(file, content)
        except OSError as error:
            text = f"cannot be written: {error.strerror or error}"
            raise DiagnosedError([finding(f"{output}/{file}", "B203", text)]) from error
        made[file] = MadeFile(sha256=sha256(content).hexdigest(), bytes=len(content))
    return made
