"""Downloads in pieces, broken off and resumed: equal bytes, and counted once."""

import os
import socket
import subprocess
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select

from publisher.delivery.store.tables import ARTIFACT, DOWNLOAD
from publisher.delivery.web.served import Served
from tests.delivery.web.serving import Ledger, Web
from tests.runs import until
from tests.validators.programs import program

LARGE = os.urandom(20_000_000)

SMALL = bytes(range(256)) * 64


def counted(ledger: Ledger, grant: str) -> list[tuple[Served, bool]]:
    """What has gone out of each download of a grant, and whether it was counted."""
    query = select(DOWNLOAD).where(DOWNLOAD.c.grant_id == grant).order_by(DOWNLOAD.c.id)
    with ledger.database.reading() as connection:
        rows = list(connection.execute(query))
    return [(Served.of(row.served), row.complete) for row in rows]


def test_curl_resumes_fifty_times(web: Web, ledger: Ledger) -> None:
    """It is killed where it happens to be, and another one asks for the rest."""
    curl = program("curl", hint="install it (Debian: curl)")
    grant, got = ledger.granted(LARGE), b""
    address = web.address + web.open(grant)
    for piece in range(49):
        if piece == 10:  # the network itself holds a few megabytes
            assert 0 == ledger.downloads(grant)
        command = [curl, "--silent", "--fail", "--continue-at", str(len(got)), address]
        with subprocess.Popen(command, stdout=subprocess.PIPE) as killed:
            assert killed.stdout
            got += killed.stdout.read(len(LARGE) // 50)
            killed.kill()
    command = [curl, "--silent", "--fail", "--continue-at", str(len(got)), address]
    got += subprocess.run(command, capture_output=True, check=True).stdout
    assert LARGE == got
    until(lambda: ledger.downloads(grant))
    assert [(Served(((0, len(LARGE)),)), True)] == counted(ledger, grant)
    assert 1 == ledger.downloads(grant)


def test_a_reader_who_goes_away_has_not_downloaded(web: Web, ledger: Ledger) -> None:
    """A browser that closes the connection, fifty times; what comes after them makes it whole."""
    grant = ledger.granted(LARGE)
    path = web.open(grant)
    got = bytearray()
    while len(got) < len(LARGE) // 2:
        got += cut_off(web, path, len(got), len(LARGE) // 100)
    until(lambda: counted(ledger, grant)[0][0].ranges)
    assert not counted(ledger, grant)[0][1]
    assert 0 == ledger.downloads(grant)
    rest = web.client.get(path, headers={"Range": f"bytes={len(got)}-"})
    assert LARGE == bytes(got) + rest.content
    until(lambda: ledger.downloads(grant))


def cut_off(web: Web, path: str, first: int, length: int) -> bytes:
    """Some bytes of a file from `first` on, as a connection gives them that then breaks."""
    host, port = web.address.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port))) as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65536)
        ask = f"GET {path} HTTP/1.1\r\nHost: x\r\nRange: bytes={first}-\r\n\r\n"
        connection.sendall(ask.encode())
        got = b""
        while len(got.partition(b"\r\n\r\n")[2]) < length:
            got += connection.recv(65536)
        return got.partition(b"\r\n\r\n")[2]


def test_parts_at_once_are_counted_once(web: Web, ledger: Ledger) -> None:
    """As a download manager fetches them; some twice, and the whole file besides."""
    grant = ledger.granted(LARGE)
    path = web.open(grant)
    cuts = [len(LARGE) * n // 20 for n in range(21)]
    parts = [f"bytes={first}-{end - 1}" for first, end in zip(cuts, cuts[1:])]  # noqa: B905, RUF007  # pairs

    def fetch(part: str) -> int:
        return web.client.get(path, headers={"Range": part} if part else {}).status_code

    with ThreadPoolExecutor(8) as threads:
        codes = list(threads.map(fetch, [*parts, "", *parts[:5]]))
    assert {200, 206} == set(codes)
    until(lambda: ledger.downloads(grant))
    assert LARGE == web.client.get(path).content
    assert [(Served(((0, len(LARGE)),)), True)] == counted(ledger, grant)
    assert 1 == ledger.downloads(grant)
    assert 1 == len(ledger.events("downloaded", grant))


@pytest.mark.parametrize(
    ("asked", "status", "part"),
    [
        ("bytes=0-0", 206, (0, 1)),
        ("bytes=100-", 206, (100, len(SMALL))),
        ("bytes=-5", 206, (len(SMALL) - 5, len(SMALL))),
        ("bytes=0-99999999", 206, (0, len(SMALL))),
        ("bytes=-99999999", 206, (0, len(SMALL))),
        ("bytes=0-1,5-6", 200, (0, len(SMALL))),  # several: a server may send all
        ("lines=0-1", 200, (0, len(SMALL))),  # a unit that it does not know
        ("bytes=a-b", 200, (0, len(SMALL))),
        ("bytes=1-2-3", 200, (0, len(SMALL))),
        (f"bytes={'9' * 40}-", 200, (0, len(SMALL))),
        ("bytes=" + ",".join(["0-"] * 2000), 200, (0, len(SMALL))),
    ],
)
def test_a_range_gives_its_bytes(
    asked: str, status: int, part: tuple[int, int], plain_web: Web, plain_ledger: Ledger
) -> None:
    """RFC 9110, section 14.2."""
    first, end = part
    grant = plain_ledger.granted(SMALL)
    answer = plain_web.client.get(plain_web.open(grant), headers={"Range": asked})
    assert status == answer.status_code
    assert SMALL[first:end] == answer.content
    expected = f"bytes {first}-{end - 1}/{len(SMALL)}" if status == 206 else None
    assert expected == answer.headers.get("content-range")
    until(lambda: counted(plain_ledger, grant)[0][0].ranges)
    whole = (first, end) == (0, len(SMALL))
    assert [(Served(((first, end),)), whole)] == counted(plain_ledger, grant)


@pytest.mark.parametrize(
    ("asked", "status"), [("bytes=16384-", 416), ("bytes=-0", 416), ("bytes=9-1", 400)]
)
def test_a_range_that_cannot_be_gives_nothing(
    asked: str, status: int, plain_web: Web, plain_ledger: Ledger
) -> None:
    grant = plain_ledger.granted(SMALL)
    path = plain_web.open(grant)
    before = plain_ledger.everything()
    answer = plain_web.client.get(path, headers={"Range": asked})
    assert status == answer.status_code
    if status == 416:
        assert f"bytes */{len(SMALL)}" == answer.headers["content-range"]
    assert before == plain_ledger.everything()


def test_what_has_changed_is_not_resumed(plain_web: Web, plain_ledger: Ledger) -> None:
    """If-Range (RFC 9110, section 13.1.5): the digest of the file, which is the same everywhere."""
    path = plain_web.open(plain_ledger.granted(SMALL))
    with plain_ledger.database.reading() as connection:
        newest = select(ARTIFACT.c.sha256).order_by(ARTIFACT.c.id.desc())
        digest = connection.execute(newest).scalars().first()
    same = {"Range": "bytes=5-", "If-Range": f'"{digest}"'}
    answer = plain_web.client.get(path, headers=same)
    assert (206, SMALL[5:]) == (answer.status_code, answer.content)
    for other in ('"another"', f'W/"{digest}"', "Mon, 01 Jan 2001 00:00:00 GMT"):
        answer = plain_web.client.get(path, headers={**same, "If-Range": other})
        assert (200, SMALL) == (answer.status_code, answer.content)
