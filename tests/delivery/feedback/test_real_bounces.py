"""Bounces that a real Postfix writes, read from its Maildir and by a real Dovecot."""

import shutil
import smtplib
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path

import pytest

from tests.delivery.feedback.boxes import run, told
from tests.delivery.feedback.ledger import Ledger
from tests.runs import until
from tests.servers.dovecot import PASSWORD, Dovecot, dovecot
from tests.servers.postfix import Postfix, postfix

DOMAIN = "guides.example"

FATES = {
    "hard": ("dead-address", "5.1.1", "dead-address"),
    "full": ("soft", "5.2.2", None),
    "soft": ("soft", "4.2.2", None),  # deferred until it expired
}
"""Domain of the recipient to the verdict, the status, and why the address is given up, if it is."""


@dataclass(frozen=True, slots=True)
class Servers:
    """A server that bounces, and one that shows what it has bounced."""

    postfix: Postfix
    dovecot: Dovecot


@pytest.fixture(scope="module")
def servers() -> Iterator[Servers]:
    """Servers of this module's own, since it empties the mailbox."""
    with postfix() as bounces, dovecot(bounces.base / "mail") as shows:
        give_up_at_once(bounces)
        yield Servers(bounces, shows)


def give_up_at_once(server: Postfix) -> None:
    """Let a server try once only, so that what is deferred bounces now and not in five days."""
    configuration = ["-c", server.base / "etc"]
    once = ["maximal_queue_lifetime = 0", "bounce_queue_lifetime = 0"]
    subprocess.run(["postconf", *configuration, "-e", *once], check=True)
    subprocess.run(["postfix", *configuration, "reload"], check=True, capture_output=True)


def send(server: Postfix, token: str, recipient: str, message_id: str) -> None:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "g@guides.example", recipient, "Your guide"
    message["Message-ID"] = f"<{message_id}>"
    message.set_content("Hello")
    with smtplib.SMTP("127.0.0.1", server.port) as connection:
        connection.send_message(message, f"b+{token}@{DOMAIN}", [recipient])


@pytest.fixture
def bounced(servers: Servers) -> Iterator[Path]:
    """The Maildir of bounces, empty."""
    folder = servers.postfix.maildir("guides")
    shutil.rmtree(folder, ignore_errors=True)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.mark.parametrize("way", ["maildir", "imap"])
def test_real_bounces_are_judged_right(
    ledger: Ledger, servers: Servers, bounced: Path, way: str
) -> None:
    campaign = ledger.campaign()
    deliveries = {fate: ledger.delivery(campaign, f"ada@{fate}.example") for fate in FATES}
    for each in deliveries.values():
        send(servers.postfix, each.token, each.address, each.message_id)
    until(lambda: len(servers.postfix.mails("guides")) == len(FATES))
    where = (
        ("--maildir", bounced) if way == "maildir" else ("--imap", servers.dovecot.url("guides"))
    )
    options = (*where, "--format", "json")
    others = {"domain": DOMAIN, "PUBLISHER_BOUNCE_PASSWORD": PASSWORD}
    assert told(run(ledger, *options, **others))["counts"] == {"dead-address": 1, "soft": 2}
    for fate, (verdict, status, suppressed) in FATES.items():
        row = ledger.row(deliveries[fate])
        assert (row.state, row.cause, row.enhanced) == ("bounced", verdict, status)
        assert suppressed == ledger.suppressed(deliveries[fate])
        assert "ada" not in row.text
    assert told(run(ledger, *options, **others))["mails"] == 0


def test_a_real_bounce_without_a_token_of_ours_is_known_by_its_message_id(
    ledger: Ledger, servers: Servers, bounced: Path
) -> None:
    delivery, other = (
        ledger.delivery(ledger.campaign(name), f"{name}@hard.example") for name in "ab"
    )
    with smtplib.SMTP("127.0.0.1", servers.postfix.port) as connection:
        text = f"Message-ID: <{delivery.message_id}>\nSubject: Your guide\n\nHello\n"
        connection.sendmail(f"plain@{DOMAIN}", [delivery.address], text)
    send(servers.postfix, "0" * 32, other.address, other.message_id)
    until(lambda: len(servers.postfix.mails("guides")) == 2)
    said = told(run(ledger, "--maildir", bounced, "--format", "json", domain=DOMAIN))
    assert said["counts"] == {"dead-address": 1, "forged": 1}
    assert [ledger.state(each) for each in (delivery, other)] == ["bounced", "sent"]
