"""Each rule of the lint refuses a message that breaks it, and none refuses a sound one."""

import base64
import re
from dataclasses import replace

import pytest

from publisher.delivery.letter import Message
from publisher.delivery.messages.builder import build
from publisher.delivery.messages.codes import MESSAGE_CODES
from publisher.delivery.messages.lint import lint
from tests.delivery.messages.letters import LINK, PDF, a_letter, an_identity

SOUND = build(a_letter(attachments=(PDF,)), an_identity())
LONG = b"=?utf-8?q?" + b"a" * 64 + b"?="

BROKEN = [
    ("M101", b"\r\nHello", b"\nHello"),
    ("M101", b"Hello", b"Hel\rlo"),
    ("M102", b"\r\nHello", b"\r\n" + b"x" * 999 + b"\r\nHello"),
    ("M102", b"Subject: ", b"Subject: " + b"word " * 16),
    ("M103", b"\r\nHello", "\r\nHellö".encode()),
    ("M103", b"Subject: Your", "Subject: Yöur".encode()),
    ("M201", b"Date: ", b"X-Date: "),
    ("M201", b"MIME-Version: 1.0\r\n", b"MIME-Version: 1.0\r\nMIME-Version: 1.0\r\n"),
    ("M201", b"Reply-To: ", b"Reply-To: a@guides.example\r\nReply-To: "),
    ("M202", b"Subject: ", b"Subject: " + LONG + b" "),
    ("M202", b"Subject: ", b"Subject: =?utf-8?q?a?==?utf-8?q?b?= "),
    ("M202", b"Feedback-ID: ", b"Feedback-ID: =?utf-8?q?a?="),
    ("M202", b"List-Unsubscribe: <https", b"List-Unsubscribe: =?utf-8?q?=3Chttps?="),
    ("M203", b"Message-ID: <", b"Message-ID: "),
    ("M203", b"Date: Mon, 23", b"Date: yesterday"),
    ("M203", b"<letters@guides.example>", b"<letters@guides.example>, <b@x.example>"),
    ("M204", b"List-Unsubscribe: <https:", b"List-Unsubscribe: <http:"),
    ("M204", b"=One-Click", b"=Two-Clicks"),
    ("M204", b"List-Unsubscribe: ", b"List-Unsubscribe: <https://a.example/>, "),
    ("M204", b"List-Unsubscribe: ", b"X-Unsubscribe: "),
    ("M204", b"List-Id: ", b"X-Id: "),
    ("M204", b"example/u/", b"example/u/ada@example.org/"),
    ("M301", b"text/plain", b"text/enriched"),
    ("M302", b"quoted-printable", b"8bit"),
    ("M302", b'charset="utf-8"', b'charset="latin-1"'),
    ("M302", b"\r\nHello", b"\r\n" + b"x" * 77 + b"\r\nHello"),
    ("M303", LINK[:40].encode(), b"https://evil.example/" + b"x" * 19),
    ("M304", b'filename="guide.pdf"', b'filename="../guide.pdf"'),
    ("M304", b' filename="guide.pdf"', b' size="900"'),
]


def codes(message: Message) -> set[str]:
    return {each.code for each in lint(message)}


def test_a_sound_message_has_no_finding() -> None:
    assert [] == lint(SOUND)


@pytest.mark.parametrize(("code", "old", "new"), BROKEN)
def test_a_broken_rule_is_found(code: str, old: bytes, new: bytes) -> None:
    broken = SOUND.wire.replace(old, new, 1)
    assert broken != SOUND.wire
    assert code in codes(replace(SOUND, wire=broken))


def test_utf8_is_refused_only_where_it_was_not_asked_for() -> None:
    message = build(a_letter(recipient="zoë@example.org"), an_identity())
    assert set() == codes(message)
    assert {"M103"} == codes(replace(message, needs_utf8=False))


def test_an_empty_part_is_found() -> None:
    text = re.search(rb"\r\n\r\n(Hello.*?)\r\n--=_", SOUND.wire, re.DOTALL)
    assert text
    assert "M301" in codes(replace(SOUND, wire=SOUND.wire.replace(text[1], b"")))


@pytest.mark.parametrize("markup", [b'<img src=3D"https://x.example/p.gif">', b"<script></script>"])
def test_a_page_that_loads_something_is_found(markup: bytes) -> None:
    broken = SOUND.wire.replace(b"</body>", b"=\r\n" + markup + b"=\r\n</body>")
    assert broken != SOUND.wire
    assert "M303" in codes(replace(SOUND, wire=broken))


def test_every_code_is_tried() -> None:
    assert {code.code for code in MESSAGE_CODES} == {code for code, *_ in BROKEN}


@pytest.mark.parametrize(
    "wire", [b"", b"\r\n", b"\r\n\r\n", b"x", bytes(range(256)) * 4, b":" * 99]
)
def test_bytes_that_are_no_message_are_findings_and_no_exception(wire: bytes) -> None:
    assert lint(replace(SOUND, wire=wire))


def test_findings_show_no_address() -> None:
    wire = SOUND.wire.replace(b"<ada@", b"\xff<ada@", 1).replace(b"Message-ID: <", b"Message-ID: ")
    text = "\n".join(map(str, lint(replace(SOUND, wire=wire))))
    assert "M103" in text
    assert "M203" in text
    assert "ada" not in text
    assert base64.b64encode(PDF.content[:30]).decode() not in text
