"""With a real Postfix: all arrive, greylisting is waited out, and its log decides what is cut."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from publisher.delivery.sending.relay import TimeOuts
from publisher.delivery.sending.resolve import reconcile
from publisher.delivery.sending.team import send
from publisher.delivery.store.database import Database
from tests.delivery.sending.campaigns import campaign, job, readers, rows, states
from tests.runs import until
from tests.servers.postfix import Postfix


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)  # one is enough
def test_a_thousand_messages_are_a_thousand_in_the_maildir(
    database: Database, database_url: str, postfix_server: Postfix, tmp_path: Path
) -> None:
    before = len(postfix_server.mails())
    sent = campaign(database, readers(1000))
    patient = job(database_url, sent, postfix_server.port, tmp_path)
    patient = replace(patient, relay=replace(patient.relay, times=TimeOuts()))
    ended = send(patient, 2)
    assert {"sent": 1000} == ended.counts
    assert "done" == ended.state
    until(lambda: len(postfix_server.mails()) >= before + 1000)
    wanted = {row.message_id: row.address for row in rows(database, sent).values()}
    found = [headers(mail) for mail in postfix_server.mails()]
    arrived = [(each["message-id"], each["delivered-to"]) for each in found]
    assert sorted(wanted.items()) == sorted(each for each in arrived if each[0] in wanted)


def headers(mail: Path) -> dict[str, str]:
    """Some of a mail's headers, in lower case, with < > taken off."""
    lines = mail.read_text("utf-8").partition("\n\n")[0].splitlines()
    pairs = (line.partition(": ")[::2] for line in lines if not line[0].isspace())
    return {name.lower(): value.strip("<>") for name, value in pairs}


def test_greylisted_full_and_refused(
    database: Database, database_url: str, postfix_server: Postfix, tmp_path: Path
) -> None:
    wanted = {
        "grey-rcpt.1@inbox.example": ("deferred", "asked-to-wait", 450, "4.2.0"),
        "full-rcpt.1@inbox.example": ("deferred", "asked-to-wait", 452, "4.2.2"),
        "hard-rcpt.1@inbox.example": ("failed", "dead-address", 550, "5.1.1"),
        "policy-rcpt.1@inbox.example": ("failed", "sender-fault", 550, "5.7.1"),
        "ada@inbox.example": ("sent", "", 250, "2.0.0"),
    }
    sent = campaign(database, list(wanted))
    work = job(database_url, sent, postfix_server.port, tmp_path)
    send(replace(work, pace=replace(work.pace, backoff=(300,))))
    found = rows(database, sent).items()
    assert wanted == {
        address: (row.state, row.cause, row.code, row.enhanced) for address, row in found
    }


Limit = Callable[[bytes], int | None]
"""Of all that a client has said, how much reaches the server before both are cut; None: go on."""


def after_the_dot(said: bytes) -> int | None:
    """The whole text reaches the server."""
    return len(said) if said.endswith(b"\r\n.\r\n") else None


def within_the_text(said: bytes) -> int | None:
    """Half of the text does, and so its Message-ID."""
    text = said.partition(b"DATA\r\n")[2]
    return len(said) - len(text) // 2 if text else None


def before_the_text(said: bytes) -> int | None:
    """Nothing of the text does."""
    text = said.partition(b"DATA\r\n")[2]
    return len(said) - len(text) if text else None


@contextmanager
def cutting(port: int, limit: Limit) -> Iterator[int]:
    """The port of a go-between to a server, for one connection."""
    listening = socket.create_server(("127.0.0.1", 0))

    def carry() -> None:
        client = listening.accept()[0]
        with client, socket.create_connection(("127.0.0.1", port)) as server:
            answers = threading.Thread(target=pump, args=(server, client))
            answers.start()
            said, passed, end = b"", 0, None
            while end is None and (part := client.recv(65536)):
                said += part
                end = limit(said)
                if end is not None:
                    client.shutdown(socket.SHUT_RDWR)
                server.sendall(said[passed:end])
                passed = len(said)
            server.shutdown(socket.SHUT_WR)
            answers.join()

    def pump(source: socket.socket, target: socket.socket) -> None:
        while part := source.recv(65536):
            with suppress(OSError):  # it was cut
                target.sendall(part)

    carrying = threading.Thread(target=carry)
    carrying.start()
    try:
        yield int(listening.getsockname()[1])
    finally:
        carrying.join()
        listening.close()


@pytest.mark.parametrize("limit", [after_the_dot, within_the_text])
def test_the_log_decides_what_was_cut(
    database: Database,
    database_url: str,
    postfix_server: Postfix,
    tmp_path: Path,
    limit: Limit,
) -> None:
    """Cut after the dot, it was accepted; cut in the text, it was not, and is sent again."""
    sent = campaign(database, ["cut@inbox.example"])
    message_id = rows(database, sent)["cut@inbox.example"].message_id
    with cutting(postfix_server.port, limit) as port:
        assert {"unknown": 1} == send(job(database_url, sent, port, tmp_path)).counts
    taken = limit is after_the_dot

    def decided() -> bool:
        with database.writing() as connection:
            return not reconcile(connection, sent, [postfix_server.log]).unknown

    until(decided)
    assert {"sent" if taken else "ready": 1} == states(database, sent)
    direct = job(database_url, sent, postfix_server.port, tmp_path)
    assert {"sent": 1} == send(direct).counts
    until(lambda: arrived(postfix_server, message_id))
    assert 1 == arrived(postfix_server, message_id)


def arrived(server: Postfix, message_id: str) -> int:
    """How many times a message is in the Maildir."""
    return sum(headers(mail)["message-id"] == message_id for mail in server.mails())


def test_a_message_that_never_came_is_sent_again_when_the_log_goes_on(
    database: Database, database_url: str, postfix_server: Postfix, tmp_path: Path
) -> None:
    """But a log that ends too early, or begins too late, proves nothing."""
    sent = campaign(database, ["lost@inbox.example"])
    with cutting(postfix_server.port, before_the_text) as port:
        assert {"unknown": 1} == send(job(database_url, sent, port, tmp_path)).counts
    late = tmp_path / "late.log"
    late.write_text("2999-01-01T00:00:00+00:00 mx postfix/smtpd[1]: disconnect from x\n")
    with database.writing() as connection:
        log = [postfix_server.log]
        assert 1 == reconcile(connection, sent, log).unknown
        assert 1 == reconcile(connection, sent, [late]).unknown
        assert 1 == reconcile(connection, sent, log, timedelta(days=-1)).resend
    assert {"ready": 1} == states(database, sent)
