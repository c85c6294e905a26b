"""RFC 5322, 2045, 2047, 2231: statements B1 to B9, on the bytes of finished messages."""

import base64
import quopri
import re
from dataclasses import replace
from datetime import datetime
from email import message_from_bytes
from email.header import decode_header, make_header
from email.utils import collapse_rfc2231_value, parseaddr, parsedate_to_datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from publisher.delivery.letter import Attachment, Kind
from publisher.delivery.messages import headers
from publisher.delivery.messages.builder import TooLargeError, build, encoded_size
from publisher.delivery.messages.identity import Identity
from publisher.delivery.messages.words import one_line
from tests.delivery.messages.letters import (
    BULK,
    FACTS,
    KINDS,
    LINK,
    PDF,
    UNSUBSCRIBE,
    a_letter,
    an_identity,
    parsed,
    raw_fields,
)
from tests.validators.mail import mail_reports

NAMES = (
    "Ada Lovelace", "Zoë Ångström", "王小明", "مريم العنزي", "נועה לוי", "Анна Каренина",
    "สมชาย ใจดี", "अनन्या शर्मा", "김민수", "O'Brien, Dr. \"Jo\"", "<b>Bold</b> & co.",
    "{{ 7 * 7 }}{% raw %}", "=?utf-8?q?Not_encoded?=", "=?utf-8?b?IUAj?= =?x?",
    "👩🏽‍💻 Ünïcödé", "a" * 120, "ü" * 120,
    "x@y.example <z@y.example>", "http://evil.example/?a=1&b=2", '\\"', "(comment)", "=?=",
)  # fmt: skip

TEXTS = st.text(
    st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp")), min_size=1, max_size=120
)
UNSIGNED = an_identity()


def folded_lines(field: str) -> list[str]:
    assert field.endswith("\r\n")
    return field.removesuffix("\r\n").split("\r\n")


def decoded(field: str) -> str:
    """The value of a field as a mail program shows it."""
    value = field.partition(":")[2].replace("\r\n", "").strip()
    return str(make_header(decode_header(value)))


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("kind", KINDS)
def test_b01_lines_end_in_crlf_and_are_short(kind: Kind, name: str, identity: Identity) -> None:
    wire = build(a_letter(kind, name=name, attachments=(PDF,)), identity).wire
    assert wire.endswith(b"\r\n")
    assert b"\r" not in wire.replace(b"\r\n", b"")
    assert b"\n" not in wire.replace(b"\r\n", b"")
    head, _, body = wire.partition(b"\r\n\r\n")
    assert 998 >= max(len(line) for line in head.split(b"\r\n"))
    for line in head.split(b"\r\n"):
        assert len(line) <= 78 or line.startswith(b"List-Unsubscribe: <https://"), line
    assert 78 >= max(len(line) for line in body.split(b"\r\n"))


def test_b01_encoded_lines_are_76_at_most(identity: Identity) -> None:
    """RFC 2045, 6.7 and 6.8."""
    message = message_from_bytes(build(a_letter(attachments=(PDF,)), identity).wire)
    for part in message.walk():
        if not part.is_multipart():
            assert 76 == max(map(len, str(part.get_payload()).splitlines()))


@pytest.mark.parametrize("kind", KINDS)
def test_b02_each_field_once(kind: Kind, identity: Identity) -> None:
    message = parsed(build(a_letter(kind), identity).wire)
    for name in ("From", "Date", "Subject", "Message-ID", "To", "MIME-Version"):
        assert 1 == len(message.get_all(name))


def test_b02_date_and_message_id_are_those_of_the_letter(identity: Identity) -> None:
    letter = a_letter()
    fields = raw_fields(build(letter, identity).wire)
    assert letter.date == parsedate_to_datetime(fields["date"])
    assert "<7hT2kQ@guides.example>" == fields["message-id"]
    assert identity.message_id("7hT2kQ") == letter.message_id


def test_b02_the_same_letter_gives_the_same_bytes(identity: Identity) -> None:
    """A retry sends what was sent before, its signature included, whenever it is made."""
    letter = a_letter(attachments=(PDF,))
    assert build(letter, identity) == build(replace(letter), identity)


def test_b02_a_date_without_zone_is_refused(identity: Identity) -> None:
    with pytest.raises(ValueError, match="needs a time zone"):
        build(a_letter(date=datetime(2026, 11, 23, 12)), identity)  # noqa: DTZ001  # the mistake


def test_b02_a_message_id_that_is_none_is_refused(identity: Identity) -> None:
    with pytest.raises(ValueError, match="Message-ID"):
        build(a_letter(message_id="a\r\nBcc: b@example.org"), identity)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("kind", KINDS)
