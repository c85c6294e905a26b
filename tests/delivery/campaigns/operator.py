"""An operator who types commands, and readers who open their mail."""

import re
import secrets
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import httpx

from tests.delivery.web.serving import hidden, values
from tests.runs import SMALL, assert_well, ended, start
from tests.servers.folders import free_port

LINK = re.compile(r"http://127\.0\.0\.1:\d+/d/\S+")


@dataclass
class Operator:
    """Somebody with a database, folders and settings of their own."""

    folder: Path
    database: str
    cache: Path
    smtp: int | None = None
    settings: dict[str, str] = field(default_factory=dict)
    web: int = field(default_factory=free_port)
    tag: str = field(default_factory=lambda: secrets.token_hex(4))

    @property
    def files(self) -> Path:
        return self.folder / "files"

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self.web}"

    @property
    def environment(self) -> dict[str, str]:
        given = {
            "PUBLISHER_DATABASE": self.database, "PUBLISHER_GUIDES": str(SMALL),
            "PUBLISHER_FILES": str(self.files), "PUBLISHER_BASE_URL": self.base_url,
            "PUBLISHER_JOURNAL": str(self.folder / "journal"),
            "PUBLISHER_SECRET_KEYS": "a-secret-key-for-these-tests",
            "PUBLISHER_SENDER": "Career guides <letters@guides.example>",
        }  # fmt: skip
        if self.smtp:
            given["PUBLISHER_SMTP"] = f"smtp://127.0.0.1:{self.smtp}"
        return given | self.settings

    def begin(self, *arguments: str | Path, before: str = "") -> "subprocess.Popen[str]":
        """A command that runs; `before` is Python run first."""
        return start(*arguments, cache=self.cache, before=before, **self.environment)

    def types(self, *arguments: str | Path, status: int = 0) -> str:
        """A command that ends with `status` and without a traceback; what it printed."""
        said = ended(self.begin(*arguments))
        assert_well(said, status)
        return said.stdout if status == 0 else said.stdout + said.stderr

    def address(self, name: str) -> str:
        """The address of somebody, in no other test's Maildir."""
        return f"{name.lower()}.{self.tag}@inbox.example"

    def subscribes(self, *people: tuple[str, int, str], confirmed: bool = True) -> None:
        """Import people with a name, hours a week and a start."""
        lines = ["name,email,background,hours_per_week,start,consent_time,consent_source"]
        lines += [
            f"{name},{self.address(name)},surveyor,{hours},{first},2026-11-01T10:00:00Z,web form"
            for name, hours, first in people
        ]
        file = self.folder / f"people-{secrets.token_hex(4)}.csv"
        file.write_text("\n".join(lines), "utf-8")
        self.types("subscribers", "import", file, *["--confirmed"] * confirmed)

    @contextmanager
    def serves(self) -> Iterator[httpx.Client]:
        """`publisher serve` until the block ends, and a client that follows no redirects."""
        run = self.begin("serve", "--port", str(self.web))
        try:
            assert run.stdout
            assert any("serving at" in line for line in run.stdout)  # behind a word on the site
            with httpx.Client(base_url=self.base_url, timeout=60) as client:
                yield client
        finally:
            run.send_signal(signal.SIGTERM)
            run.communicate(timeout=60)


@dataclass(frozen=True)
class Mail:
    """A mail as it lies in a Maildir."""

    wire: bytes

    @property
    def message(self) -> EmailMessage:
        found = message_from_bytes(self.wire, policy=policy.default)
        assert isinstance(found, EmailMessage)
        return found

    @property
    def to(self) -> str:
        return str(self.message["Delivered-To"])

    @property
    def text(self) -> str:
        part = self.message.get_body(("plain",))
        assert isinstance(part, EmailMessage)
        return str(part.get_content())

    @property
    def link(self) -> str:
        """What it is about."""
        (found,) = set(LINK.findall(self.text))
        return found

    @property
    def unsubscribe(self) -> str:
        return str(self.message["List-Unsubscribe"]).strip("<>")


def mails(maildir: Path, tag: str) -> list[Mail]:
    """The mails that have come to the people of one test, by recipient."""
    found = (Mail(path.read_bytes().replace(b"\n", b"\r\n")) for path in maildir.glob("new/*"))
    mine = [each for each in found if f".{tag}@".encode() in each.wire]
    return sorted(mine, key=lambda each: each.to)


def download(client: httpx.Client, link: str) -> dict[str, bytes]:
    """What a reader gets who opens a link and presses each button: file name to content."""
    page = client.get(link)
    assert page.status_code == 200, page.text
    found: dict[str, bytes] = {}
    for file in values(page.text, "file"):
        form: dict[str, Any] = {"form": hidden(page.text), "file": file}
        answer = client.post(link, data=form)
        assert answer.status_code == 303, answer.text
        sent = client.get(answer.headers["location"])
        assert sent.status_code == 200
        name = sent.headers["content-disposition"]
        found[name] = sent.content
    return found
