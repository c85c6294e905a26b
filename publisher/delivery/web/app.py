"""Puts the web part together."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from starlette.applications import Starlette
from starlette.routing import BaseRoute, Mount
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Lifespan

from publisher.delivery.web.downloads import Downloads
from publisher.delivery.web.errors import Errors
from publisher.delivery.web.forms import Forms
from publisher.delivery.web.guards.bounds import Bounds
from publisher.delivery.web.guards.headers import Headers
from publisher.delivery.web.guards.log import Log
from publisher.delivery.web.guards.rates import Limits, Rates
from publisher.delivery.web.health import Health
from publisher.delivery.web.service import Service
from publisher.delivery.web.site import SiteFiles
from publisher.delivery.web.wishes import Wishes

LARGEST_BODY = 16 * 1024
"""Bytes of a request's body: our forms have a hundred or two."""


def create_app(
    service: Service,
    *,
    limits: Limits = Limits(),  # noqa: B008  # it cannot be changed
    routes: Sequence[BaseRoute] = (),
    largest_body: int = LARGEST_BODY,
    site: Path | None = None,
) -> ASGIApp:
    """The web part with further `routes`, behind its guards; it closes the database at its end.

    `site` is the folder of the website, whose files come first.
    """
    errors = Errors(service.pages)
    inner = Starlette(
        routes=[*_routes(service), *routes],
        exception_handlers=errors.handlers,
        lifespan=_closing(service),
        max_body_size=largest_body,
    )
    # Starlette would lead /x/ to /x on whatever host the request names.
    inner.router.redirect_slashes = False
    limited: ASGIApp = Rates(inner, errors.page(429), service.links, limits)
    if site is not None:
        limited = SiteFiles(limited, site, service.pages.static, service.links.prefix)
    return Log(Headers(Bounds(limited, errors.page(414)), service.links.base_url))


def _routes(service: Service) -> list[BaseRoute]:
    forms = Forms(service.links.keys)
    return [
        *Health(service).routes,
        *Downloads(service, forms).routes,
        *Wishes(service, forms).routes,
        Mount("/static", StaticFiles(directory=service.pages.static)),
    ]


def _closing(service: Service) -> Lifespan[Starlette]:
    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        yield
        service.database.close()

    return lifespan
