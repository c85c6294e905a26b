"""What a run costs: CPU and wall seconds, and memory.

Worker processes outlive the process that asked for them, since a fork server owns them; so the
measuring process adopts orphans (Linux: PR_SET_CHILD_SUBREAPER) and waits for them too.
"""

import ctypes
import json
import os
import resource
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median

PR_SET_CHILD_SUBREAPER = 36
"""linux/prctl.h"""


@dataclass(frozen=True, slots=True)
class Cost:
    """CPU seconds (user and system), wall seconds, and peak MiB of the largest process."""

    cpu: float
    wall: float
    peak: float


def whole_process(command: list[str], output: Path, environment: Mapping[str, str]) -> Cost:
    """Run a command to its end, with everything that it starts; wall ends with the command.

    What it prints goes to `output`. Raises `RuntimeError` with its errors when it fails.
    """
    errors = output.with_suffix(".err")
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    anew = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
    files = [
        (os.POSIX_SPAWN_OPEN, number, str(path), anew, 0o644)
        for number, path in ((1, output), (2, errors))
    ]
    began = time.perf_counter()
    main = os.posix_spawn(command[0], command, environment, file_actions=files)
    cpu = peak = wall = 0.0
    for process, status, usage in _ended():
        cpu += usage.ru_utime + usage.ru_stime
        peak = max(peak, usage.ru_maxrss / 1024)
        if process == main:
            wall = time.perf_counter() - began
            if status:
                raise RuntimeError(f"{' '.join(command)} failed:\n{errors.read_text()}")
    return Cost(cpu, wall, peak)


def _ended() -> Iterable[tuple[int, int, resource.struct_rusage]]:
    """Every child and adopted orphan as it ends, until none is left."""
    while True:
        try:
            yield os.wait4(-1, 0)
        except ChildProcessError:
            return


def in_process(work: Callable[[], object]) -> Cost:
    """Run `work` in this process."""
    began, before = time.perf_counter(), time.process_time()
    work()
    cpu, wall = time.process_time() - before, time.perf_counter() - began
    return Cost(cpu, wall, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


def typical(costs: Sequence[Cost]) -> Cost:
    """The median of each figure."""
    columns = zip(*((cost.cpu, cost.wall, cost.peak) for cost in costs), strict=True)
    return Cost(*(median(column) for column in columns))


def write_costs(costs: Iterable[Cost]) -> None:
    """Print costs for `read_costs` in another process."""
    json.dump([asdict(cost) for cost in costs], sys.stdout)


def read_costs(path: Path) -> list[Cost]:
    """What `write_costs` printed to a file."""
    return [Cost(**cost) for cost in json.loads(path.read_text())]
