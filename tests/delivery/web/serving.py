"""Servers of the web part, and what a reader may open there."""

import hashlib
import json
import re
import secrets
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
from sqlalchemy import insert, select

from publisher.delivery.links import Links
from publisher.delivery.store.database import Database, now
from publisher.delivery.store.states import CampaignState, DeliveryState, SubscriberState
from publisher.delivery.store.tables import (
    ARTIFACT,
    CAMPAIGN,
    DELIVERY,
    EVENT,
    GRANT,
    METADATA,
    SUBSCRIBER,
)
from tests.conftest import ROOT
from tests.delivery.web.program import Config
from tests.runs import until

KEYS = "a-key-for-tests-only, an-older-key-for-tests"

ONE_CLICK = {"List-Unsubscribe": "One-Click"}

CLOCK = datetime(2026, 11, 1, tzinfo=UTC)


@dataclass
class Ledger:
    """A database with one campaign, and its folder of files."""

    database: Database
    files: Path
    campaign: int = 0

    def __post_init__(self) -> None:
        row = {
            "name": secrets.token_hex(8), "edition": "guide", "career": "gardener",
            "list": "guides", "segment": {}, "state": CampaignState.SENDING,
            "edition_date": date(2026, 11, 1), "created_at": CLOCK,
        }  # fmt: skip
        self.campaign = self._insert(CAMPAIGN, row)

    def delivery(self) -> tuple[int, str]:
        """The number and the token of a new one, to a new subscriber."""
        token = secrets.token_urlsafe(12)
        address = f"ada-{token}@example.org"
        person = {
            "address": address, "address_key": address, "name": "Ada Lovelace", "answers": {},
            "state": SubscriberState.PENDING, "token": token, "created_at": CLOCK,
        }  # fmt: skip
        row = {
            "campaign_id": self.campaign, "subscriber_id": self._insert(SUBSCRIBER, person),
            "address": address, "address_key": address, "address_hash": token,
            "domain": "example.org", "state": DeliveryState.SENT, "changed_at": CLOCK,
            "message_id": f"{token}@guides.example", "token": token,
        }  # fmt: skip
        return self._insert(DELIVERY, row), token

    def file(
        self, content: bytes, delivery: int | None, name: str = "guide.pdf", **values: Any
    ) -> int:
        """The number of an artifact of a delivery; with None of the campaign."""
        path = f"{secrets.token_hex(8)}.pdf"
        (self.files / path).write_bytes(content)
        row = {
            "delivery_id": delivery, "campaign_id": self.campaign, "path": path, "filename": name,
            "media_type": "application/pdf", "size": len(content),
            "sha256": hashlib.sha256(content).hexdigest(),
        }  # fmt: skip
        return self._insert(ARTIFACT, {**row, **values})

    def grant(self, delivery: int | None, **values: Any) -> str:
        """The identifier of a grant that is good for a day and for ten downloads."""
        identifier, moment = secrets.token_urlsafe(8), self.now()
        row = {
            "id": identifier, "delivery_id": delivery, "expires_at": moment + timedelta(days=1),
            "max_downloads": 10, "created_at": moment,
        }  # fmt: skip
        with self.database.writing() as connection:
            connection.execute(insert(GRANT).values({**row, **values}))
        return identifier

    def granted(self, content: bytes = b"%PDF-1.7 a guide", **values: Any) -> str:
        """The identifier of a grant for one new file of a new delivery."""
        number, _ = self.delivery()
        self.file(content, number)
        return self.grant(number, **values)

    def now(self) -> datetime:
        """The moment of the database."""
        with self.database.reading() as connection:
            return now(connection)

    def events(self, kind: str, grant: str) -> list[Any]:
        """The events of a kind and a grant, oldest first."""
        with self.database.reading() as connection:
            query = select(EVENT).where(EVENT.c.kind == kind).order_by(EVENT.c.id)
            rows = list(connection.execute(query))
        return [row for row in rows if row.detail["grant"] == grant]

    def downloads(self, grant: str) -> int:
        """How often a grant has been used up by one."""
        with self.database.reading() as connection:
            query = select(GRANT.c.downloads).where(GRANT.c.id == grant)
            found: int = connection.execute(query).scalar_one()
        return found

    def everything(self, *but: Any) -> str:
        """All rows of all tables (`but` some), so that a test sees any change."""
        with self.database.reading() as connection:
            rows = {
                table.name: [list(map(str, row)) for row in connection.execute(select(table))]
                for table in METADATA.sorted_tables
                if table not in but
            }
        return json.dumps(rows)

    def subscriber(self, delivery: int) -> int:
        """The subscriber of a delivery."""
        with self.database.reading() as connection:
            query = select(DELIVERY.c.subscriber_id).where(DELIVERY.c.id == delivery)
            found: int = connection.execute(query).scalar_one()
        return found

    def change(self, statement: Any) -> None:
        """Change something behind the server's back."""
        with self.database.writing() as connection:
            connection.execute(statement)

    def _insert(self, table: Any, row: dict[str, Any]) -> int:
        with self.database.writing() as connection:
            made = connection.execute(insert(table).values(row))
            assert made.inserted_primary_key
            number: int = made.inserted_primary_key[0]
        return number


