"""Copies made by the workers of a Dask scheduler are those of this machine, whoever dies."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest
from click.testing import CliRunner

from publisher.cli import main
from tests.conftest import ROOT
from tests.runs import (
    SMALL,
    SOON,
    assert_well,
    contents,
    counts,
    ended,
    publisher,
    readers_file,
    start,
    until,
)

Process = subprocess.Popen[bytes]

COPIES = 30

ADDRESS = re.compile(r"(?:Scheduler at|Registered to): +tcp://([\d.]+:\d+)")

IMPATIENT = """
import publisher.build.cluster, publisher.build.cluster_executor
publisher.build.cluster.PATIENCE = publisher.build.cluster_executor.PATIENCE = 2
"""
"""Makes a run give up soon; what it says when it does is the same."""


@contextmanager
def dask(
    log: Path, *arguments: str | Path, **environment: str | Path
) -> Iterator["subprocess.Popen[bytes]"]:
    """A process of Dask's, which has found its place."""
    command = [sys.executable, "-m", "dask", *map(str, arguments), "--no-dashboard"]
    variables = {name: str(value) for name, value in environment.items()}
    with log.open("wb") as stream:
        process = subprocess.Popen(
            command, stdout=stream, stderr=stream, stdin=subprocess.DEVNULL, cwd=ROOT,
            env={**os.environ, **variables},
        )  # fmt: skip
    try:
        end = time.monotonic() + SOON
        while not ADDRESS.search(log.read_text()):
            assert process.poll() is None, log.read_text()
            assert time.monotonic() < end, log.read_text()
            time.sleep(0.05)
        yield process
    finally:
        process.kill()
        process.wait()


@contextmanager
def scheduler(folder: Path) -> Iterator[tuple[str, Process]]:
    """A scheduler and its address as HOST:PORT."""
    log = folder / "scheduler.log"
    with dask(log, "scheduler", "--host", "127.0.0.1", "--port", "0") as process:
        found = ADDRESS.search(log.read_text())
        assert found
        yield found[1], process


