"""The server as a whole: headers, logs, health, load, and how it stops."""

import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from publisher.delivery.web.guards.headers import ALWAYS
from tests.conftest import ROOT
from tests.delivery.web.program import Config
from tests.delivery.web.serving import KEYS, ONE_CLICK, Ledger, Web, hidden, served
from tests.runs import children, until

LARGE = os.urandom(20_000_000)


def test_every_answer_carries_the_headers(plain_web: Web, plain_ledger: Ledger) -> None:
    grant = plain_ledger.granted(LARGE[:1000])
    file = plain_web.open(grant)
    paths = [plain_web.page(grant), file, "/healthz", "/nothing", "/broken", "/static/site.css",
             "/static/no.css", "/" + "x" * 2000, "/d/wrong"]  # fmt: skip
    for path in paths:
        for method in ("GET", "HEAD", "POST", "DELETE"):
            # After a failure the server closes the connection, perhaps under the next one.
            answer = httpx.request(method, plain_web.address + path)
            for name, value in ALWAYS.items():
                assert value == answer.headers[name], (method, path)
            assert "set-cookie" not in answer.headers
            assert "server" not in answer.headers
            if not path.startswith("/static/"):
                assert "noindex, nofollow" == answer.headers["x-robots-tag"]
                assert "no-store" in answer.headers["cache-control"]
    policy = ALWAYS["content-security-policy"]
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "no-referrer" == ALWAYS["referrer-policy"]


@pytest.mark.parametrize(
    ("base_url", "secure"), [("https://guides.example/of", True), ("http://127.0.0.1", False)]
)
def test_https_is_kept_and_a_path_of_the_public_address_too(
    plain: Config, plain_ledger: Ledger, tmp_path: Path, base_url: str, secure: bool
) -> None:
    """A proxy that serves us below /of takes that off; what we write has it on."""
    grant = plain_ledger.granted(b"content")
    with served(replace(plain, base_url=base_url), tmp_path) as web:
        assert secure == ("strict-transport-security" in web.client.get("/healthz").headers)
        prefix = "/of" if secure else ""
        page = web.page(grant)
        assert page.startswith(f"{prefix}/d/")
        text = web.client.get(page.removeprefix(prefix)).text
        assert f'href="{prefix}/static/site.css?' in text


def test_the_log_says_how_it_went_and_not_who_asked(plain_web: Web, plain_ledger: Ledger) -> None:
    number, token = plain_ledger.delivery()
    plain_ledger.file(LARGE[:1000], number, "Ada Lovelace.pdf")
    grant = plain_ledger.grant(number)
    file = plain_web.open(grant)
    plain_web.client.get(file)
    plain_web.client.get("/broken")
    plain_web.client.post(plain_web.path(plain_web.links.unsubscribe(token)), data={"a": "b"})
    expected = {"method": "GET", "route": "/f/{token}", "status": 200, "bytes": 1000}
    # The line of a file is written when the download has been counted.
    until(lambda: any(expected.items() <= line.items() for line in plain_web.lines()))
    log = plain_web.log.read_text("utf-8")
    for secret in (token, grant, file, "Ada", "Lovelace", "example.org", "127.0.0.1", KEYS[:10]):
        assert secret not in log
    lines = plain_web.lines()
    assert all(line["ms"] >= 0 for line in lines if line["event"] == "request")
    (failed,) = [line for line in lines if line["level"] == "error"][-1:]
    assert "RuntimeError" == failed["error"]
    assert failed["at"][-1].endswith("_break")


def test_a_failure_shows_nothing_of_the_inside(plain_web: Web) -> None:
    answer = plain_web.client.get("/broken")
    assert 500 == answer.status_code
    assert "Something went wrong here" in answer.text
    assert "RuntimeError" not in answer.text
    assert "ada@example.org" not in answer.text


def test_health_and_readiness(config: Config, ledger: Ledger, tmp_path: Path) -> None:
    """A process that lives is not ready where its files or its database are gone."""
    assert ledger
    files = tmp_path / "files"
    files.mkdir()
    with served(replace(config, files=str(files)), tmp_path) as web:
        assert {"database": True, "files": True} == web.client.get("/readyz").json()
        files.rmdir()
        answer = web.client.get("/readyz")
        assert (503, {"database": True, "files": False}) == (answer.status_code, answer.json())
        assert 200 == web.client.get("/healthz").status_code


