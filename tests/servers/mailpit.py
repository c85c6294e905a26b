"""Mailpit: a mail server that keeps what it is sent, and judges its HTML."""

import json
import smtplib
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.request import urlopen

from publisher.delivery.letter import Message
from tests.runs import until
from tests.servers.folders import answers, free_port
from tests.validators.programs import program

VERSION = "v1.27.11"


@dataclass(frozen=True, slots=True)
class Mailpit:
    """A running Mailpit on loopback."""

    smtp: int
    web: int

    def take(self, message: Message) -> str:
        """Send it a message; the id under which it is kept."""
        with smtplib.SMTP("127.0.0.1", self.smtp) as client:
            client.sendmail(message.sender, [message.recipient], message.wire)
        newest = self._get("messages?limit=1")["messages"][0]
        identifier: str = newest["ID"]
        return identifier

    def html_check(self, identifier: str) -> tuple[float, dict[str, float]]:
        """The share of mail programs that support the HTML, in per cent; and rule by rule."""
        found = self._get(f"message/{identifier}/html-check")
        rules = {each["Slug"]: each["Score"]["Supported"] for each in found["Warnings"]}
        return found["Total"]["Supported"], rules

    def broken_links(self, identifier: str) -> list[str]:
        """Links that do not answer with a page, of the text and of the HTML."""
        found = self._get(f"message/{identifier}/link-check")
        return [each["URL"] for each in found["Links"] or [] if each["StatusCode"] != 200]

    def _get(self, path: str) -> Any:
        with urlopen(f"http://127.0.0.1:{self.web}/api/v1/{path}") as answer:  # ours
            return json.load(answer)


@contextmanager
def mailpit() -> Iterator[Mailpit]:
    """Mailpit, until the block ends. A test is skipped, or fails, where there is none."""
    hint = f"go install github.com/axllent/mailpit@{VERSION}"
    server = Mailpit(free_port(), free_port())
    with TemporaryDirectory() as folder:
        process = subprocess.Popen(
            [
                program("mailpit", hint=hint),
                "--smtp", f"127.0.0.1:{server.smtp}", "--listen", f"127.0.0.1:{server.web}",
                "--database", Path(folder) / "messages", "--disable-version-check", "--quiet",
            ],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )  # fmt: skip
        try:
            until(lambda: answers(server.smtp) and answers(server.web))
            yield server
        finally:
            process.terminate()
            process.wait()
