"""Puts the web part together."""

from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
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
from publisher.delivery.web.personal.assessments import Assessments
from publisher.delivery.web.personal.guides import Guides
from publisher.delivery.web.personal.plans import Plans
from publisher.delivery.web.personal.requests import Requests
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
    guides: Guides | None = None,
    site: Path | None = None,
) -> ASGIApp:
    """The web part with further `routes`, behind its guards; it closes the database at its end.

    With `guides` there are the assessment, plans and copies as well. `site` is the folder of the
    website, whose files come first.
    """
    errors = Errors(service.pages)
    inner = Starlette(
        routes=[*_routes(service, guides), *routes],
        exception_handlers=errors.handlers,
        lifespan=_closing(service, guides),
        max_body_size=largest_body,
    )
    # Starlette would lead /x/ to /x on whatever host the request names.
    inner.router.redirect_slashes = False
    limited: ASGIApp = Rates(inner, errors.page(429), service.links, limits)
    if site is not None:
        limited = SiteFiles(limited, site, service.pages.static, service.links.prefix)
    return Log(Headers(Bounds(limited, errors.page(414)), service.links.base_url))


def _routes(service: Service, guides: Guides | None) -> list[BaseRoute]:
    forms = Forms(service.links.keys)
    return [
        *Health(service, guides.pool if guides else None).routes,
        *(_personal(service, guides, forms) if guides else ()),
        *Downloads(service, forms).routes,
        *Wishes(service, forms).routes,
        Mount("/static", StaticFiles(directory=service.pages.static)),
    ]


def _personal(service: Service, guides: Guides, forms: Forms) -> list[BaseRoute]:
    plans = Plans(service.pages, guides, forms)
    requests = Requests(service, plans, forms)
    return [*Assessments(service.pages, guides).routes, *plans.routes, *requests.routes]


def _closing(service: Service, guides: Guides | None) -> Lifespan[Starlette]:
    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            stack.callback(service.database.close)
            if guides:
                await stack.enter_async_context(guides.pool.open())
            yield

    return lifespan