def test_a_database_that_does_not_answer_is_a_page_and_no_failure(
    plain: Config, tmp_path: Path
) -> None:
    """SQLite has one file; here it becomes none while the server runs."""
    config = replace(plain, database=f"sqlite:///{tmp_path / 'lost.sqlite'}")
    with served(config, tmp_path) as web:
        path = web.page("grant")
        assert 410 == web.client.get(path).status_code  # nobody's
        for file in tmp_path.glob("lost.sqlite*"):
            file.unlink()
        (tmp_path / "lost.sqlite").mkdir()
        web.process.send_signal(0)
        with ThreadPoolExecutor(12) as threads:  # more than the connections that are open already
            answers = list(threads.map(lambda _: web.client.get(path), range(12)))
        assert {answer.status_code for answer in answers} <= {410, 503}


def slow_reader(web: Web, path: str) -> Iterator[bytes]:
    """A reader who takes a file in two steps: at first a little, then, when asked, the rest."""
    host, port = web.address.removeprefix("http://").split(":")
    with socket.socket() as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 262_144)
        connection.connect((host, int(port)))
        connection.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
        got = bytearray()
        while b"\r\n\r\n" not in got:
            got += connection.recv(4096)
        yield bytes(got)
        while more := connection.recv(1 << 20):
            got += more
        yield bytes(got).partition(b"\r\n\r\n")[2]


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_a_download_under_way_ends_before_the_server_does(
    config: Config, ledger: Ledger, tmp_path: Path, how: signal.Signals
) -> None:
    grant = ledger.granted(LARGE)
    with served(config, tmp_path) as web:
        reader = slow_reader(web, web.open(grant))
        next(reader)
        web.process.send_signal(how)
        until(lambda: any(line["event"].startswith("Waiting for conn") for line in web.lines()))
        with pytest.raises(httpx.TransportError):  # nobody new comes in
            httpx.get(f"{web.address}/healthz")
        assert LARGE == next(reader)
        assert 0 == web.process.wait(60)
    assert 1 == ledger.downloads(grant)


def test_two_hundred_downloads_at_once(plain: Config, plain_ledger: Ledger, tmp_path: Path) -> None:
    """Each is sent as it is read, so that memory does not grow with what is asked for."""
    content = LARGE[:3_000_000]  # more than the network holds by itself
    number, _ = plain_ledger.delivery()
    plain_ledger.file(content, number)
    grant = plain_ledger.grant(number, max_downloads=500)
    with served(plain, tmp_path) as web:
        paths = [web.open(grant) for _ in range(200)]
        web.client.get(paths[0], headers={"Range": "bytes=0-9"})
        before, highest, done = web.memory(), [0], threading.Event()

        def watch() -> None:
            while not done.wait(0.02):
                highest[0] = max(highest[0], web.memory())

        watching = threading.Thread(target=watch)
        watching.start()
        readers = [slow_reader(web, path) for path in paths]
        try:
            for reader in readers:  # all have begun before any goes on
                next(reader)
            for reader in readers:
                assert content == next(reader)
                reader.close()
        finally:
            done.set()
            watching.join()
        until(lambda: plain_ledger.downloads(grant) == 200)
        assert highest[0] - before < 100_000_000, "of 600 million"
        assert 200 == web.client.get("/healthz").status_code


def test_several_processes_share_the_work(config: Config, ledger: Ledger, tmp_path: Path) -> None:
    grant = ledger.granted(LARGE)
    with served(replace(config, workers=2), tmp_path) as web:
        until(lambda: sum("complete" in line["event"] for line in web.lines()) == 2)
        assert len(children(web.process.pid)) >= 2
        path = web.open(grant)
        parts = [f"bytes={first}-{first + 999_999}" for first in range(0, len(LARGE), 1_000_000)]

        def fetch(part: str) -> bytes:
            return httpx.get(web.address + path, headers={"Range": part}).content

        with ThreadPoolExecutor(8) as threads:
            assert LARGE == b"".join(threads.map(fetch, parts))
        until(lambda: ledger.downloads(grant))
        workers = children(web.process.pid)
        assert 0 == web.stop()
        until(lambda: not any(Path(f"/proc/{worker}").exists() for worker in workers))
    assert 1 == ledger.downloads(grant)


