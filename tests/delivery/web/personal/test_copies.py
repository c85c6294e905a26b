"""Copies on demand: none lost, none wrong, and a clear word when there are too many."""

import os
import signal
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlencode

import httpx
import pytest

from publisher.planning.export import reader_from_json
from publisher.rendering.pdf.attachments import attachment
from tests.copies import PdfCopy, plain
from tests.delivery.web.personal.forms import PLAN
from tests.delivery.web.program import Config
from tests.delivery.web.serving import Web, served
from tests.runs import children, until

READERS = 8


def copy(web: Web, name: str = "Ada Lovelace", form: str = "pdf", **fields: str) -> httpx.Response:
    data = {**PLAN, "name": name, "format": form, **fields}
    return httpx.post(f"{web.address}/plan/copy", data=data, timeout=300)


def workers(web: Web) -> list[int]:
    """The processes that make copies; they are children of one that has everything imported."""
    return [worker for child in children(web.process.pid) for worker in children(child)]


@contextmanager
def stopped(*processes: int) -> Iterator[None]:
    """Processes that do nothing while the block runs."""
    for each in processes:
        os.kill(each, signal.SIGSTOP)
    try:
        yield
    finally:
        for each in processes:
            os.kill(each, signal.SIGCONT)


def in_line(web: Web) -> tuple[int, int]:
    """How many copies are being made, and how many readers wait."""
    found = httpx.get(f"{web.address}/readyz").json()
    return found["making"], found["waiting"]


def statuses(web: Web, route: str = "/plan/copy") -> list[int]:
    """The statuses of a route's answers, from the log."""
    return [line["status"] for line in web.lines() if line.get("route") == route]


