"""The relay: its URL, its password, its TLS, and what it must not be trusted with."""

import ssl
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

from publisher.delivery.sending.relay import Relay, TimeOuts
from publisher.delivery.sending.team import Job, SendingError, send
from publisher.delivery.store.database import Database
from tests.delivery.sending.campaigns import IMPATIENT, campaign, job, readers, rows
from tests.servers.faults import FaultServer
from tests.servers.folders import free_port

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""Nothing here is about the database."""


@dataclass
class Kept:
    """A server's mails."""

    mails: list[Any]

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802  # aiosmtpd's name
        self.mails.append(envelope)
        return "250 2.0.0 Ok: queued as 1"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A certificate for localhost, signed by nobody else, and its key."""
    folder = tmp_path_factory.mktemp("certificate")
    certificate, key = folder / "cert.pem", folder / "key.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2",
         "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost",
         "-keyout", key, "-out", certificate],
        check=True, capture_output=True,
    )  # fmt: skip
    return certificate, key


def login(_server: Any, _session: Any, _envelope: Any, _mechanism: str, data: Any) -> AuthResult:
    """One user is known."""
    known = (data.login, data.password) == (b"user", b"pass:w/rd")
    return AuthResult(success=known, handled=False)  # so that the server itself answers


@pytest.fixture
def tls_server(certificate: tuple[Path, Path]) -> Iterator[tuple[Controller, Kept]]:
    """A server that asks for STARTTLS and for a login."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate)
    kept = Kept([])
    server = Controller(
        kept, hostname="127.0.0.1", port=free_port(), tls_context=context, require_starttls=True,
        authenticator=login, auth_required=True,
    )  # fmt: skip
    server.start()
    yield server, kept
    server.stop()


def at(url: str, work: Job) -> Job:
    """The job with another relay."""
    return replace(work, relay=replace(Relay.at(url), times=IMPATIENT))


def test_starttls_and_login(
    database: Database,
    database_url: str,
    tls_server: tuple[Controller, Kept],
    certificate: tuple[Path, Path],
    tmp_path: Path,
) -> None:
    server, kept = tls_server
    sent = campaign(database, readers(5))
    url = f"smtp://user:pass%3Aw%2Frd@localhost:{server.port}?ca={certificate[0]}"
    work = at(url, job(database_url, sent, 1, tmp_path))
    assert {"sent": 5} == send(work).counts
    assert 5 == len(kept.mails)


def test_a_certificate_that_nobody_vouches_for(
    database: Database,
    database_url: str,
    tls_server: tuple[Controller, Kept],
    certificate: tuple[Path, Path],
    tmp_path: Path,
) -> None:
    """Or one of another host: nothing goes out, and nothing is lost."""
    server, kept = tls_server
    sent = campaign(database, readers(3))
    url = f"smtp://user:pass%3Aw%2Frd@127.0.0.1:{server.port}?ca={certificate[0]}"
    with pytest.raises(SendingError, match="cannot prove who it is"):
        send(at(url, job(database_url, sent, 1, tmp_path)))
    assert {"ready"} == {row.state for row in rows(database, sent).values()}
    assert [] == kept.mails


def test_a_relay_without_starttls(
    database: Database,
    database_url: str,
    faults: FaultServer,
    certificate: tuple[Path, Path],
    tmp_path: Path,
) -> None:
    """Nothing is said in clear to one that must offer it."""
    sent = campaign(database, readers(3))
    url = f"smtp://localhost:{faults.port}?ca={certificate[0]}"
    with pytest.raises(SendingError, match="no STARTTLS"):
        send(at(url, job(database_url, sent, 1, tmp_path)))
    assert [] == faults.begun


def test_a_wrong_password(
    database: Database,
    database_url: str,
    tls_server: tuple[Controller, Kept],
    certificate: tuple[Path, Path],
    tmp_path: Path,
) -> None:
    """Whoever is told of it does not see it."""
    server, _ = tls_server
    sent = campaign(database, readers(3))
    url = f"smtp://user:secret-word@localhost:{server.port}?ca={certificate[0]}"
    with pytest.raises(SendingError, match="does not take the user and password") as error:
        send(at(url, job(database_url, sent, 1, tmp_path)))
    assert "secret-word" not in repr(error.value) + repr(at(url, job("", 1, 1, tmp_path)))