def test_the_command_serves_until_it_is_told_to_stop(
    plain: Config, plain_ledger: Ledger, tmp_path: Path
) -> None:
    """`publisher serve`, with what the environment says, from its first word to its last."""
    grant = plain_ledger.granted(LARGE[:1000])
    _, token = plain_ledger.delivery()
    environment = {
        "PUBLISHER_DATABASE": plain.database, "PUBLISHER_SECRET_KEYS": plain.keys,
        "PUBLISHER_FILES": plain.files, "PUBLISHER_BASE_URL": plain.base_url,
        "PUBLISHER_POSTAL_ADDRESS": "1 Example Street <b>", "PUBLISHER_OUTPUT": str(tmp_path),
    }  # fmt: skip
    log = tmp_path / "log"
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "index.html").write_text("The website")
    with log.open("wb") as stream:
        process = subprocess.Popen(
            [sys.executable, "-m", "publisher", "serve", "--port", "0"],
            cwd=ROOT, env={**os.environ, **environment}, encoding="utf-8",
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=stream,
        )  # fmt: skip
    assert process.stdout
    try:
        said = process.stdout.readline()
        assert said.startswith("serving at http://127.0.0.1:"), log.read_text("utf-8")
        web = Web(process, said.split()[-1], plain.links, log)
        until(lambda: any("startup complete" in line["event"] for line in web.lines()), process)
        assert "The website" == web.client.get("/").text
        page = web.client.get(web.page(grant)).text
        assert "Career Transition Guides" in page
        assert "1 Example Street &lt;b&gt;" in page
        assert LARGE[:1000] == web.client.get(web.open(grant)).content
        leave = web.path(web.links.unsubscribe(token))
        assert 200 == web.client.post(leave, data=ONE_CLICK).status_code
        agree = web.path(web.links.confirm(token))
        form = {"form": hidden(web.client.get(agree).text)}
        assert 200 == web.client.post(agree, data=form).status_code
        assert 0 == web.stop()
        assert "" == process.stdout.read()
    finally:
        process.kill()
        process.stdout.close()
        process.wait()


def publisher_serve(
    tmp_path: Path, *options: str, **environment: str
) -> "subprocess.CompletedProcess[str]":
    """The command, in a folder of its own, where it cannot begin to serve."""
    return subprocess.run(
        [sys.executable, "-m", "publisher", "serve", *options],
        cwd=tmp_path, capture_output=True, encoding="utf-8", check=False, timeout=60,
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
    )  # fmt: skip


@pytest.mark.parametrize(
    ("options", "environment", "status", "word"),
    [
        (["--port", "99999"], {}, 2, "99999 is not in the range"),
        (["--workers", "0"], {}, 2, "--workers"),
        (["--trusted-proxy", "nobody"], {}, 2, "--trusted-proxy: 'nobody'"),
        (["--host", "192.0.2.1"], {}, 1, "choose another --port or --host"),
        ([], {"PUBLISHER_SECRET_KEYS": "short"}, 1, "PUBLISHER_SECRET_KEYS: give secret keys"),
        ([], {"PUBLISHER_DATABASE": "mysql://x"}, 1, "PUBLISHER_DATABASE: "),
        ([], {"PUBLISHER_DATABASE": "postgresql://127.0.0.1:1/x"}, 1, "(PUBLISHER_DATABASE): "),
        ([], {"PUBLISHER_FILES": "/dev/null/files"}, 1, "/dev/null"),
        ([], {"PUBLISHER_GUIDES": "nowhere"}, 1, "nowhere/publication.yaml"),
    ],
)
def test_what_cannot_be_served_is_told(
    options: list[str], environment: dict[str, str], status: int, word: str, tmp_path: Path
) -> None:
    said = publisher_serve(tmp_path, *options, **environment)
    assert (status, "") == (said.returncode, said.stdout), said.stderr
    assert word in said.stderr
    assert "Traceback" not in said.stderr
    assert "short" not in said.stderr.replace("shorter", "")


def test_a_port_in_use_is_told(plain_web: Web, tmp_path: Path) -> None:
    said = publisher_serve(tmp_path, "--port", plain_web.address.rsplit(":", 1)[1])
    assert 1 == said.returncode
    assert "cannot listen at 127.0.0.1" in said.stderr
