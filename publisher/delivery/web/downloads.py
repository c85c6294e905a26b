"""The way to a file: a page (GET), its button (POST), and an address that lives ten minutes."""

import os
import stat
from dataclasses import dataclass
from pathlib import Path

from anyio import to_thread
from sqlalchemy import Connection
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from publisher.delivery.links import DOWNLOAD, FILE
from publisher.delivery.web import grants
from publisher.delivery.web.counted import CountedFile
from publisher.delivery.web.forms import Forms
from publisher.delivery.web.fresh import asked
from publisher.delivery.web.grants import File, Grant, Opened, Standing
from publisher.delivery.web.served import Served
from publisher.delivery.web.service import Service

SEE_OTHER, GONE = 303, 410


@dataclass(frozen=True)
class Downloads:
    """The endpoints."""

    service: Service
    forms: Forms

    @property
    def routes(self) -> list[Route]:
        """Where they are."""
        return [
            Route(f"/{DOWNLOAD}/{{token}}", self.show, methods=["GET"]),
            Route(f"/{DOWNLOAD}/{{token}}", self.open, methods=["POST"]),
            Route(f"/{DOWNLOAD}/{{token}}/fresh", self.ask, methods=["POST"]),
            Route(f"/{FILE}/{{token}}", self.send, methods=["GET"]),
        ]

    async def show(self, request: Request) -> Response:
        """The page that names the files. It changes nothing."""
        identifier = self.service.identifier(request, DOWNLOAD)
        grant, files = await self.service.reading(lambda connection: _look(connection, identifier))
        if grant is None or grant.standing is not Standing.OPEN:
            return self._ended(identifier, grant)
        seal = self.forms.seal(f"{DOWNLOAD}/{identifier}")
        return self.service.pages.page("download.html", grant=grant, files=files, seal=seal)

    async def open(self, request: Request) -> Response:
        """Begin one download: lead to the address of its bytes."""
        identifier = self.service.identifier(request, DOWNLOAD)
        form = await self.forms.posted(request, f"{DOWNLOAD}/{identifier}")
        wanted = str(form.get("file", ""))
        found = await self.service.writing(
            lambda connection: _begin(connection, identifier, wanted)
        )
        if not isinstance(found, str):
            return self._ended(identifier, found)
        place = self.service.path(self.service.links.file(found))
        return RedirectResponse(place, SEE_OTHER, {"cache-control": "no-store"})

    async def ask(self, request: Request) -> Response:
        """Have a fresh link mailed to the stored address. What it says never depends on one."""
        identifier = self.service.identifier(request, DOWNLOAD)
        await self.forms.posted(request, f"{DOWNLOAD}/{identifier}/fresh")
        await self.service.writing(
            lambda connection: asked(connection, identifier, self.service.ask)
        )
        return self.service.pages.page("fresh.html")

    async def send(self, request: Request) -> Response:
        """The bytes of a file, or a part of them."""
        identifier = self.service.identifier(request, FILE)
        opened = await self.service.reading(
            lambda connection: grants.find_opened(connection, identifier)
        )
        if opened is None or not opened.usable:
            return self.service.pages.page("closed.html", GONE)
        return await self._file(opened)

    def _ended(self, identifier: str, grant: Grant | None) -> Response:
        """Why a link opens nothing; one whose reader was erased is as one that has expired."""
        standing = grant.standing if grant else Standing.EXPIRED
        seal = self.forms.seal(f"{DOWNLOAD}/{identifier}/fresh")
        action = f"{self.service.path(self.service.links.download(identifier))}/fresh"
        pages = self.service.pages
        return pages.page("ended.html", GONE, standing=standing, seal=seal, action=action)

    async def _file(self, opened: Opened) -> Response:
        path = self._inside(opened.file.path)
        found = await to_thread.run_sync(_stat, path)
        if found is None or found.st_size != opened.file.size:
            raise HTTPException(503)

        async def record(served: Served) -> None:
            await self.service.writing(lambda connection: grants.count(connection, opened, served))

        return CountedFile(path, found, opened.file, record)

    def _inside(self, path: str) -> Path:
        """A path of the folder of files. Raises `HTTPException` (503) if it leads out of it."""
        folder = self.service.files.resolve()
        found = (folder / path).resolve()
        if not found.is_relative_to(folder):
            raise HTTPException(503)
        return found


def _look(connection: Connection, identifier: str) -> tuple[Grant | None, list[File]]:
    grant = grants.find_grant(connection, identifier)
    return grant, grants.files_of(connection, grant) if grant else []


def _begin(connection: Connection, identifier: str, wanted: str) -> str | Grant | None:
    """The identifier of a download, or else the grant, which does not stand open.

    Raises `HTTPException` (400) when the grant has no such file.
    """
    grant, files = _look(connection, identifier)
    if grant is None or grant.standing is not Standing.OPEN:
        return grant
    for file in files:
        if str(file.id) == wanted:
            return grants.open_file(connection, grant, file)
    raise HTTPException(400)


def _stat(path: Path) -> os.stat_result | None:
    """What the system says of a file; None if there is no such file."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found if stat.S_ISREG(found.st_mode) else None
