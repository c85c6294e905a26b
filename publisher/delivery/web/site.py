"""Serves the files of the website, in front of the pages that are made for one request."""

import gzip
import mimetypes
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import formatdate, parsedate_to_datetime
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from urllib.parse import quote

from starlette.datastructures import Headers
from starlette.responses import FileResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from publisher.delivery.web.guards.headers import ONE_YEAR, POLICY

LARGE = 2_000_000
"""Bytes from which a file is sent from the disk, in parts if asked so, and never kept."""

KEPT = 600
"""So many files stay in memory, each as it is and packed."""

PAGE_AGE = 300
"""Seconds for which a page may be shown without asking whether it has changed."""

LASTING = ("static/", "pagefind/fragment/", "pagefind/index/")
"""Beginnings of names that have another name, or query, when their content is another."""

SEARCHING = ("search/", "pagefind/")
"""Where the search runs: its script, and the program in WebAssembly that it loads."""

SEARCH_POLICY = POLICY + "; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'"

PACKED = ("text/", "application/xml", "application/json", "application/javascript", "image/svg")


@dataclass(frozen=True, slots=True)
class _Content:
    """A file in memory."""

    plain: bytes
    packed: bytes | None
    etag: str


@dataclass(frozen=True)
class SiteFiles:
    """Answers GET and HEAD for what is in `folder`, or below /static/ in `static`; else `app` does.

    Nothing is counted and nobody is slowed down here: a file costs less than counting it.
    """

    app: ASGIApp
    folder: Path
    static: Path
    prefix: str = ""
    path: str = "site"
    """What the log says for the route."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or pass on."""
        found = None
        if scope["type"] == "http" and scope["method"] in ("GET", "HEAD"):
            found = self._answer(scope)
        if found is None:
            await self.app(scope, receive, send)
            return
        scope["route"] = self
        await found(scope, receive, send)

    def _answer(self, scope: Scope) -> Response | None:
        name = scope["path"].removeprefix("/")
        path = self._file(name)
        if path is None:
            return self._with_slash(name, scope)
        if path.stat().st_size > LARGE:
            return FileResponse(path, headers=self._headers(name, path))
        return self._from_memory(name, path, Headers(scope=scope))

    def _file(self, name: str) -> Path | None:
        """The file that an address names; None for any that is not inside."""
        inside = f"{name}index.html" if not name or name.endswith("/") else name
        parts = inside.split("/")
        if "\0" in inside or "\\" in inside or any(not part or part[0] == "." for part in parts):
            return None
        base = self.static if parts[0] == "static" else self.folder
        path = base.joinpath(*(parts[1:] if parts[0] == "static" else parts))
        try:
            inside_still = path.is_file() and path.resolve().is_relative_to(base.resolve())
        except OSError:  # a name that is too long, or a folder that may not be read
            return None
        return path if inside_still else None

    def _with_slash(self, name: str, scope: Scope) -> Response | None:
        if not name or name.endswith("/") or self._file(f"{name}/") is None:
            return None
        query = scope["query_string"].decode("ascii", "replace")
        place = f"{self.prefix}/{quote(name)}/" + (f"?{quote(query, safe='=&%+')}" if query else "")
        return Response(status_code=308, headers={"location": place})

    def _from_memory(self, name: str, path: Path, asked: Headers) -> Response:
        stat = path.stat()
        content = _content(str(path), stat.st_mtime_ns, stat.st_size)
        headers = {**self._headers(name, path), "vary": "Accept-Encoding"}
        packed = content.packed if "gzip" in asked.get("accept-encoding", "") else None
        headers["etag"] = f'"{content.etag}{"-gzip" if packed else ""}"'
        headers["last-modified"] = formatdate(stat.st_mtime, usegmt=True)
        if _known(asked, headers):
            return Response(status_code=304, headers=headers)
        if packed:
            headers["content-encoding"] = "gzip"
        return Response(packed or content.plain, headers=headers, media_type=_type(path))

    def _headers(self, name: str, path: Path) -> dict[str, str]:
        lasting = name.startswith(LASTING)
        age = f"public, max-age={ONE_YEAR}, immutable" if lasting else f"public, max-age={PAGE_AGE}"
        headers = {"cache-control": age, "x-robots-tag": "all"}
        if name.startswith(SEARCHING):
            headers["content-security-policy"] = SEARCH_POLICY
        if path.name == "404.html":
            del headers["x-robots-tag"]
        return headers


@lru_cache(maxsize=KEPT)
def _content(path: str, _time: int, _size: int) -> _Content:
    """A file, read again when its time or size is another."""
    plain = Path(path).read_bytes()
    packs = _type(Path(path)).startswith(PACKED)
    packed = gzip.compress(plain, 9, mtime=0) if packs else None
    return _Content(plain, packed, sha256(plain).hexdigest()[:32])


def _type(path: Path) -> str:
    known = TYPES.get(path.suffix) or mimetypes.guess_type(path.name)[0]
    return known or "application/octet-stream"


TYPES: Mapping[str, str] = {
    ".js": "text/javascript", ".woff2": "font/woff2", ".xml": "application/xml",
    ".epub": "application/epub+zip", ".svg": "image/svg+xml", ".json": "application/json",
}  # fmt: skip
"""Not left to the machine, whose lists differ."""


def _known(asked: Headers, headers: Mapping[str, str]) -> bool:
    """Whether the browser has it already (RFC 9110, 13.1: a tag wins over a time)."""
    tags = asked.get("if-none-match")
    if tags is not None:
        have = {tag.strip().removeprefix("W/") for tag in tags.split(",")}
        return "*" in have or headers["etag"] in have
    since = asked.get("if-modified-since")
    if since is None:
        return False
    try:
        return parsedate_to_datetime(headers["last-modified"]) <= parsedate_to_datetime(since)
    except (ValueError, TypeError):  # no date, or one without a zone
        return False
