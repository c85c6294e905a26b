"""What Mailpit says of every kind of letter: support by mail programs, and links."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from publisher.delivery.letter import Kind
from publisher.delivery.messages.builder import build
from publisher.delivery.messages.templates import Templates
from tests.delivery.messages.letters import (
    BASE,
    BULK,
    KINDS,
    LINK,
    MAIL_THEME,
    UNSUBSCRIBE,
    a_letter,
    an_identity,
)
from tests.servers.mailpit import Mailpit, mailpit

pytestmark = pytest.mark.validator

LOWEST = 90
"""Per cent of support."""


class Page(BaseHTTPRequestHandler):
    """Answers at the addresses of letters, and at no other."""

    def do_HEAD(self) -> None:  # the library's name
        self.send_response(200 if self.path.startswith(("/d/", "/u/")) else 404)
        self.end_headers()

    do_GET = do_HEAD  # noqa: N815

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Say nothing."""


@pytest.fixture(scope="module")
def server() -> Iterator[Mailpit]:
    with mailpit() as running:
        yield running


@pytest.fixture(scope="module")
def pages() -> Iterator[str]:
    """Where the pages of the links are."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Page) as running:
        threading.Thread(target=running.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{running.server_address[1]}"
        running.shutdown()


@pytest.mark.parametrize("kind", KINDS)
def test_mail_programs_support_the_html(kind: Kind, server: Mailpit) -> None:
    """At least 90 per cent; 96 when this was written. The rest is dark mode and rounded corners."""
    share, rules = server.html_check(server.take(build(a_letter(kind), an_identity())))
    assert share >= LOWEST, rules


@pytest.mark.parametrize("kind", KINDS)
def test_no_link_is_broken(kind: Kind, server: Mailpit, pages: str) -> None:
    letter = a_letter(kind, link=LINK.replace(BASE, pages))
    if kind in BULK:
        letter = replace(letter, unsubscribe=UNSUBSCRIBE.replace(BASE, pages))
    assert [] == server.broken_links(server.take(build(letter, an_identity())))


def test_a_broken_link_is_seen(server: Mailpit, pages: str) -> None:
    letter = a_letter("confirm", link=f"{pages}/nowhere")
    assert [letter.link] == server.broken_links(server.take(build(letter, an_identity())))


def test_html_of_little_support_is_seen(server: Mailpit, tmp_path: Path) -> None:
    for file in MAIL_THEME.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    layout = tmp_path / "layout.mjml"
    style = "display:grid;filter:blur(1px);word-break:break-all;position:absolute"
    bad = f"<p style='{style}'>x</p>" * 50
    page = layout.read_text("utf-8").replace("<h1 style=", f"{bad}<h1 style=")
    layout.write_text(page, "utf-8")
    identity = replace(an_identity(), templates=Templates(tmp_path))
    share, _ = server.html_check(server.take(build(a_letter(), identity)))
    assert share < LOWEST
