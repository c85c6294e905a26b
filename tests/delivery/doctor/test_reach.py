"""The relay, as a real server answers."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

from publisher.delivery.doctor.finding import Finding
from publisher.delivery.doctor.reach import check_relay
from publisher.delivery.sending.relay import Relay
from tests.servers.catcher import PASSWORD, USER, Certificate, catcher
from tests.servers.folders import free_port

ELSEWHERE = "0.0.0.0"  # noqa: S104  # leads to this machine, and is not taken for it
SIGNED_IN = f"{quote(USER, safe='')}:{quote(PASSWORD, safe='')}@"


def checked(url: str) -> list[Finding]:
    return list(check_relay(Relay.at(url)))


def statuses(found: list[Finding]) -> dict[str, str]:
    return {each.check: each.status for each in found}


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    return Certificate.made(tmp_path_factory.mktemp("tls"), "127.0.0.1", ELSEWHERE)


@pytest.fixture(scope="module")
def secured(certificate: Certificate) -> Iterator[int]:
    """The port of a relay with STARTTLS and a password."""
    with catcher(certificate, enable_SMTPUTF8=True) as port:
        yield port


@pytest.fixture(scope="module")
def plain() -> Iterator[int]:
    """The port of a relay in clear."""
    with catcher(enable_SMTPUTF8=True) as port:
        yield port


def test_none_is_set() -> None:
    (found,) = check_relay(None)
    assert "failed" == found.status
    assert "PUBLISHER_SMTP" in found.advice


def test_all_is_well(secured: int, certificate: Certificate) -> None:
    found = checked(f"smtp://{SIGNED_IN}{ELSEWHERE}:{secured}?ca={certificate.certificate}")
    assert {"relay": "ok", "tls": "ok", "login": "ok"} == statuses(found)


def test_tls_from_the_start(certificate: Certificate) -> None:
    with catcher(ssl_context=certificate.context) as port:
        found = checked(f"smtps://{ELSEWHERE}:{port}?ca={certificate.certificate}")
    assert {"relay": "ok", "tls": "ok"} == statuses(found)


def test_nobody_listens() -> None:
    (found,) = checked(f"smtp://127.0.0.1:{free_port()}")
    assert ("relay", "failed") == (found.check, found.status)
    assert "Connection refused" in found.text


def test_no_such_host() -> None:
    (found,) = checked("smtp://no-such-host.invalid:25")
    assert "failed" == found.status


def test_a_certificate_that_nobody_vouches_for(secured: int) -> None:
    found = checked(f"smtp://{SIGNED_IN}{ELSEWHERE}:{secured}")
    assert {"relay": "ok", "tls": "failed"} == statuses(found)
    assert "self-signed certificate" in found[-1].text


def test_a_certificate_for_another_host(tmp_path: Path) -> None:
    other = Certificate.made(tmp_path, "mail.example")
    with catcher(other) as port:
        found = checked(f"smtp://{ELSEWHERE}:{port}?ca={other.certificate}")
    assert {"relay": "ok", "tls": "failed"} == statuses(found)
    assert "not valid for '0.0.0.0'" in found[-1].text


def test_in_clear_elsewhere_nothing_is_sent(plain: int) -> None:
    """Not the password either."""
    found = checked(f"smtp://{SIGNED_IN}{ELSEWHERE}:{plain}")
    assert {"relay": "ok", "tls": "failed"} == statuses(found)


def test_in_clear_on_this_machine_is_well(plain: int) -> None:
    assert {"relay": "ok", "tls": "ok"} == statuses(checked(f"smtp://127.0.0.1:{plain}"))


def test_a_wrong_password_is_refused_and_never_shown(
    secured: int, certificate: Certificate
) -> None:
    found = checked(f"smtp://{USER}:wr0ng@{ELSEWHERE}:{secured}?ca={certificate.certificate}")
    assert "failed" == statuses(found)["login"]
    said = "\n".join(map(str, found))
    assert "(535)" in said
    assert "wr0ng" not in said
    assert f"{USER} " not in said


def test_no_password_is_wanted(certificate: Certificate) -> None:
    with catcher(certificate, auth_exclude_mechanism=["LOGIN", "PLAIN"]) as port:
        found = checked(f"smtp://{SIGNED_IN}{ELSEWHERE}:{port}?ca={certificate.certificate}")
    assert "failed" == statuses(found)["login"]


def test_limits_are_told() -> None:
    with catcher(data_size_limit=1_000_000, enable_SMTPUTF8=False) as port:
        found = checked(f"smtp://127.0.0.1:{port}")
    assert {"relay": "ok", "tls": "ok", "size": "warning", "smtputf8": "unknown"} == statuses(found)
    assert "1,000,000 octets" in str(found[2])
