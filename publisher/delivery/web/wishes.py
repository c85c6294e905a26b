"""Leaving a list, and agreeing to be written to."""

from dataclasses import dataclass

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from publisher.delivery.links import CONFIRM, UNSUBSCRIBE
from publisher.delivery.web.forms import Forms, posted
from publisher.delivery.web.service import Service

ONE_CLICK = ("List-Unsubscribe", "One-Click")
"""What a mail program posts (RFC 8058, section 3.2), and our own button as well."""

GONE = 410


@dataclass(frozen=True)
class Wishes:
    """The endpoints."""

    service: Service
    forms: Forms

    @property
    def routes(self) -> list[Route]:
        """Where they are."""
        return [
            Route(f"/{UNSUBSCRIBE}/{{token}}", self.show_leaving, methods=["GET"]),
            Route(f"/{UNSUBSCRIBE}/{{token}}", self.leave, methods=["POST"]),
            Route(f"/{CONFIRM}/{{token}}", self.show_agreeing, methods=["GET"]),
            Route(f"/{CONFIRM}/{{token}}", self.agree, methods=["POST"]),
        ]

    async def show_leaving(self, request: Request) -> Response:
        """A page with one button. It changes nothing."""
        self.service.identifier(request, UNSUBSCRIBE)
        return self.service.pages.page("unsubscribe.html", field=ONE_CLICK[0], value=ONE_CLICK[1])

    async def leave(self, request: Request) -> Response:
        """Take a reader off a list at once, for one that presses the button and for one-click.

        RFC 8058: no cookie, no redirect, and no form of ours, since a mail program has none.
        """
        token = self.service.identifier(request, UNSUBSCRIBE)
        form = await posted(request)
        field, value = ONE_CLICK
        if form.getlist(field) != [value]:
            raise HTTPException(400)
        people, keys = self.service.people, self.service.links.keys
        await self.service.writing(lambda connection: people.unsubscribe(connection, keys, token))
        return self.service.pages.page("unsubscribed.html")

    async def show_agreeing(self, request: Request) -> Response:
        """A page with one button. It changes nothing."""
        token = self.service.identifier(request, CONFIRM)
        return self.service.pages.page("confirm.html", seal=self.forms.seal(f"{CONFIRM}/{token}"))

    async def agree(self, request: Request) -> Response:
        """Keep that a reader wants to be written to."""
        token = self.service.identifier(request, CONFIRM)
        await self.forms.posted(request, f"{CONFIRM}/{token}")
        people = self.service.people
        known = await self.service.writing(lambda connection: people.confirm(connection, token))
        if not known:
            return self.service.pages.page("forgotten.html", GONE)
        return self.service.pages.page("confirmed.html")