def test_b03_seven_bits_and_encoded_parts(kind: Kind, name: str, identity: Identity) -> None:
    wire = build(a_letter(kind, name=name), identity).wire
    assert wire.isascii()
    for part in message_from_bytes(wire).walk():
        if part.get_content_maintype() == "text":
            assert "utf-8" == part.get_content_charset()
            assert "quoted-printable" == part["Content-Transfer-Encoding"]


@given(TEXTS)
@settings(deadline=None)
def test_b04_encoded_words_are_short_and_apart(value: str) -> None:
    value = one_line(value)
    if not value:
        return
    for field in (
        headers.text("Subject", value),
        headers.mailbox("To", value, "ada@example.org"),
    ):
        assert "?==?" not in field
        for line in folded_lines(field):
            assert len(line) <= 78
        for word in re.findall(r"=\?utf-8\?.*?\?=(?=\s|$)", field):
            assert len(word) <= 75
            decode_header(word)


@given(TEXTS)
@settings(deadline=None)
def test_b04_subjects_and_names_come_out_as_they_went_in(value: str) -> None:
    """As the standard library decodes them, which knows nothing of how they were encoded."""
    value = one_line(value)
    if not value:
        return
    assert value == decoded(headers.text("Subject", value))
    field = headers.mailbox("To", value, "ada@example.org")
    phrase, address = parseaddr(field.partition(":")[2].replace("\r\n", "").strip())
    assert "ada@example.org" == address
    assert value == str(make_header(decode_header(phrase)))


@pytest.mark.parametrize("kind", BULK)
def test_b04_no_encoded_word_in_fields_of_tokens(kind: Kind) -> None:
    letter = a_letter(kind, list_title="Führer für Zoë", campaign="Auflage zwölf")
    identity = an_identity(postal_address="Führer Verlag, Straße 1")
    fields = raw_fields(build(letter, identity).wire)
    for name in ("list-id", "list-unsubscribe", "list-unsubscribe-post", "feedback-id"):
        assert "=?" not in fields[name]
    assert "<career-guides.guides.example>" == fields["list-id"]


@pytest.mark.validator
def test_b05_file_names_in_two_other_parsers(identity: Identity) -> None:
    """RFC 2231; mailparser is another program, compat32 another parser than what writes it."""
    names = [
        "guide.pdf", "Zoës Führer – 2.pdf", "王小明.epub", "مريم.pdf", 'a "quoted" name.pdf',
        "semi;colon, comma.pdf", "100% sure.pdf", "ü" * 100 + ".pdf", "a" * 200 + ".pdf",
        "it's.pdf",
    ]  # fmt: skip
    files = tuple(Attachment(name, "application/pdf", b"x") for name in names)
    wire = build(a_letter(attachments=files), identity).wire
    parts = list(message_from_bytes(wire).walk())[-len(names) :]
    read = [collapse_rfc2231_value(part.get_filename() or "") for part in parts]
    assert names == read
    (report,) = mail_reports([wire], {})
    assert names == [each["filename"] for each in report["files"]]


def test_b05_a_path_is_no_file_name(identity: Identity) -> None:
    file = Attachment("../../etc\\passwd.pdf", "application/pdf", b"x")
    wire = build(a_letter(attachments=(file,)), identity).wire
    (attached,) = parsed(wire).iter_attachments()
    assert "..-..-etc-passwd.pdf" == attached.get_filename()


HOSTILE = (
    "Ada\r\nBcc: all@example.org", "Ada\nX: y", "Ada\rX: y", "Ada\0", "a\x0bb", "a\x85b",
    "a\u2028b", "a\ud800b", "\x1b[2J",
)  # fmt: skip


@pytest.mark.parametrize("value", HOSTILE)
def test_b06_control_characters_are_refused(value: str, identity: Identity) -> None:
    """In every field that a reader or an editor writes; the message does not repeat them."""
    file = Attachment(value, "application/pdf", b"x")
    facts = {**FACTS["guide"], "first_module": value}
    for changes in (
        {"name": value}, {"list_title": value}, {"attachments": (file,)}, {"facts": facts},
        {"recipient": f"{value}@example.org"}, {"link": value}, {"unsubscribe": value},
    ):  # fmt: skip
        with pytest.raises(ValueError) as error:  # noqa: PT011  # its text is another in each place
            build(a_letter(**changes), identity)
        assert "Bcc" not in str(error.value)
        assert "\r" not in str(error.value)