def worker(
    folder: Path, address: str, name: str, **environment: str | Path
) -> AbstractContextManager[Process]:
    """A worker of a scheduler: one process, which nobody starts again."""
    log = folder / f"{name}.log"
    return dask(
        log,
        "worker",
        f"tcp://{address}",
        "--nthreads",
        "1",
        "--no-nanny",
        "--local-directory",
        folder / "dask",
        **environment,
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with readers.csv and the cache."""
    folder = tmp_path_factory.mktemp("cluster")
    readers_file(folder / "readers.csv", COPIES)
    return folder


@pytest.fixture(scope="module")
def local(folder: Path) -> Path:
    """What this machine makes of the readers."""
    assert_well(publisher(*batch(folder, folder / "out"), cache=folder / "cache"))
    return folder / "out"


@pytest.fixture(scope="module")
def alone(folder: Path) -> Iterator[str]:
    """The address of a scheduler without workers."""
    with scheduler(folder) as (address, _):
        yield address


def batch(folder: Path, out: Path, *options: str | Path) -> list[str | Path]:
    """The batch of the readers in a folder."""
    return ["batch", folder / "readers.csv", "--guides", SMALL, "--output", out, *options]


def test_a_worker_killed_among_the_copies_costs_nothing(
    folder: Path, local: Path, tmp_path: Path
) -> None:
    with (
        scheduler(tmp_path) as (address, _),
        worker(tmp_path, address, "one") as victim,
        worker(tmp_path, address, "two"),
    ):
        out = tmp_path / "out"
        command = batch(folder, out, "--executor", f"dask://{address}")
        run = start(*command, cache=folder / "cache")
        until(lambda: len(list(out.glob("receipts/*.json"))) > 2, run)
        os.kill(victim.pid, signal.SIGKILL)
        said = ended(run)
        assert_well(said)
        assert (COPIES, 0) == (counts(said.stderr)["made"], counts(said.stderr)["failed"])
        assert contents(local) == contents(out)


@pytest.mark.parametrize(
    ("who", "words"), [("scheduler", "the scheduler has gone"), ("worker", "all workers have gone")]
)
def test_a_cluster_that_goes_is_told_of(who: str, words: str, folder: Path, tmp_path: Path) -> None:
    """What it has made is kept, and the rest is reported; nobody waits for ever."""
    with scheduler(tmp_path) as (address, first), worker(tmp_path, address, "one") as second:
        out = tmp_path / "out"
        command = batch(folder, out, "--format", "epub", "--executor", f"dask://{address}")
        run = start(*command, cache=folder / "cache", before=IMPATIENT)
        until(lambda: list(out.glob("receipts/*.json")), run)
        os.kill({"scheduler": first, "worker": second}[who].pid, signal.SIGKILL)
        said = ended(run)
    assert_well(said, status=1)
    assert f"B205 no worker finished it: {words}" in said.stderr
    end = counts(said.stderr)
    assert COPIES == end["made"] + end["failed"]
    local = publisher(*batch(folder, out, "--format", "epub"), cache=folder / "cache")
    assert_well(local)
    assert 0 < end["made"] <= counts(local.stderr)["kept"]


def test_a_worker_with_other_records_refuses(folder: Path, alone: str, tmp_path: Path) -> None:
    """Those of the worker's own settings are meant where the run has those of its own."""
    readers = readers_file(tmp_path / "readers.csv", 2)
    with worker(tmp_path, alone, "other"):
        said = publisher(
            "batch", readers, "--output", tmp_path / "out", "--executor", f"dask://{alone}",
            cache=folder / "cache", PUBLISHER_GUIDES=SMALL,
        )  # fmt: skip
    assert_well(said, status=1)
    assert f"{ROOT}/guides: B204 other records than the run began with" in said.stderr
    assert 2 == counts(said.stderr)["failed"]


def refused(folder: Path, tmp_path: Path, address: str) -> str:
    """What is said of an executor that cannot be had."""
    command = batch(folder, tmp_path / "out", "--executor", address)
    said = publisher(*command, cache=folder / "cache", before=IMPATIENT)
    assert_well(said, status=2)
    assert not list(tmp_path.glob("out/*"))
    return said.stderr


def test_a_scheduler_without_workers(folder: Path, alone: str, tmp_path: Path) -> None:
    said = refused(folder, tmp_path, f"dask://{alone}")
    assert f"the scheduler at tcp://{alone} has no workers" in said
    assert f"dask worker tcp://{alone}" in said


def test_a_worker_is_no_scheduler(folder: Path, alone: str, tmp_path: Path) -> None:
    with worker(tmp_path, alone, "mistaken"):
        found = re.search(r"Start worker at: +tcp://(\S+)", (tmp_path / "mistaken.log").read_text())
        assert found
        said = refused(folder, tmp_path, f"dask://{found[1]}")
    assert f"at tcp://{found[1]} is no scheduler, but a worker" in said


@pytest.mark.parametrize("greeting", [b"", b"220 mail.example.org\r\n"])
def test_a_server_of_another_kind(greeting: bytes, folder: Path, tmp_path: Path) -> None:
    """It may be silent, or say what Dask does not understand."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        before = IMPATIENT
        command = batch(folder, tmp_path / "out", "--executor", f"dask://127.0.0.1:{port}")
        run = start(*command, cache=folder / "cache", before=before)
        connection, _ = server.accept()
        connection.sendall(greeting)
        said = ended(run)
        connection.close()
    assert_well(said, status=2)
    assert f"no scheduler answers at tcp://127.0.0.1:{port}" in said.stderr
    assert "dask scheduler" in said.stderr


def test_nobody_at_the_address(folder: Path, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    assert "no scheduler answers" in refused(folder, tmp_path, f"dask://127.0.0.1:{port}")


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1:8786", "tcp://127.0.0.1:8786", "dask://127.0.0.1", "dask://:1", "dask://a/b:1"],
)
def test_an_address_that_is_none(address: str, folder: Path, tmp_path: Path) -> None:
    arguments = batch(folder, tmp_path, "--executor", address)
    result = CliRunner().invoke(main, list(map(str, arguments)))
    assert (2, True) == (result.exit_code, "is not like dask://HOST:PORT" in result.output)


def test_the_extra_that_is_missing_is_named(folder: Path, tmp_path: Path) -> None:
    before = "import sys; sys.modules['distributed'] = None"
    command = batch(folder, tmp_path, "--executor", "dask://127.0.0.1:1")
    said = publisher(*command, cache=folder / "cache", before=before)
    assert_well(said, status=2)
    assert "install the extra 'cluster'" in said.stderr
