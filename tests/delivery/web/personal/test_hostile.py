"""Hostile requests to the personal pages: a clear answer to each, and nothing leaks or stays."""

import socket
from collections import Counter

import pytest
from sqlalchemy import delete

from publisher.delivery.store.database import Database
from publisher.delivery.store.tables import REQUEST
from tests.conftest import ROOT
from tests.delivery.web.personal.forms import sealed
from tests.delivery.web.personal.hostile import requests
from tests.delivery.web.serving import KEYS, Web

SECRETS = (
    b"Traceback", b"site-packages", str(ROOT).encode(), b"sqlite:", b"root:x", b"[core]",
    b"1787569", b"<class", b"uid=", b"evil=1\r",
    *(each.strip().encode() for each in KEYS.split(",")),
)  # fmt: skip


def said(web: Web, request: bytes) -> bytes:
    """Everything that the server answers until it closes the connection, as it was asked to.

    Who closes their own side first gives up, and is not answered.
    """
    host, port = web.address.removeprefix("http://").split(":")
    answer = b""
    with socket.create_connection((host, int(port)), timeout=120) as connection:
        try:
            connection.sendall(request)
            while more := connection.recv(65536):
                answer += more
        except ConnectionError:  # it was cut off in the middle of what it said
            pass
    return answer


@pytest.mark.usefixtures("personal_database")
def test_hostile_requests(personal_web: Web, personal_database: Database) -> None:
    seal = sealed(personal_web)["form"]
    statuses: Counter[int] = Counter()
    for request in requests(seal):
        answer = said(personal_web, request)
        head, _, _ = answer.partition(b"\r\n\r\n")
        if answer:
            status = int(head.split()[1])
            statuses[status] += 1
            assert status < 500, (request[:400], head)
        for secret in SECRETS:
            assert secret not in answer, (request[:400], secret)
        assert b"text/html" not in head or b"<script>" not in answer, request[:400]
        assert b"\r\nset-cookie:" not in head.lower(), request[:400]
        assert b"evil.example" not in head, request[:400]
    assert statuses.total() > 1000
    assert {200, 400, 403, 404, 405, 413, 422} <= set(statuses)
    assert 200 == personal_web.client.get("/readyz").status_code
    errors = [each for each in personal_web.lines() if each["level"] in ("error", "critical")]
    assert [] == errors
    log = personal_web.log.read_text("utf-8")
    for secret in ("1337", "passwd", "evil", "surveyor", "inbox.example", "Lovelace"):
        assert secret not in log
    with personal_database.writing() as connection:  # what was a good address in a bad form
        connection.execute(delete(REQUEST))
