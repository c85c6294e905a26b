"""A mailbox on an IMAP server (RFC 3501): what is read is marked as seen, and nothing else."""

import imaplib
import ipaddress
import re
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote, urlsplit

from publisher.delivery.feedback.mailboxes.mailbox import Mail, MailboxError
from publisher.delivery.feedback.parts import LONGEST_READ

PORTS = {"imap": 143, "imaps": 993}

PATIENCE = 60.0
"""Seconds for which a server may be silent."""

AT_ONCE = 10_000
"""Mails that one search covers, so that its answer stays one line of bounded length."""

UID = re.compile(rb"\bUID (\d+)")

FORM = "write imaps://USER@HOST/MAILBOX (or imap://, with :PORT)"


@dataclass(frozen=True, slots=True)
class Account:
    """Where a mailbox is and who reads it. The password is never shown."""

    host: str
    port: int
    user: str
    mailbox: str
    encrypted: bool
    password: str = field(repr=False)

    @classmethod
    def of(cls, url: str, password: str | None) -> "Account":
        """The account of a URL. Raises `ValueError`, which shows neither password nor user."""
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError as error:
            raise ValueError(f"this is no IMAP address; {FORM}") from error
        if parts.scheme not in PORTS or not parts.hostname or not parts.username:
            raise ValueError(f"this is no IMAP address; {FORM}")
        if parts.password is not None:
            raise ValueError("an address holds no password; give it as PUBLISHER_BOUNCE_PASSWORD")
        if not password:
            raise ValueError("the password is missing; give it as PUBLISHER_BOUNCE_PASSWORD")
        user, mailbox = unquote(parts.username), unquote(parts.path.strip("/")) or "INBOX"
        for name, text in (("user", user), ("mailbox", mailbox), ("password", password)):
            if not (text.isascii() and text.isprintable()):
                raise ValueError(f"the {name} has characters other than visible ASCII")
        port = port or PORTS[parts.scheme]
        return cls(parts.hostname, port, user, mailbox, parts.scheme == "imaps", password)

    def __str__(self) -> str:
        return f"{self.host}:{self.port} {self.mailbox}"

    @property
    def is_near(self) -> bool:
        """Whether it is on this machine, where nobody listens on the way."""
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return self.host == "localhost"


@contextmanager
def opened(account: Account) -> Iterator["ImapMailbox"]:
    """A mailbox for as long as the block. Raises `MailboxError`."""
    with _told(account):
        connection = _connected(account)
    try:
        with _told(account):
            connection.login(account.user, account.password)
            count = _answer(connection.select(_quoted(account.mailbox)))
        yield ImapMailbox(account, connection, int(count[0] or 0))
    finally:
        with _quietly():
            connection.logout()


@dataclass(frozen=True, slots=True)
class ImapMailbox:
    """A selected mailbox with `count` mails."""

    account: Account
    connection: imaplib.IMAP4
    count: int

    def unread(self) -> Iterator[Mail]:
        """The mails that are not seen, and are not seen afterwards either."""
        for first in range(1, self.count + 1, AT_ONCE):
            last = min(first + AT_ONCE - 1, self.count)
            with _told(self.account):
                found = _answer(self.connection.uid("SEARCH", f"{first}:{last} UNSEEN UNDELETED"))
            for uid in b" ".join(found).split():
                yield from self._fetched(uid)

    def mark(self, mail: Mail) -> None:
        """Mark a mail as seen."""
        with _told(self.account):
            _answer(self.connection.uid("STORE", mail.key, "+FLAGS.SILENT", r"(\Seen)"))

    def _fetched(self, uid: bytes) -> Iterator[Mail]:
        """The mail with a UID, unless somebody has removed it meanwhile."""
        key = uid.decode("ascii")
        with _told(self.account):
            answer = _answer(
                self.connection.uid("FETCH", key, f"(UID BODY.PEEK[]<0.{LONGEST_READ}>)")
            )
        for each in answer:
            # What was asked for comes as a pair; news of other mails may come between.
            if isinstance(each, tuple) and (found := UID.search(each[0])) and found[1] == uid:
                yield Mail(f"{self.account} UID {key}", key, each[1])
                return


def _connected(account: Account) -> imaplib.IMAP4:
    context = ssl.create_default_context()
    if account.encrypted:
        return imaplib.IMAP4_SSL(account.host, account.port, ssl_context=context, timeout=PATIENCE)
    connection = imaplib.IMAP4(account.host, account.port, timeout=PATIENCE)
    if not account.is_near:
        try:
            connection.starttls(context)  # raises if the server has none: no password in the clear
        except BaseException:
            with _quietly():
                connection.shutdown()
            raise
    return connection


def _answer(said: tuple[str, list[Any]]) -> list[Any]:
    """What a server answers. Raises `imaplib.IMAP4.error` when it refuses."""
    status, content = said
    if status != "OK":
        raise imaplib.IMAP4.error("the server refuses")
    return [each for each in content if each is not None]


def _quoted(name: str) -> str:
    escaped = name.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


@contextmanager
def _told(account: Account) -> Iterator[None]:
    """Failures as `MailboxError`."""
    try:
        yield
    except ssl.SSLCertVerificationError as error:
        word = f"{account}: its certificate is not to be trusted: {error.verify_message}"
        raise MailboxError(word) from error
    except imaplib.IMAP4.error as error:
        said = _said(error).replace(account.user, "USER")
        raise MailboxError(f"{account}: {said or 'the server refuses'}") from error
    except OSError as error:
        raise MailboxError(f"{account}: {error.strerror or error}") from error


def _said(error: Exception) -> str:
    """The server's words: imaplib raises some as bytes."""
    said = error.args[0] if error.args else ""
    return said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)


@contextmanager
def _quietly() -> Iterator[None]:
    """What is done for politeness may fail."""
    try:
        yield
    except (imaplib.IMAP4.error, OSError):
        return
