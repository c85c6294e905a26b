"""What the personal pages work with."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from anyio import CapacityLimiter, to_thread
from starlette.requests import Request
from starlette.responses import Response

from publisher.delivery.web.copies.pool import Pool
from publisher.delivery.web.forms import check_origin, posted
from publisher.delivery.web.guards.headers import POLICY
from publisher.delivery.web.pages import Pages
from publisher.delivery.web.personal.entered import Entered, entered
from publisher.delivery.web.personal.reader_form import PAUSE, Missing
from publisher.records.catalogue import Catalogue

T = TypeVar("T")

MOST_FIELDS = 200
"""Of a form: every skill of a career, and a dozen others."""

AT_ONCE = 4
"""Plans that are computed at once; each takes some hundredths of a second of this process."""

SCRIPTED = {"content-security-policy": f"{POLICY}; script-src 'self'; connect-src 'self'"}
"""For pages that change while somebody types: our own scripts, and what these ask us."""

WRONG = 422
"""What was entered is understood, and cannot be."""


def _limiter() -> CapacityLimiter:
    return CapacityLimiter(AT_ONCE)


@dataclass(frozen=True)
class Guides:
    """The records, who makes copies, and which characters of a name no font has."""

    catalogue: Catalogue
    pool: Pool
    missing: Missing
    limiter: CapacityLimiter = field(default_factory=_limiter)

    async def computed(self, work: Callable[[], T]) -> T:
        """What `work` gives, in a thread, so that other requests go on."""
        return await to_thread.run_sync(work, limiter=self.limiter)


async def form_of(request: Request) -> Entered:
    """What was posted from a page of ours. Raises `HTTPException` (400, 403)."""
    check_origin(request)
    return entered(await posted(request, MOST_FIELDS), PAUSE)


def scripted(pages: Pages, template: str, status: int = 200, **context: Any) -> Response:
    """A page that may run scripts of ours."""
    made = pages.page(f"personal/{template}", status, **context)
    made.headers.update(SCRIPTED)
    return made


def summary(errors: Mapping[str, str], names: Mapping[str, str]) -> list[tuple[str, str]]:
    """Where in a page something is wrong, and what."""
    return [(field, f"{names.get(field, field)}: {text}") for field, text in errors.items()]
