"""A PostgreSQL on loopback that can be killed and started again."""

import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

import psycopg

from tests.runs import children, until
from tests.servers.folders import free_port, served_folder
from tests.validators.programs import missing

USER = "postgres" if os.geteuid() == 0 else None
"""PostgreSQL refuses to be run by root."""


@dataclass
class PostgreSQL:
    """A server whose data are in a folder; what is committed outlives its being killed."""

    programs: Path
    folder: Path
    fsync: bool
    port: int = field(default_factory=free_port)
    process: "subprocess.Popen[bytes] | None" = None

    def create(self) -> None:
        """Make the data."""
        command = [self.programs / "initdb", "-D", self.folder / "data", "-U", "test"]
        subprocess.run(
            [*command, "-A", "trust", "-E", "UTF8", "--locale", "C", "--no-sync"],
            check=True, capture_output=True, user=USER, cwd=self.folder,
        )  # fmt: skip

    def start(self) -> None:
        """Start, and wait until it answers."""
        options = {
            "port": self.port, "listen_addresses": "127.0.0.1", "max_connections": 60,
            "unix_socket_directories": self.folder, "fsync": "on" if self.fsync else "off",
            "recovery_init_sync_method": "syncfs",
        }  # fmt: skip
        settings = [f"--{name}={value}" for name, value in options.items()]
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                [self.programs / "postgres", "-D", self.folder / "data", *settings],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, user=USER, cwd=self.folder,
                start_new_session=True,
            )  # fmt: skip
        until(self._answers)

    def kill(self) -> None:
        """End it as a power cut does: no process of it can say or write anything more."""
        assert self.process
        processes = [self.process.pid, *children(self.process.pid)]
        for process in processes:
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        self.process.wait()
        until(lambda: not any(Path(f"/proc/{each}").exists() for each in processes))

    def stop(self) -> None:
        """End it."""
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)  # "fast": clients are sent away
            self.process.wait()

    @contextmanager
    def database(self) -> Iterator[str]:
        """The URL of a new, empty database."""
        name = f"test_{uuid4().hex}"
        self._say(f"CREATE DATABASE {name}")
        try:
            yield f"postgresql+psycopg://test@127.0.0.1:{self.port}/{name}"
        finally:
            if self._answers():
                self._say(f"DROP DATABASE {name} WITH (FORCE)")

    def _say(self, command: str) -> None:
        with psycopg.connect(self._address, autocommit=True) as connection:
            connection.execute(command)  # type: ignore[call-overload]  # names are ours

    def _answers(self) -> bool:
        with suppress(psycopg.OperationalError):
            psycopg.connect(self._address, connect_timeout=5).close()
            return True
        return False

    @property
    def _address(self) -> str:
        return f"host=127.0.0.1 port={self.port} user=test dbname=postgres"


@contextmanager
def postgresql(*, fsync: bool = False) -> Iterator[PostgreSQL]:
    """A server of one's own, until the block ends; where there is none, the test is skipped.

    What it has committed outlives its processes without `fsync`, but not the machine.
    """
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"))
    if not found:
        missing("PostgreSQL", "install it (Debian: postgresql)")
    with served_folder("postgres") as folder:
        server = PostgreSQL(found[-1].parent, folder, fsync)
        server.create()
        try:
            server.start()
            yield server
        finally:
            server.stop()
