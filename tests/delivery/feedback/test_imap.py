"""A mailbox on a real Dovecot is worked through as a Maildir is."""

import imaplib
import shutil
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from publisher.delivery.feedback.mailboxes.imap import Account, opened
from publisher.delivery.feedback.mailboxes.mailbox import MailboxError
from publisher.delivery.feedback.processing import process
from tests.delivery.feedback.boxes import maildir, run, told
from tests.delivery.feedback.ledger import OURS, Ledger
from tests.delivery.feedback.mails import bounce, complaint
from tests.servers.dovecot import PASSWORD, Dovecot, dovecot
from tests.servers.folders import free_port, served_folder

PERSONAL = b"From: ada@there.example\nSubject: Thanks\n\nHow kind.\n"

ACCESS = {"PUBLISHER_BOUNCE_PASSWORD": PASSWORD}


@pytest.fixture(scope="module")
def server() -> Iterator[Dovecot]:
    """A server without mails, which also speaks TLS with a certificate that nobody knows."""
    with served_folder("nobody") as mail:
        mail.chmod(0o755)
        with dovecot(mail, tls=True) as started:
            yield started


@pytest.fixture
def user() -> str:
    """A user who has no mailbox yet."""
    return f"u{uuid4().hex}"


def fill(server: Dovecot, user: str, *mails: bytes, folder: str = "") -> None:
    path = server.mail / user / folder if folder else server.mail / user
    maildir(path, mails)
    for each in (server.mail / user, *(server.mail / user).rglob("*")):
        shutil.chown(each, "nobody", "nogroup")


def flags(server: Dovecot, user: str) -> list[bytes]:
    """The flags of all mails of a mailbox."""
    with imaplib.IMAP4("127.0.0.1", server.port) as connection:
        connection.login(user, PASSWORD)
        connection.select("INBOX", readonly=True)
        _, found = connection.fetch("1:*", "(FLAGS)")
        return [
            b" ".join(each for each in imaplib.ParseFlags(line) if each != rb"\Recent")
            for line in found
        ]


def test_b34_what_is_counted_is_seen_and_nothing_else(
    ledger: Ledger, server: Dovecot, user: str
) -> None:
    gone, angry = ledger.deliveries(ledger.campaign(), 2)
    fill(server, user, bounce(gone), PERSONAL, complaint(message_id=angry.message_id))
    options = ("--imap", server.url(user), "--format", "json")
    said = told(run(ledger, *options, **ACCESS))
    assert said["counts"] == {"complaint": 1, "dead-address": 1, "other": 1}
    (left,) = said["left"]
    assert left["place"] == f"127.0.0.1:{server.port} INBOX UID 2"
    assert flags(server, user) == [rb"\Seen", b"", rb"\Seen"]
    assert told(run(ledger, *options, **ACCESS))["counts"] == {"other": 1}
    assert flags(server, user) == [rb"\Seen", b"", rb"\Seen"]


def test_b34_a_connection_that_is_cut_before_the_mark_counts_once(
    ledger: Ledger, server: Dovecot, user: str
) -> None:
    delivery = ledger.sent()
    fill(server, user, bounce(delivery, "5.2.2"))
    account = Account.of(server.url(user), PASSWORD)
    with opened(account) as mailbox:
        cut_before_the_mark(mailbox.connection)
        with pytest.raises(MailboxError):
            process(ledger.database, mailbox, OURS)
    assert flags(server, user) == [b""]
    assert len(ledger.inbound()) == 1
    with opened(account) as mailbox:
        assert process(ledger.database, mailbox, OURS).counts == {"known": 1}
    assert flags(server, user) == [rb"\Seen"]
    assert ledger.events(delivery) == ["delivery-bounced"]


def cut_before_the_mark(connection: imaplib.IMAP4) -> None:
    ask = connection.uid

    def ask_or_cut(command: str, *arguments: str) -> "tuple[str, list[bytes]]":
        if command == "STORE":
            connection.shutdown()
        return ask(command, *arguments)

    connection.uid = ask_or_cut  # type: ignore[method-assign]


def test_a_mail_that_came_by_imap_is_known_in_the_maildir(
    ledger: Ledger, server: Dovecot, user: str, tmp_path: Path
) -> None:
    mail = bounce(ledger.sent())
    fill(server, user, mail, mail.replace(b"\n", b"\r\n"))
    said = told(run(ledger, "--imap", server.url(user), "--format", "json", **ACCESS))
    assert said["counts"] == {"dead-address": 1, "known": 1}
    folder = maildir(tmp_path / "mail", [mail])
    assert told(run(ledger, "--maildir", folder, "--format", "json"))["counts"] == {"known": 1}


