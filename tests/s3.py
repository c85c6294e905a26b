"""A server that speaks S3, on loopback, and fixtures for tests that need one."""

import re
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import boto3
import pytest

SERVER = (sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", "0")

STARTED = re.compile(r"Running on (http://127\.0\.0\.1:\d+)")

PATIENCE = 60
"""Seconds for which a server may take to start."""

CREDENTIALS = {
    "AWS_ACCESS_KEY_ID": "test-only",
    "AWS_SECRET_ACCESS_KEY": "test-only-secret",
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_CONFIG_FILE": "/dev/null",
    "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
    "AWS_EC2_METADATA_DISABLED": "true",
}
"""What keeps a test from using the account of whoever runs it."""


@dataclass(frozen=True, slots=True)
class Server:
    """A server in a process of its own, and what it logs."""

    address: str
    log: Path

    def methods(self, path: str) -> list[str]:
        """The methods of all requests so far whose path and query begin so, in their order."""
        # A line is logged before its answer is sent.
        return re.findall(rf'"([A-Z]+) {re.escape(path)}', self.log.read_text("utf-8"))


@pytest.fixture(scope="session")
def s3_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server that holds nothing yet."""
    log = tmp_path_factory.mktemp("s3") / "log"
    with log.open("wb") as stream:
        server = subprocess.Popen(SERVER, stdout=stream, stderr=stream, stdin=subprocess.DEVNULL)
    try:
        yield Server(_address(server, log), log)
    finally:
        server.kill()
        server.wait()


@pytest.fixture
def bucket(s3_server: Server, monkeypatch: pytest.MonkeyPatch) -> str:
    """The URL of an empty bucket, which this process and its children reach."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", s3_server.address)
    for name, value in CREDENTIALS.items():
        monkeypatch.setenv(name, value)
    name = f"bucket-{uuid4().hex}"
    boto3.client("s3").create_bucket(Bucket=name)
    return f"s3://{name}"


def _address(server: "subprocess.Popen[bytes]", log: Path) -> str:
    """Where the server listens, as soon as it says so."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and server.poll() is None:
        said = STARTED.search(log.read_text("utf-8"))
        if said:
            return said[1]
        time.sleep(0.02)
    raise RuntimeError(f"the S3 server did not start: {log.read_text('utf-8')}")
