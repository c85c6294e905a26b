"""Answers with the pages of a web theme."""

from dataclasses import dataclass
from typing import Any

from starlette.responses import HTMLResponse

from publisher.rendering.web import Site as Site  # noqa: PLC0414  # callers' name
from publisher.rendering.web import WebTheme


@dataclass(frozen=True)
class Pages(WebTheme):
    """The pages of the theme in `folder`; `prefix` is the path of the public address."""

    def page(self, template: str, status: int = 200, **context: Any) -> HTMLResponse:
        """A filled page such as `download.html`."""
        return HTMLResponse(self.render(template, **context), status)
