"""Whether the process lives, and whether it can serve."""

from dataclasses import dataclass

from anyio import to_thread
from sqlalchemy import Connection, text
from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from publisher.delivery.web.copies.pool import Pool
from publisher.delivery.web.service import Service

UNAVAILABLE = 503


@dataclass(frozen=True)
class Health:
    """The endpoints."""

    service: Service
    pool: Pool | None = None

    @property
    def routes(self) -> list[Route]:
        """Where they are."""
        return [Route("/healthz", self.alive), Route("/readyz", self.ready)]

    async def alive(self, request: Request) -> Response:  # noqa: ARG002
        """200 as long as the process answers."""
        return JSONResponse({"alive": True})

    async def ready(self, request: Request) -> Response:  # noqa: ARG002
        """200 if the database, the folder of files and who makes copies are there, else 503.

        It also tells how many copies are being made, and how many readers wait for one.
        """
        found = {
            "database": await self._database_answers(),
            "files": await to_thread.run_sync(self.service.files.is_dir),
        }
        if self.pool:
            found["copies"] = self.pool.ready
        line = {"making": self.pool.making, "waiting": self.pool.waiting} if self.pool else {}
        return JSONResponse({**found, **line}, 200 if all(found.values()) else UNAVAILABLE)

    async def _database_answers(self) -> bool:
        def ask(connection: Connection) -> bool:
            return bool(connection.execute(text("SELECT 1")).scalar_one())

        try:
            return await self.service.reading(ask)
        except SQLAlchemyError:
            return False
