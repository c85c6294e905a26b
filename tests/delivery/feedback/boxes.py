"""Maildirs with given mails, and runs of the command over mailboxes."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result

from publisher.cli import main
from tests.delivery.feedback.ledger import BOUNCES, KEYS, Ledger
from tests.runs import Run, start


def maildir(folder: Path, mails: Iterable[bytes]) -> Path:
    """A Maildir with new mails."""
    for part in ("new", "cur", "tmp"):
        (folder / part).mkdir(parents=True)
    for number, mail in enumerate(mails):
        (folder / "new" / f"{number:04}.test").write_bytes(mail)
    return folder


def names(folder: Path) -> dict[str, list[str]]:
    """The mails of a Maildir, by its part."""
    return {
        part: sorted(each.name for each in (folder / part).iterdir()) for part in ("new", "cur")
    }


def environment(ledger: Ledger, domain: str = BOUNCES) -> dict[str, str]:
    """What the command is told of a ledger."""
    return {
        "PUBLISHER_DATABASE": ledger.database.engine.url.render_as_string(hide_password=False),
        "PUBLISHER_SECRET_KEYS": KEYS.values[0],
        "PUBLISHER_BOUNCE_DOMAIN": domain,
    }


def started(ledger: Ledger, *options: str | Path, before: str = "") -> Run:
    """A run of the command in a process of its own."""
    command = ["bounces", "process", *options]
    return start(*command, cache="unused", before=before, **environment(ledger))


def run(ledger: Ledger, *options: str | Path, domain: str = BOUNCES, **others: str) -> Result:
    """A run of the command in this process."""
    command = ["bounces", "process", *map(str, options)]
    result = CliRunner().invoke(main, command, env={**environment(ledger, domain), **others})
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exc_info
    return result


def told(said: Result, status: int = 0) -> dict[str, Any]:
    """What a run has said as JSON."""
    assert status == said.exit_code, said.stderr
    assert not said.stderr
    answer: dict[str, Any] = json.loads(said.stdout)
    return answer