@pytest.mark.validator
def test_b06_literal_encoded_words_stay_literal(identity: Identity) -> None:
    name = "=?utf-8?q?Bcc=3A_all?= =?utf-8?b?IUAj?="
    wire = build(a_letter(name=name), identity).wire
    assert name == parsed(wire)["To"].addresses[0].display_name
    (report,) = mail_reports([wire], {})
    assert name == report["to"]["name"]
    assert f"Hello {name}," in report["text"]


def test_b06_marks_that_turn_the_direction_are_left_out(identity: Identity) -> None:
    wire = build(a_letter(name="Ada \u202egpj.exe\u2066"), identity).wire
    assert "Ada gpj.exe" == parsed(wire)["To"].addresses[0].display_name


@pytest.mark.parametrize("files", [(), (PDF,)])
@pytest.mark.parametrize("kind", KINDS)
def test_b07_text_first_then_html(
    kind: Kind, files: tuple[Attachment, ...], identity: Identity
) -> None:
    message = parsed(build(a_letter(kind, attachments=files), identity).wire)
    alternative = message
    if files:
        assert "multipart/mixed" == message.get_content_type()
        alternative, attached = message.iter_parts()
        assert PDF.content == attached.get_content()
        assert "attachment" == attached.get_content_disposition()
    assert "multipart/alternative" == alternative.get_content_type()
    text, html = alternative.iter_parts()
    assert ["text/plain", "text/html"] == [text.get_content_type(), html.get_content_type()]
    for address in (LINK, UNSUBSCRIBE) if kind in BULK else (LINK,):
        assert address in text.get_content().splitlines()
        assert f'href="{address}"' in html.get_content()
    assert text.get_content().count("https://") == len(
        set(re.findall(r'href="(https://[^"]+)"', html.get_content()))
    )


def test_b08_what_is_too_large_is_sent_as_a_link(identity: Identity) -> None:
    """Ten megabytes as they go over the wire, which are 7.3 of the file."""
    small, large = (
        Attachment("a.pdf", "application/pdf", bytes(n)) for n in (7_300_000, 7_310_000)
    )
    assert len(build(a_letter(attachments=(small,)), identity).wire) < 10_020_000
    with pytest.raises(TooLargeError, match="send the link alone"):
        build(a_letter(attachments=(large,)), identity)


def test_b08_the_size_is_known_before_anything_is_built() -> None:
    files = (PDF, PDF)
    assert encoded_size(files) == pytest.approx(2 * len(base64.encodebytes(PDF.content)), rel=0.02)


@pytest.mark.parametrize(
    "domain", ["gmail.com", "googlemail.com", "yahoo.com", "yahoo.co.uk", "outlook.com",
               "GMAIL.com", "hotmail.fr", "live.com"],
)  # fmt: skip
def test_b09_from_is_never_of_a_mail_service(domain: str) -> None:
    with pytest.raises(ValueError, match="a domain that is yours"):
        Identity.of(f"Guides <guides@{domain}>", UNSIGNED.templates)


def test_b09_one_sender_and_where_answers_go(identity: Identity) -> None:
    message = parsed(build(a_letter(), identity).wire)
    (sender,) = message["From"].addresses
    assert ("Career Transition Guides", "letters@guides.example") == (
        sender.display_name, sender.addr_spec,
    )  # fmt: skip
    assert "help@guides.example" == message["Reply-To"]


@pytest.mark.parametrize("name", ["Guides @ Work", "Führer, Verlag", "=?utf-8?q?x?="])
def test_b09_any_name_of_a_sender(name: str) -> None:
    identity = replace(UNSIGNED, name=name)
    (sender,) = parsed(build(a_letter(), identity).wire)["From"].addresses
    assert (name, "letters@guides.example") == (sender.display_name, sender.addr_spec)


@pytest.mark.parametrize("sender", ["", "Guides", "Guides <a@b@c>", "A <a@x.org>, B <b@x.org>",
                                    "Zoë <zoë@x.org>", "A\r\n <a@x.org>"])  # fmt: skip
def test_b09_a_sender_that_is_no_single_address_is_refused(sender: str) -> None:
    with pytest.raises(ValueError, match=r"sender|address|line"):
        Identity.of(sender, UNSIGNED.templates)


@given(st.text(max_size=80), st.text(max_size=200))
@settings(deadline=None, max_examples=60)
def test_any_name_gives_a_sound_message_or_a_clear_refusal(name: str, module: str) -> None:
    """build() looks at its own bytes; nothing but a ValueError comes out of it otherwise."""
    facts = {**FACTS["guide"], "first_module": module or None}
    try:
        wire = build(a_letter(name=name, facts=facts), UNSIGNED).wire
    except ValueError:
        return
    text = parsed(wire).get_body(("plain",))
    assert text
    assert "Hello" in quopri.decodestring(str(text.get_payload()).encode()).decode("utf-8")