@pytest.fixture(scope="module")
def narrow(personal_config: Config, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Web]:
    """A server with one worker, for whom one reader may wait."""
    scratch = tmp_path_factory.mktemp("scratch")
    config = replace(personal_config, copy_workers=1, most_waiting=1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TMPDIR", str(scratch))
        with served(config, tmp_path_factory.mktemp("log")) as web:
            until(lambda: web.client.get("/readyz").status_code == 200, web.process)
            yield web


def test_each_of_many_gets_their_own(personal_web: Web, tmp_path: Path) -> None:
    names = [
        f"Reader Number {word}"
        for word in ["One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight"]
    ]
    assert READERS == len(names)
    with ThreadPoolExecutor(READERS) as pool:
        made = list(pool.map(lambda name: copy(personal_web, name), names))
    for number, (name, answer) in enumerate(zip(names, made, strict=True)):
        assert 200 == answer.status_code
        assert "application/pdf" == answer.headers["content-type"]
        slug = name.lower().replace(" ", "-")
        wanted = f'filename="cartographer-for-surveyor-{slug}.pdf"'
        assert wanted in answer.headers["content-disposition"]
        path = tmp_path / f"{number}.pdf"
        path.write_bytes(answer.content)
        assert plain(name) == PdfCopy.of(path).facts.name
        assert name == reader_from_json(attachment(path, "plan.json")).name


def test_the_site_answers_while_copies_wait(personal_web: Web) -> None:
    before = len(statuses(personal_web))
    with ThreadPoolExecutor(4) as pool:
        with stopped(*workers(personal_web)):
            waiting = [pool.submit(copy, personal_web, f"Reader {n}") for n in range(4)]
            until(lambda: in_line(personal_web) == (2, 2))
            assert 200 == personal_web.client.get("/assessment").status_code
            assert 200 == personal_web.client.post("/plan", data=PLAN).status_code
            assert before == len(statuses(personal_web))
        assert [200] * 4 == [each.result().status_code for each in waiting]


def test_an_epub(personal_web: Web) -> None:
    answer = copy(personal_web, form="epub")
    assert answer.content.startswith(b"PK")
    assert "application/epub+zip" == answer.headers["content-type"]


def test_a_lost_worker_is_replaced(personal_web: Web) -> None:
    with ThreadPoolExecutor(4) as pool:
        lost = workers(personal_web)
        for each in lost:
            os.kill(each, signal.SIGSTOP)
        waiting = [pool.submit(copy, personal_web, f"Reader {n}") for n in range(4)]
        until(lambda: in_line(personal_web) == (2, 2))
        for each in lost:
            os.kill(each, signal.SIGKILL)
        assert [200] * 4 == [each.result().status_code for each in waiting]
    assert not set(lost) & set(workers(personal_web))
    assert 200 == personal_web.client.get("/readyz").status_code


def test_too_many_are_asked_to_come_again(narrow: Web) -> None:
    with ThreadPoolExecutor(6) as pool:
        with stopped(*workers(narrow)):
            asked = [pool.submit(copy, narrow, f"Reader {n}") for n in range(6)]
            # One has the worker and one waits for it, whoever they are.
            until(lambda: statuses(narrow).count(503) >= 4, narrow.process)
        answers = [each.result() for each in asked]
    assert [200] * 2 + [503] * 4 == sorted(each.status_code for each in answers)
    for each in answers:
        if each.status_code == 503:
            assert int(each.headers["retry-after"]) > 0
            assert "try again" in each.text
            assert "<h1>" in each.text


def test_who_has_gone_is_not_waited_for(narrow: Web) -> None:
    """Two give up; had one of them been made, a worker that is stopped could not have ended it."""
    body = urlencode({**PLAN, "format": "pdf"}).encode()
    head = (
        b"POST /plan/copy HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded"
        b"\r\nContent-Length: %d\r\n\r\n" % len(body)
    )
    host, port = narrow.address.removeprefix("http://").split(":")
    with ThreadPoolExecutor(1) as pool, stopped(*workers(narrow)):
        first = pool.submit(copy, narrow, "The First")
        until(lambda: in_line(narrow) == (1, 0))
        for count in (1, 2):
            with socket.create_connection((host, int(port))) as connection:
                connection.sendall(head + body)
                until(lambda: in_line(narrow) == (1, 1))
            until(lambda count=count: statuses(narrow).count(499) == count, narrow.process)
        assert (1, 0) == in_line(narrow)
        for each in workers(narrow):
            os.kill(each, signal.SIGCONT)
        assert 200 == first.result().status_code


def test_nothing_stays(narrow: Web) -> None:
    assert 200 == copy(narrow).status_code
    assert ["records"] == [each.name for each in _scratch(narrow).glob("copies-*/*")]


def _scratch(web: Web) -> Path:
    environment = Path(f"/proc/{web.process.pid}/environ").read_bytes().split(b"\0")
    (found,) = [each for each in environment if each.startswith(b"TMPDIR=")]
    return Path(found.decode().partition("=")[2])


def test_records_that_are_edited_are_served_after_a_restart(
    narrow: Web, personal_config: Config
) -> None:
    record = Path(personal_config.guides) / "careers" / "cartographer" / "career.md"
    before = record.read_text("utf-8")
    record.write_text(before.replace('title: "Cartographer"', 'title: "Sailor"'), "utf-8")
    try:
        for each in workers(narrow):  # the next one loads everything anew
            os.kill(each, signal.SIGKILL)
        assert 200 == copy(narrow).status_code
        assert "Cartographer" in narrow.client.post("/plan", data=PLAN).text
    finally:
        record.write_text(before, "utf-8")


def test_a_stop_waits_for_what_is_being_made(personal_config: Config, tmp_path: Path) -> None:
    config = replace(personal_config, copy_workers=1)
    with served(config, tmp_path) as web, ThreadPoolExecutor(1) as pool:
        until(lambda: web.client.get("/readyz").status_code == 200, web.process)
        (worker,) = workers(web)
        with stopped(worker):
            asked = pool.submit(copy, web, "The Last")
            until(lambda: in_line(web) == (1, 0))
            os.kill(worker, signal.SIGTERM)  # as systemd does, to the whole group
            web.process.send_signal(signal.SIGTERM)
        assert 200 == asked.result().status_code
        assert 0 == web.process.wait(60)
    assert not Path(f"/proc/{worker}").exists()
