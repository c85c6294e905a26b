"""Forms: what was posted, and whether a page of ours was what posted it."""

import time
from dataclasses import dataclass

from itsdangerous import BadSignature
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request

from publisher.delivery.keys import Keys

PURPOSE = "form"
FIELD = "form"
OPEN_FOR = 24 * 60 * 60
"""Seconds for which a page may stay open before its button is pressed."""

MOST_FIELDS = 8


async def posted(request: Request, most_fields: int = MOST_FIELDS) -> FormData:
    """The fields of a form in either encoding. Raises `HTTPException` (400)."""
    try:
        return await request.form(max_files=0, max_fields=most_fields)
    except ValueError as error:  # a charset that cannot be read
        raise HTTPException(400) from error


def check_origin(request: Request) -> None:
    """Raises `HTTPException` (403) when the form stood on a page of somebody else's."""
    # Browsers say where a form stood, and leave out Origin under our Referrer-Policy.
    if request.headers.get("sec-fetch-site", "none") not in ("same-origin", "none"):
        raise HTTPException(403)


@dataclass(frozen=True, slots=True)
class Forms:
    """Signs forms, each for one thing, so that no other site and no scanner can post one blindly.

    There is no session and no cookie to be abused: this and the token of the address are all.
    """

    keys: Keys

    def seal(self, about: str) -> str:
        """What a form about something carries hidden."""
        until = int(time.time()) + OPEN_FOR
        signed = self.keys.signer(PURPOSE).sign(f"{about}|{until}").decode("ascii")
        return signed.rpartition("|")[2]

    async def posted(
        self, request: Request, about: str, most_fields: int = MOST_FIELDS
    ) -> FormData:
        """The fields of a form that we have made. Raises `HTTPException` (400 or 403)."""
        check_origin(request)
        form = await posted(request, most_fields)
        if not self._is_ours(about, str(form.get(FIELD, ""))):
            raise HTTPException(403)
        return form

    def _is_ours(self, about: str, seal: str) -> bool:
        try:
            signed = self.keys.signer(PURPOSE).unsign(f"{about}|{seal}").decode("ascii")
            return time.time() < int(signed.rpartition("|")[2])
        except (BadSignature, ValueError):
            return False
