"""Workers on other machines, through Dask: `dask://HOST:PORT` is the scheduler's address."""

import asyncio
import logging
import re
from collections.abc import Mapping
from concurrent.futures import Executor
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any

from publisher.build.cluster_executor import ClusterExecutor, Watch

ADDRESS = re.compile(r"dask://([^/\s:]+|\[[0-9a-fA-F:]+\]):(\d{1,5})")

PATIENCE = 10
"""Seconds to wait for the scheduler."""

LOGGERS = ("distributed", "distributed.client", "tornado.application")


@dataclass(frozen=True)
class Cluster:
    """A scheduler with its workers."""

    client: Any
    workers: int
    watch: Watch

    @classmethod
    def at(cls, url: str) -> "Cluster":
        """Connect to a scheduler. Raises `ValueError` that says what to do."""
        match = ADDRESS.fullmatch(url)
        if not match:
            raise ValueError(f"{url!r} is not like dask://HOST:PORT")
        if find_spec("distributed") is None:
            raise ValueError("dask:// needs the package distributed; install the extra 'cluster'")
        _quieten()
        address = f"tcp://{match[1]}:{match[2]}"
        workers = _workers_at(address)
        if not workers:
            hint = f"start some with `dask worker {address}`"
            raise ValueError(f"the scheduler at {address} has no workers; {hint}")
        client = _client_of(address)
        return cls(client, workers, Watch(client))

    def new_executor(self) -> Executor:
        """An executor; a task whose worker dies is given to another one by Dask itself."""
        return ClusterExecutor(self.client, self.watch)

    def close(self) -> None:
        """Leave the scheduler; it and its workers go on."""
        self.watch.end()
        self.client.close()


def _quieten() -> None:
    """Keep Dask's logs, tracebacks and all, from those who read ours, which say what matters."""
    # Loading it takes longer than all else of a command that does without; it sets its loggers.
    import distributed  # noqa: F401, PLC0415

    for name in LOGGERS:
        logging.getLogger(name).setLevel(logging.CRITICAL)


def _workers_at(address: str) -> int:
    """How many workers a scheduler has. Raises `ValueError` when there is no scheduler."""
    # A Dask client that has reached something else may wait for its answer for ever.
    try:
        about = asyncio.run(asyncio.wait_for(_about(address), PATIENCE))
    except Exception as error:  # what another kind of server says can fail in any way
        raise _no_answer(address) from error
    if about["type"] != "Scheduler":
        raise ValueError(f"at {address} is no scheduler, but a {about['type'].lower()}")
    return len(about["workers"])


def _client_of(address: str) -> Any:
    """Connect to a scheduler. Raises `ValueError`."""
    from distributed import Client  # noqa: PLC0415  # as above

    try:
        return Client(address, timeout=PATIENCE, set_as_default=False)  # type: ignore[no-untyped-call]  # Dask ships half of its types
    except OSError as error:
        raise _no_answer(address) from error


def _no_answer(address: str) -> ValueError:
    return ValueError(f"no scheduler answers at {address}; start one with `dask scheduler`")


async def _about(address: str) -> Mapping[str, Any]:
    """What a server that speaks Dask's protocol says of itself."""
    from distributed import rpc  # noqa: PLC0415  # as above

    async with rpc(address) as there:  # type: ignore[no-untyped-call]  # as above
        about: Mapping[str, Any] = await there.identity()
    return about
