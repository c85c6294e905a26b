"""B18: what a real Postfix has delivered is still what was signed."""

import smtplib
from dataclasses import replace

import dkim
import pytest

from publisher.delivery.letter import Message
from publisher.delivery.messages.builder import build
from publisher.delivery.messages.identity import Identity
from publisher.delivery.messages.signer import Signer
from tests.delivery.messages.letters import KINDS, PDF, a_letter, parsed
from tests.runs import until
from tests.servers.postfix import Postfix
from tests.validators.mail import mail_reports


def send(messages: list[Message], port: int) -> None:
    with smtplib.SMTP("127.0.0.1", port) as client:
        client.ehlo()
        for each in messages:
            options = ["SMTPUTF8", "BODY=8BITMIME"] if each.needs_utf8 else []
            client.sendmail(each.sender, [each.recipient], each.wire, options)


def delivered(server: Postfix) -> dict[str, bytes]:
    """Message-ID to what lies in the Maildir, with the ends of lines that it came with."""
    mails = [path.read_bytes().replace(b"\n", b"\r\n") for path in server.mails()]
    return {str(parsed(mail)["Message-ID"]): mail for mail in mails}


@pytest.mark.validator
def test_b18_postfix_changes_nothing_that_is_signed(
    postfix_server: Postfix, identity: Identity, signer: Signer
) -> None:
    letters = [
        a_letter(kind, name=name, attachments=(PDF,), recipient="ada@inbox.example")
        for kind in KINDS
        for name in ("Ada Lovelace", "王小明", "From here to ever", ".")
    ]
    letters += [a_letter(recipient="zoë@inbox.example"), a_letter(recipient="a.b+c@inbox.example")]
    letters = [
        replace(letter, message_id=f"letter-{number}@guides.example", token=f"t{number}")
        for number, letter in enumerate(letters)
    ]
    messages = [build(letter, identity) for letter in letters]
    send(messages, postfix_server.port)
    ours = {f"<{letter.message_id}>" for letter in letters}
    until(lambda: ours <= set(delivered(postfix_server)))
    mails = [mail for name, mail in delivered(postfix_server).items() if name in ours]
    assert all(b"\r\nReceived: from" in mail for mail in mails)
    senders = {mail.partition(b"\r\n")[0] for mail in mails}
    assert {f"Return-Path: <{message.sender}>".encode() for message in messages} == senders
    key = signer.record.encode()
    assert all(dkim.verify(mail, dnsfunc=lambda name, timeout=5: key) for mail in mails)  # noqa: ARG005
    reports = mail_reports(mails, {signer.place: {"TXT": [signer.record]}})
    assert [["pass"]] * len(mails) == [[each["result"] for each in r["dkim"]] for r in reports]
