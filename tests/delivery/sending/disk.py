"""Sends on a disk that is full between the commits: `python -m tests.delivery.sending.disk …`.

The folder is a small file system of its own. See `test_disk.py`.
"""

import sys
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path

from publisher.delivery.sending.steps import Step
from publisher.delivery.sending.team import SendingError, send
from publisher.delivery.store.database import Database
from tests.delivery.sending.campaigns import QUICK, assert_lawful, campaign, job, readers, states
from tests.servers.faults import fault_server


def fill(folder: Path, step: Step) -> None:
    """Fill the disk when the first reply has come and is not yet committed."""
    if step != Step.REPLIED or (folder / "full").exists():
        return
    with (folder / "full").open("wb", buffering=0) as file, suppress(OSError):
        while True:
            file.write(bytes(4096))


def main(folder: Path) -> None:
    """Send, hear that the disk is full, make room, send again; all must be well."""
    url = f"sqlite:///{folder / 'delivery.sqlite'}"
    database = Database.at(url)
    with fault_server() as faults:
        sent = campaign(database, readers(30))
        pace = replace(QUICK, database_patience=0.3)
        work = job(url, sent, faults.port, folder, pace=pace, observe=partial(fill, folder))
        try:
            send(work)
        except SendingError as error:
            sys.stdout.write(f"{error}\n")
        assert 1 <= len(faults.accepted) < 30
        assert "sent" not in states(database, sent)
        (folder / "full").write_bytes(b"")
        ended = send(work)
        assert {"sent": 30} == ended.counts, ended
        assert_lawful(database, sent, faults, 30)
    database.close()
    sys.stdout.write("all well\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
