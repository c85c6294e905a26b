"""Reads from Postfix's log which messages came into its queue.

`cleanup` logs the Message-ID as soon as it has read it, be the message taken or not; only when
`qmgr` logs the same queue id as active is the message Postfix's.
"""

import gzip
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO

LINE = re.compile(
    r"(?P<at>\d{4}-\d\d-\d\dT\S+|[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d) \S+ "
    r"\S*?(?P<program>smtpd|cleanup|qmgr)\[(?P<process>\d+)\]: (?P<said>.*)"
)
QUEUE_ID = re.compile(r"([0-9A-Za-z]+): (.*)")
MESSAGE_ID = re.compile(r"message-id=<?([^>]*)>?")
BROKEN_OFF = re.compile(r"(lost connection|timeout) after DATA\b")
"""Within the text. "After END-OF-MESSAGE" it may be taken, though `qmgr` has not said so yet."""


@dataclass(slots=True)
class Log:
    """What logs say on some Message-IDs; `first` and `last` are what they reach from and to."""

    first: datetime | None = None
    last: datetime | None = None
    seen: set[str] = field(default_factory=set)
    queued: dict[str, str] = field(default_factory=dict)
    """Message-ID to the queue id under which Postfix has taken it."""
    broken_off: set[str] = field(default_factory=set)
    """Those whose connection ended before they were taken."""


def read_logs(paths: Iterable[Path], wanted: set[str], moment: datetime) -> Log:
    """What logs say on the Message-IDs `wanted`, none of which is kept in memory for others.

    Old lines without a year are of the last twelve months before `moment`, in the time zone of
    this machine. A file may be compressed (.gz). Raises `OSError`, and `ValueError` if no line of
    the files is Postfix's.
    """
    reader = _Reader(wanted, moment)
    for path in paths:
        with _opened(path) as stream:
            for line in stream:
                reader.read(line)
    if reader.log.first is None:
        raise ValueError("no line is of a Postfix log (/var/log/mail.log, say)")
    return reader.log


@dataclass(slots=True)
class _Reader:
    wanted: set[str]
    moment: datetime
    log: Log = field(default_factory=Log)
    clients: dict[str, str] = field(default_factory=dict)
    """smtpd process to the queue id of the message that it is receiving."""
    under_way: dict[str, str] = field(default_factory=dict)
    """Queue id to the wanted Message-ID."""
    cut: set[str] = field(default_factory=set)
    """Queue ids whose text was broken off; `cleanup` may log their Message-ID only after that."""

    def read(self, line: str) -> None:
        """Take note of one line."""
        found = LINE.match(line)
        if not found:
            return
        at = self._moment(found["at"])
        self.log.first = min(self.log.first or at, at)
        self.log.last = max(self.log.last or at, at)
        queued = QUEUE_ID.match(found["said"])
        queue_id, said = (queued[1], queued[2]) if queued else ("", found["said"])
        match found["program"]:
            case "smtpd":
                self._smtpd(found["process"], queue_id, said)
            case "cleanup":
                self._cleanup(queue_id, said)
            case "qmgr" if "(queue active)" in said and queue_id in self.under_way:
                message_id = self.under_way.pop(queue_id)
                self.log.queued[message_id] = queue_id
                self.log.broken_off.discard(message_id)

    def _smtpd(self, process: str, queue_id: str, said: str) -> None:
        if queue_id and said.startswith("client="):
            self.clients[process] = queue_id
            self.cut.discard(queue_id)  # Postfix uses them again
        elif BROKEN_OFF.match(said) and process in self.clients:
            queue_id = self.clients.pop(process)
            self.cut.add(queue_id)
            self._note_cut(queue_id)

    def _cleanup(self, queue_id: str, said: str) -> None:
        found = MESSAGE_ID.match(said)
        if queue_id and found and found[1] in self.wanted:
            self.log.seen.add(found[1])
            self.log.broken_off.discard(found[1])  # it came once more
            self.under_way[queue_id] = found[1]
            self._note_cut(queue_id)

    def _note_cut(self, queue_id: str) -> None:
        message_id = self.under_way.get(queue_id)
        if message_id and queue_id in self.cut and message_id not in self.log.queued:
            self.log.broken_off.add(message_id)

    def _moment(self, text: str) -> datetime:
        if text[0].isdigit():
            return datetime.fromisoformat(text)
        here = self.moment.astimezone()
        # strptime without a year takes 1900, which had no 29 February.
        at = datetime.strptime(f"{here.year} {text}", "%Y %b %d %H:%M:%S").astimezone()
        return at if at <= here + timedelta(days=1) else at.replace(year=here.year - 1)


@contextmanager
def _opened(path: Path) -> Iterator[IO[str]]:
    # What is no UTF-8 is in lines that do not matter.
    if path.suffix == ".gz":
        with gzip.open(path, "rt", encoding="utf-8", errors="replace") as stream:
            yield stream
    else:
        with path.open(encoding="utf-8", errors="replace") as stream:
            yield stream