def test_a_relay_at_which_one_cannot_log_in(
    database: Database, database_url: str, faults: FaultServer, tmp_path: Path
) -> None:
    sent = campaign(database, readers(3))
    url = f"smtp://user:secret-word@localhost:{faults.port}"
    with pytest.raises(SendingError, match="offers no way to log in"):
        send(at(url, job(database_url, sent, 1, tmp_path)))


def test_nobody_listens(database: Database, database_url: str, tmp_path: Path) -> None:
    """The worker rests, longer each time, and leaves when that takes longer than its patience."""
    sent = campaign(database, readers(3))
    work = job(database_url, sent, free_port(), tmp_path)
    work = replace(work, pace=replace(work.pace, patience=0.3, longest_rest=60))
    ended = send(work)
    assert {"ready": 3} == ended.counts
    assert ended.next_at


def test_addresses_that_are_not_ascii(
    database: Database, database_url: str, faults: FaultServer, tmp_path: Path
) -> None:
    """They go out where the relay can (RFC 6531), and else fail alone."""
    sent = campaign(database, ["jörg@inbox.example", *readers(2)])
    assert {"sent": 3} == send(job(database_url, sent, faults.port, tmp_path)).counts
    assert "jörg@inbox.example" in faults.recipients
    faults.extensions = ("SIZE 10000000",)
    again = campaign(database, ["jörg@inbox.example", *readers(2)], name="again")
    ended = send(job(database_url, again, faults.port, tmp_path))
    assert {"sent": 2, "failed": 1} == ended.counts
    assert "5.6.7" == rows(database, again)["jörg@inbox.example"].enhanced


def test_a_message_larger_than_the_relay_takes(
    database: Database, database_url: str, faults: FaultServer, tmp_path: Path
) -> None:
    faults.extensions = ("SIZE 100",)
    sent = campaign(database, readers(1))
    assert {"failed": 1} == send(job(database_url, sent, faults.port, tmp_path)).counts
    assert {"5.3.4"} == {row.enhanced for row in rows(database, sent).values()}
    assert [] == faults.begun


def test_connections_are_made_anew(
    database: Database, database_url: str, faults: FaultServer, tmp_path: Path
) -> None:
    sent = campaign(database, readers(20))
    work = job(database_url, sent, faults.port, tmp_path)
    work = replace(work, pace=replace(work.pace, connections=1, per_connection=5))
    assert {"sent": 20} == send(work).counts
    assert 4 == faults.connections


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("http://mail.example", "no URL of a relay"),
        ("smtp://", "no URL of a relay"),
        ("smtp://user@mail.example", "needs both"),
        ("smtp://u:s3cret@mail.example:port", "is broken"),
        ("smtp://u:s3cret@mail.example:99999", "is broken"),
        ("smtp://u:s3cret@mail.example/path", "no URL of a relay"),
        ("smtp://mail.example?tls=no", "has no option"),
        ("smtp://mail.example?ca=/nowhere.pem", "there is no file"),
    ],
)
def test_urls_that_are_none(url: str, said: str, database_url: str) -> None:
    assert database_url
    with pytest.raises(ValueError, match=said) as error:
        Relay.at(url)
    assert "s3cret" not in str(error.value)


def test_what_a_url_says(database_url: str) -> None:
    """Elsewhere TLS is a must (RFC 3207); the password is in no text."""
    assert database_url
    far = Relay.at("smtp://u:s3cret@mail.example")
    assert (587, True, False) == (far.port, far.options()["start_tls"], far.options()["use_tls"])
    over_tls = Relay.at("smtps://mail.example")
    assert (465, False, True) == (
        over_tls.port, over_tls.options()["start_tls"], over_tls.options()["use_tls"],
    )  # fmt: skip
    assert not Relay.at("smtp://127.0.0.1:25").options()["start_tls"]
    assert "s3cret" not in f"{far}{far!r}"


def test_time_outs_are_those_of_the_standard(database_url: str) -> None:
    """B23; RFC 5321, section 4.5.3.2: 5 minutes, 2, 3, and 10 after the dot."""
    assert database_url
    times = TimeOuts()
    assert (300, 120, 180, 600) == (times.command, times.data, times.block, times.end)
