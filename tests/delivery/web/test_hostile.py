"""Hostile requests: each is answered clearly or cut off; nothing breaks, leaks or changes."""

import socket

from publisher.delivery.store.tables import DOWNLOAD, EVENT, GRANT
from tests.conftest import ROOT
from tests.delivery.web.hostile import requests
from tests.delivery.web.serving import KEYS, Ledger, Web, hidden

SECRETS = (
    b"Traceback", b"site-packages", str(ROOT).encode(), b"sqlite", b"root:", b"SELECT", b"[core]",
    b"1787569", b"__mro__", b"<script", b"{%", b"uid=", b"example.org", b"Lovelace", b"evil=1\r",
    *(each.strip().encode() for each in KEYS.split(",")),
)  # fmt: skip


FETCHED = (DOWNLOAD, GRANT, EVENT)
"""What changes where a bad header stands beside a good request for a file."""


def said(web: Web, request: bytes) -> bytes:
    """Everything that the server answers to some bytes, after which no more come."""
    host, port = web.address.removeprefix("http://").split(":")
    answer = b""
    with socket.create_connection((host, int(port)), timeout=30) as connection:
        try:
            connection.sendall(request)
            connection.shutdown(socket.SHUT_WR)
            while more := connection.recv(65536):
                answer += more
        except TimeoutError:
            raise
        except OSError:  # it was cut off in the middle of what it said
            pass
    return answer


def test_hostile_requests(plain_web: Web, plain_ledger: Ledger) -> None:
    number, token = plain_ledger.delivery()
    plain_ledger.file(b"%PDF a guide", number)
    grant = plain_ledger.grant(number)
    page, file = plain_web.page(grant), plain_web.open(grant)
    leave = plain_web.path(plain_web.links.unsubscribe(token))
    seal = hidden(plain_web.client.get(page).text)
    before = plain_ledger.everything(*FETCHED)
    tried, statuses = 0, set()
    for request in requests(page, leave, file, seal):
        tried += 1
        answer = said(plain_web, request)
        head, _, body = answer.partition(b"\r\n\r\n")
        if answer:
            statuses.add(int(head.split()[1]))
            assert int(head.split()[1]) < 500, (request[:300], head)
        if body == b"%PDF a guide":  # a good request with a bad header beside it
            continue
        for secret in SECRETS:
            assert secret not in answer, (request[:300], secret)
        assert b"set-cookie" not in head.lower(), request[:300]
        assert b"evil.example" not in head, request[:300]
    assert tried > 400
    assert {200, 400, 403, 404, 405, 413, 414} <= statuses
    assert 200 == plain_web.client.get("/readyz").status_code
    assert before == plain_ledger.everything(*FETCHED)
    errors = [line for line in plain_web.lines() if line["level"] in ("error", "critical")]
    assert [] == errors
    log = plain_web.log.read_text("utf-8")
    for secret in (token, grant, file.rsplit("/", 1)[1], "1337", "passwd", "evil"):
        assert secret not in log