@dataclass
class Web:
    """A server that runs, and a client for it that follows no redirects."""

    process: "subprocess.Popen[str]"
    address: str
    links: Links
    log: Path
    client: httpx.Client = field(init=False)

    def __post_init__(self) -> None:
        self.client = httpx.Client(base_url=self.address, timeout=60)

    def path(self, link: str) -> str:
        """The path of a link of ours."""
        return httpx.URL(link).path

    def page(self, grant: str) -> str:
        return self.path(self.links.download(grant))

    def open(self, grant: str, number: int = 0) -> str:
        """Press a button of the page, and give the address of the file."""
        page = self.client.get(self.page(grant))
        assert page.status_code == 200, page.text
        form = {"form": hidden(page.text), "file": values(page.text, "file")[number]}
        answer = self.client.post(self.page(grant), data=form)
        assert answer.status_code == 303, answer.text
        return answer.headers["location"]

    def ask(self, paths: Sequence[str]) -> list[int]:
        """The statuses of many GETs on one connection, without waiting for each."""
        found: list[int] = []
        host, port = self.address.removeprefix("http://").split(":")
        with socket.create_connection((host, int(port))) as connection:
            for first in range(0, len(paths), 250):
                some = paths[first : first + 250]
                lines = [f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n" for path in some]
                connection.sendall("".join(lines).encode())
                got = b""
                while got.count(b"</html>") < len(some):
                    more = connection.recv(1 << 20)
                    assert more, "the server has closed the connection"
                    got += more
                found += [int(each) for each in re.findall(rb"HTTP/1.1 (\d+)", got)]
        return found

    def memory(self) -> int:
        """Resident bytes of the server's process."""
        status = Path(f"/proc/{self.process.pid}/status").read_text("ascii")
        (line,) = (line for line in status.splitlines() if line.startswith("VmRSS:"))
        return int(line.split()[1]) * 1024

    def lines(self) -> list[dict[str, Any]]:
        """What it has logged."""
        return [json.loads(line) for line in self.log.read_text("utf-8").splitlines()]

    def stop(self) -> int:
        """Ask it to end, and give its exit status."""
        self.client.close()
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(60)


@contextmanager
def served(config: Config, folder: Path) -> Iterator[Web]:
    """A server until the block ends."""
    log = folder / f"log-{secrets.token_hex(4)}"
    with log.open("wb") as stream:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.delivery.web.program", config.json],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=stream,
            encoding="utf-8", cwd=ROOT,
        )  # fmt: skip
    assert process.stdout
    port = process.stdout.readline().strip()
    assert port, log.read_text("utf-8")
    web = Web(process, f"http://127.0.0.1:{port}", config.links, log)
    try:
        until(lambda: _answers(web), process)
        yield web
    finally:
        web.client.close()
        process.stdout.close()
        if process.poll() is None:
            process.kill()
            process.wait()


def _answers(web: Web) -> bool:
    try:
        return web.client.get("/healthz").status_code == 200
    except httpx.TransportError:
        return False


def hidden(page: str) -> str:
    """The seal of the form in a page."""
    return values(page, "form")[0]


def values(page: str, name: str) -> list[str]:
    """The values of all fields with a name in a page."""
    return [part.split('"')[0] for part in page.split(f'name="{name}" value="')[1:]]