def test_a_large_mail_is_not_fetched_whole(ledger: Ledger, server: Dovecot, user: str) -> None:
    delivery = ledger.sent()
    fill(server, user, bounce(delivery) + b"x" * 5_000_000)
    with opened(Account.of(server.url(user), PASSWORD)) as mailbox:
        (mail,) = mailbox.unread()
        assert len(mail.content) < 500_000
        assert process(ledger.database, mailbox, OURS).counts == {"dead-address": 1}


def test_the_folder_of_a_url_may_have_any_name(ledger: Ledger, server: Dovecot, user: str) -> None:
    fill(server, user)
    fill(server, user, bounce(ledger.sent()), folder='.My "back" mail\\')
    url = server.url(user, "My%20%22back%22%20mail%5C")
    assert told(run(ledger, "--imap", url, "--format", "json", **ACCESS))["mails"] == 1


def test_the_password_may_stand_in_a_file(
    ledger: Ledger, server: Dovecot, user: str, tmp_path: Path
) -> None:
    fill(server, user)
    file = tmp_path / "password"
    file.write_text(f"{PASSWORD}\n", "ascii")
    said = run(ledger, "--imap", server.url(user), PUBLISHER_BOUNCE_PASSWORD_FILE=str(file))
    assert (said.exit_code, said.stdout) == (0, "0 mails\n")
    file.unlink()
    said = run(ledger, "--imap", server.url(user), PUBLISHER_BOUNCE_PASSWORD_FILE=str(file))
    assert said.exit_code == 2
    assert "PUBLISHER_BOUNCE_PASSWORD_FILE, cannot be read" in said.stderr


def test_a_wrong_password_or_folder_is_told_without_the_password(
    ledger: Ledger, server: Dovecot, user: str
) -> None:
    fill(server, user)
    wrong = {"PUBLISHER_BOUNCE_PASSWORD": "not-the-password"}
    said = run(ledger, "--imap", server.url(user), **wrong)
    assert said.exit_code == 1
    assert "Authentication failed" in said.stderr
    assert "not-the-password" not in said.output
    said = run(ledger, "--imap", server.url(user, "nothing"), **ACCESS)
    assert said.exit_code == 1
    assert f"127.0.0.1:{server.port} nothing: " in said.stderr
    assert len(said.stderr.splitlines()) == 1


def test_a_server_that_is_not_there_is_told(ledger: Ledger) -> None:
    port = free_port()
    said = run(ledger, "--imap", f"imap://ada@127.0.0.1:{port}/", **ACCESS)
    assert said.exit_code == 1
    assert said.stderr == f"Error: 127.0.0.1:{port} INBOX: Connection refused\n"


def test_a_certificate_that_nobody_knows_is_refused_and_one_that_is_known_is_not(
    ledger: Ledger, server: Dovecot, user: str
) -> None:
    fill(server, user)
    url = f"imaps://{user}@127.0.0.1:{server.tls_port}/"
    said = run(ledger, "--imap", url, **ACCESS)
    assert said.exit_code == 1
    assert "its certificate is not to be trusted" in said.stderr
    said = run(ledger, "--imap", url, **ACCESS, SSL_CERT_FILE=str(server.base / "cert.pem"))
    assert said.exit_code == 0, said.stderr


def test_a_password_is_never_sent_in_the_clear_over_a_network(
    ledger: Ledger, server: Dovecot, user: str
) -> None:
    # 0.0.0.0 leads to this machine, but is no address that says so.
    url = f"imap://{user}@0.0.0.0:{server.port}/"
    said = run(ledger, "--imap", url, **ACCESS)
    assert said.exit_code == 1
    assert "certificate" in said.stderr, "it asks for TLS first"


WRONG = [
    "imaps://ada:secret@there.example/",
    "imaps://there.example/",
    "smtp://ada@there.example/",
    "imaps://ada@/",
    "imaps://ada@there.example:port/",
    "imaps://ada@[::1/",
    "imaps://ada@there.example/a%0D%0AA1%20LOGOUT",
    "imaps://a%00da@there.example/",
    "imaps://ada@there.example/caf%C3%A9",
]


@pytest.mark.parametrize("url", WRONG)
def test_a_wrong_address_is_told_and_nothing_of_it_shown(url: str) -> None:
    with pytest.raises(ValueError, match=r"IMAP|password|ASCII") as told:
        Account.of(url, PASSWORD)
    assert not {"secret", "ada", PASSWORD} & set(str(told.value).replace(":", " ").split())


def test_an_account_does_not_show_its_password() -> None:
    account = Account.of("imaps://ada@there.example", PASSWORD)
    assert PASSWORD not in f"{account!r} {account}"
    assert (account.port, account.mailbox, account.encrypted) == (993, "INBOX", True)
    with pytest.raises(ValueError, match="password is missing"):
        Account.of("imaps://ada@there.example", None)
