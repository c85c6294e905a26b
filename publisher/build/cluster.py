"""Workers on other machines, through Dask: `dask://HOST:PORT` is the scheduler's address."""

import re
from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any

ADDRESS = re.compile(r"dask://([^/\s:]+|\[[0-9a-fA-F:]+\]):(\d{1,5})")

PATIENCE = 10
"""Seconds to wait for the scheduler."""


@dataclass(frozen=True)
class Cluster:
    """A scheduler with its workers."""

    client: Any
    workers: int

    @classmethod
    def at(cls, url: str) -> "Cluster":
        """Connect to a scheduler. Raises `ValueError` that says what to do."""
        match = ADDRESS.fullmatch(url)
        if not match:
            raise ValueError(f"{url!r} is not like dask://HOST:PORT")
        if find_spec("distributed") is None:
            raise ValueError("dask:// needs the package distributed; install the extra 'cluster'")
        # Loading it takes longer than all else of a command that does without.
        from distributed import Client  # noqa: PLC0415

        address = f"tcp://{match[1]}:{match[2]}"
        try:
            client: Any = Client(address, timeout=PATIENCE, set_as_default=False)  # type: ignore[no-untyped-call]  # Dask ships half of its types
        except (OSError, TimeoutError) as error:
            raise ValueError(
                f"no scheduler answers at {address}; start one with `dask scheduler`"
            ) from error
        workers = len(client.scheduler_info(n_workers=-1)["workers"])
        if not workers:
            client.close()
            hint = f"start some with `dask worker {address}`"
            raise ValueError(f"the scheduler at {address} has no workers; {hint}")
        return cls(client, workers)

    @property
    def new_executor(self) -> Callable[[], Executor]:
        """Makes an executor; a task whose worker dies is given to another one by Dask itself."""
        executor: Callable[[], Executor] = self.client.get_executor
        return executor

    def close(self) -> None:
        """Leave the scheduler; it and its workers go on."""
        self.client.close()
