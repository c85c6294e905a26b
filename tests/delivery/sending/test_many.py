"""Ten thousand recipients: memory stays as it is, however many there are."""

import multiprocessing
import re
from dataclasses import replace
from multiprocessing.process import BaseProcess
from pathlib import Path

import pytest

from publisher.delivery.sending.team import send
from publisher.delivery.store.database import Database
from tests.delivery.sending.campaigns import QUICK, assert_lawful, campaign, job, readers, states
from tests.servers.faults import FaultServer

MIB = 1024
"""KiB."""


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # one is enough
def test_memory_does_not_grow_with_recipients(
    database: Database, database_url: str, faults: FaultServer, tmp_path: Path
) -> None:
    """Between the 2,000th and the last of 10,000, a worker grows by less than 4 MiB."""
    sent = campaign(database, readers(10_000))
    work = job(database_url, sent, faults.port, tmp_path, pace=replace(QUICK, connections=8))
    resident: list[int] = []
    processes: list[BaseProcess] = []

    def look(number: int) -> None:
        if number in (2_000, 9_990):
            status = Path(f"/proc/{processes[0].pid}/status").read_text("ascii")
            found = re.search(r"VmRSS:\s+(\d+) kB", status)
            assert found
            resident.append(int(found[1]))

    faults.on_accepted = look
    processes.append(multiprocessing.get_context("forkserver").Process(target=send, args=(work,)))
    processes[0].start()
    processes[0].join()
    assert {"sent": 10_000} == states(database, sent)
    early, late = resident
    assert late - early < 4 * MIB, (early, late)
    assert_lawful(database, sent, faults, 10_000)
