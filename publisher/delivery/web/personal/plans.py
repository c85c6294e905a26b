"""The page of a plan, which changes as the reader types, and its downloads."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from publisher.delivery.web.copies.fleeting import FleetingFile, unless_gone
from publisher.delivery.web.copies.pool import BusyError
from publisher.delivery.web.copies.seat import NotMadeError
from publisher.delivery.web.counted import disposition
from publisher.delivery.web.forms import Forms
from publisher.delivery.web.pages import Pages
from publisher.delivery.web.personal.entered import Entered, entered
from publisher.delivery.web.personal.guides import WRONG, Guides, form_of, scripted, summary
from publisher.delivery.web.personal.plan_page import form_of as plan_form
from publisher.delivery.web.personal.plan_page import view_of
from publisher.delivery.web.personal.reader_form import ReaderError, reader_from
from publisher.planning.export import plan_json
from publisher.planning.out_names import default_out_name
from publisher.planning.plan import plan
from publisher.planning.reader import Reader
from publisher.rendering.calendar import calendar_text

PATH_FIELDS = ("career", "background", "track")
"""What an address may say: nothing of a person."""

BOOKS = {"pdf": "application/pdf", "epub": "application/epub+zip"}
SHEETS = {"ics": "text/calendar", "json": "application/json"}

BUSY = 503
GONE = 499
"""For the log alone: nobody is there to get an answer."""

NAMES = {
    "name": "Name", "hours_per_week": "Hours a week", "start": "First day",
    "deadline": "Deadline", "pause": "Weeks off", "skills": "Your levels", "track": "Track",
    "paper": "Paper", "career": "Career", "background": "Background", "email": "E-mail address",
    "pdf": "PDF", "epub": "EPUB",
}  # fmt: skip
"""Fields as the page calls them."""

SEND = "plan/send"
"""What the form to be mailed a guide is sealed for."""


@dataclass(frozen=True)
class Plans:
    """The endpoints."""

    pages: Pages
    guides: Guides
    forms: Forms

    @property
    def routes(self) -> list[Route]:
        """Where they are."""
        return [
            Route("/plan", self.show, methods=["GET"]),
            Route("/plan", self.change, methods=["POST"]),
            Route("/plan/copy", self.copy, methods=["POST"]),
        ]

    async def show(self, request: Request) -> Response:
        """The plan of a path as it is for everyone, or the paths to choose from."""
        query = entered(request.query_params, *request.query_params)
        said = Entered({name: query.text(name) for name in PATH_FIELDS if query.text(name)})
        return await self.guides.computed(partial(self.page, said))

    async def change(self, request: Request) -> Response:
        """The plan of what is in the form: the whole page, or only the part that changes."""
        said = await form_of(request)
        part = request.headers.get("hx-request") == "true"
        return await self.guides.computed(partial(self.page, said, part=part))

    async def copy(self, request: Request) -> Response:
        """One file, made for this reader and kept nowhere."""
        said = await form_of(request)
        wanted = said.text("format")
        try:
            reader = self.reader(said)
        except ReaderError as error:
            return await self.guides.computed(partial(self.page, said, errors=error.errors))
        name = f"{default_out_name(reader, self.guides.catalogue)}.{wanted}"
        if wanted in SHEETS:
            content = await self.guides.computed(partial(self._sheet, reader, wanted))
            headers = {"content-disposition": disposition(name)}
            return Response(content, headers=headers, media_type=SHEETS[wanted])
        if wanted not in BOOKS:
            return await self.guides.computed(partial(self.page, said))
        return await self._book(request, said, reader, name)

    def reader(self, said: Entered) -> Reader:
        """Who is meant by a form. Raises `ReaderError`."""
        return reader_from(said, self.guides.catalogue, self.guides.missing)

    def page(
        self, said: Entered, *, part: bool = False, errors: Mapping[str, str] | None = None
    ) -> Response:
        """The plan of what was said, with `errors` beside those that are found."""
        wrong, view = dict(errors or {}), None
        try:
            view = view_of(plan(self.reader(said), self.guides.catalogue))
        except ReaderError as error:
            wrong = {**error.errors, **wrong}
        try:
            form = plan_form(said, self.guides.catalogue, wrong)
        except LookupError:
            return self._choose(said)
        shown: dict[str, Any] = {
            "form": form, "view": view, "errors": summary(wrong, NAMES),
        }  # fmt: skip
        if part:
            return self.pages.page("personal/plan-part.html", **shown)
        seal = self.forms.seal(SEND)
        return scripted(self.pages, "plan.html", WRONG if wrong else 200, seal=seal, **shown)

    def _choose(self, said: Entered) -> Response:
        """The paths to choose from, with a word if one was named that there is not."""
        unknown = bool(said.text("background") or said.text("career"))
        return self.pages.page(
            "personal/choose.html", 404 if unknown else 200,
            catalogue=self.guides.catalogue, unknown=unknown,
        )  # fmt: skip

    async def _book(self, request: Request, said: Entered, reader: Reader, name: str) -> Response:
        wanted: Any = said.text("format")
        try:
            file = await unless_gone(request, lambda: self.guides.pool.copy(reader, wanted))
        except BusyError:
            return await self._later(said, "many guides are being made at this moment", 30)
        except NotMadeError:
            return await self._later(said, "this guide could not be made just now", 60)
        if file is None:
            return Response(status_code=GONE)
        return FleetingFile(file, name, BOOKS[wanted])

    async def _later(self, said: Entered, why: str, seconds: int) -> Response:
        """The page once more, with nothing lost and a word on when to try again."""
        text = f"{why}; please try again in about {seconds} seconds, nothing is lost"
        made = await self.guides.computed(
            partial(self.page, said, errors={said.text("format"): text})
        )
        made.status_code = BUSY
        made.headers["retry-after"] = str(seconds)
        return made

    def _sheet(self, reader: Reader, wanted: str) -> bytes:
        made = plan(reader, self.guides.catalogue)
        text = calendar_text(made) if wanted == "ics" else plan_json(made)
        return text.encode()
