"""Mail that nobody meant well by: nothing raises, takes long, or changes what is not its own."""

import logging
from email import message_from_bytes

import pytest
from flufl.bounce import all_failures
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from publisher.delivery.feedback.parts import digest_of
from publisher.delivery.feedback.reading import read
from publisher.delivery.feedback.reports import Kind
from tests.delivery.feedback.ledger import Ledger
from tests.delivery.feedback.mails import QMAIL, VACATION, complaint, dsn, fields

TEMPLATES = (
    dsn(fields(), fields("full@there.example", "5.2.2", said="smtp; 552 5.2.2 full")),
    dsn(fields(), status_type="message/global-delivery-status", encoding="base64"),
    complaint("Original-Rcpt-To: <ada@there.example>", message_id="x@there.example"),
    QMAIL.format(to="b+x@bounces.example", recipient="a@there.example", message_id="x").encode(),
    VACATION.format(to="b+x@bounces.example").encode(),
)

PIECES = st.sampled_from([
    b"\0", b"\xff", b"\n\n", b"\r", b"(", ")\xe4".encode(), b"=?utf-8?q?=00?=", b"--=_1\n", b";",
    b"Content-Type: multipart/mixed\n", b"Content-Transfer-Encoding: base64\n", b'"', b"<", b"b+",
    b"Status: 5.1.1", b"\\x{110000}", b"\\x{D800}", "\u202e\U0001f600".encode(), b"\xed\xa0\x80",
])  # fmt: skip

SLOW_BEFORE = {
    "deep": b"".join(
        b'Content-Type: multipart/mixed; boundary="%d"\n\n--%d\n' % (n, n) for n in range(5000)
    ),
    "parts": b"Content-Type: multipart/mixed; boundary=x\n\n" + b"--x\n\na\n" * 150_000,
    "comments": b"From: " + b"(" * 500_000 + b"\n\n",
    "field": b"Content-Type: message/delivery-status\n\nAction: " + b"(" * 500_000,
    "recipients": dsn(*[fields()] * 5_000),
    "header": b"To: " + b"b+" * 500_000 + b"\n\n",
    "lines": b"From: postmaster@x\n\n" + b"<a@b>:\n" * 100_000,
    "large": b"From: x\n\n" + b"x" * 30_000_000,
}


@st.composite
def spoilt(draw: st.DrawFn) -> bytes:
    """A mail in which pieces are lost, put in, or stand twice."""
    mail = draw(st.sampled_from(TEMPLATES))
    for _ in range(draw(st.integers(1, 6))):
        start = draw(st.integers(0, len(mail)))
        end = draw(st.integers(start, min(start + 60, len(mail))))
        mail = mail[:start] + draw(PIECES | st.binary(max_size=8)) * 2 + mail[end:]
    return mail


@settings(deadline=None)
@given(st.binary(max_size=2000) | spoilt())
def test_nothing_that_can_come_raises(mail: bytes) -> None:
    read(mail)
    assert len(digest_of(mail)) == 64


@settings(
    deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(mail=spoilt())
def test_nothing_that_can_come_upsets_the_database(ledger: Ledger, mail: bytes) -> None:
    assert ledger.judge(mail).verdicts


@pytest.mark.parametrize("mail", SLOW_BEFORE.values(), ids=SLOW_BEFORE.keys())
def test_what_is_made_to_take_long_does_not(mail: bytes) -> None:
    try:
        report = read(mail)
    except ValueError as error:
        assert "too deep" in str(error)  # noqa: PT017  # most are read, and that is as well
    else:
        assert len(report.entries) <= 100


def test_two_mails_that_are_hardly_mails_differ() -> None:
    assert digest_of(b"\xff") != digest_of(b"\xfe")
    assert digest_of(b"Received: a") == digest_of(b"received: b\n c")


def test_what_a_library_fails_at_is_not_shown(caplog: pytest.LogCaptureFixture) -> None:
    mail = b"From: postmaster@x\nX-Mailer: \xe4\n\nada@there.example: user unknown\n"
    with caplog.at_level(logging.DEBUG):
        with pytest.raises(AttributeError):
            all_failures(message_from_bytes(mail))
        assert read(mail).kind is Kind.OTHER
    assert not caplog.records


def test_a_mail_is_no_bounce_because_a_person_says_its_words() -> None:
    mail = QMAIL.format(to="b+x@bounces.example", recipient="a@there.example", message_id="x")
    assert read(mail.encode()).kind is Kind.DSN
    person = mail.replace("MAILER-DAEMON@qmail.there.example", "Ada <ada@there.example>")
    assert read(person.encode()).kind is Kind.OTHER
