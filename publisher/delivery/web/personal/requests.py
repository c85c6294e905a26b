"""Send it to me: an address, one question by mail, and the guide once it was answered."""

from dataclasses import dataclass
from functools import partial

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from publisher.delivery.addresses import Address
from publisher.delivery.links import REQUEST
from publisher.delivery.people.requests import Wish, agree, ask
from publisher.delivery.web.forms import Forms
from publisher.delivery.web.personal.entered import Entered, entered
from publisher.delivery.web.personal.guides import MOST_FIELDS
from publisher.delivery.web.personal.plans import SEND, Plans
from publisher.delivery.web.personal.reader_form import PAUSE, ReaderError
from publisher.delivery.web.service import Service
from publisher.planning.reader import Reader
from publisher.planning.situation import situation

CONSENT_TEXT = "website-1"
"""The version of what stands beside the address in plan.html; change both together."""

GONE = 410


@dataclass(frozen=True)
class Requests:
    """The endpoints."""

    service: Service
    plans: Plans
    forms: Forms

    @property
    def routes(self) -> list[Route]:
        """Where they are."""
        return [
            Route("/plan/send", self.send, methods=["POST"]),
            Route(f"/{REQUEST}/{{token}}", self.show, methods=["GET"]),
            Route(f"/{REQUEST}/{{token}}", self.agree, methods=["POST"]),
        ]

    async def send(self, request: Request) -> Response:
        """Keep the wish. The answer is the same whatever we know of the address."""
        said = entered(await self.forms.posted(request, SEND, MOST_FIELDS), PAUSE)
        try:
            wish = self._wish(said)
        except ReaderError as error:
            shown = partial(self.plans.page, said, errors=error.errors)
            return await self.plans.guides.computed(shown)
        keys = self.service.links.keys
        await self.service.writing(lambda connection: ask(connection, keys, wish))
        return self.service.pages.page("personal/sent.html", news=wish.news)

    async def show(self, request: Request) -> Response:
        """A page with one button. It changes nothing."""
        token = self.service.identifier(request, REQUEST)
        seal = self.forms.seal(f"{REQUEST}/{token}")
        return self.service.pages.page("personal/agree.html", seal=seal)

    async def agree(self, request: Request) -> Response:
        """Keep that it was them."""
        token = self.service.identifier(request, REQUEST)
        await self.forms.posted(request, f"{REQUEST}/{token}")
        known = await self.service.writing(lambda connection: agree(connection, token))
        if not known:
            return self.service.pages.page("forgotten.html", GONE)
        return self.service.pages.page("personal/agreed.html")

    def _wish(self, said: Entered) -> Wish:
        """What is wanted. Raises `ReaderError`."""
        try:
            address = Address.of(said.text("email"))
        except ValueError as error:
            raise ReaderError({"email": str(error)}) from error
        reader = self.plans.reader(said)
        return Wish(
            address=address.written,
            address_key=address.key,
            reader=reader.model_dump(mode="json", exclude_defaults=True, exclude={"email"}),
            title=self._title(reader),
            news=said.text("news") == "yes",
            consent_text=CONSENT_TEXT,
        )

    def _title(self, reader: Reader) -> str:
        catalogue = self.plans.guides.catalogue
        career = situation(reader, catalogue).records.career.title
        return f"From {catalogue.backgrounds[reader.background].name} to {career}"
