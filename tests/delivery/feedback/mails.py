"""Mails as servers write them, from the words that a test is about."""

import base64

from sqlalchemy import Row

from tests.delivery.feedback.ledger import BOUNCES

NOBODY = "smtp; 550 5.1.1 User unknown"


def address_of(token: str) -> str:
    """The envelope sender of the delivery with a token."""
    return f"b+{token}@{BOUNCES}"


def fields(
    recipient: str = "ada@there.example",
    status: str = "5.1.1",
    action: str = "failed",
    said: str = "",
) -> str:
    """What a report says of one recipient."""
    lines = [f"Final-Recipient: rfc822; {recipient}", f"Action: {action}", f"Status: {status}"]
    return "\n".join([*lines, f"Diagnostic-Code: {said}"] if said else lines)


def dsn(
    *recipients: str,
    to: str = f"postmaster@{BOUNCES}",
    message_id: str | None = None,
    status_type: str = "message/delivery-status",
    encoding: str = "8bit",
    number: int = 1,
    extra: str = "",
) -> bytes:
    """A bounce in the form of RFC 3464; `number` tells two alike from each other."""
    status = "\n\n".join(["Reporting-MTA: dns; mx.there.example", *recipients])
    if encoding == "base64":
        status = base64.encodebytes(status.encode()).decode()
    returned = f"Message-ID: <{message_id}>\n" if message_id else ""
    return f"""\
Return-Path: <>
Delivered-To: {to}
Received: by mx.there.example; Mon, 23 Nov 2026 06:05:11 +0000
From: Mail Delivery System <MAILER-DAEMON@mx.there.example>
To: {to}
Subject: Undelivered Mail Returned to Sender
Message-ID: <{number}@mx.there.example>
Auto-Submitted: auto-replied
{extra}MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="=_1"

--=_1
Content-Type: text/plain

It could not be delivered.

--=_1
Content-Type: {status_type}
Content-Transfer-Encoding: {encoding}

{status}

--=_1
Content-Type: message/rfc822

From: guides@sender.example
Subject: Your guide
{returned}
Hello
--=_1--
""".encode()


def bounce(
    delivery: "Row[tuple[str, ...]]", status: str = "5.1.1", said: str = "", number: int = 1
) -> bytes:
    """A bounce of a delivery, as it comes to the address of its token."""
    about = fields(delivery.address, status, said=said)
    return dsn(about, to=address_of(delivery.token), number=number)


def complaint(
    *lines: str,
    to: str = f"fbl@{BOUNCES}",
    kind: str = "abuse",
    message_id: str | None = None,
    number: int = 1,
) -> bytes:
    """A complaint in the form of RFC 5965; `lines` are further fields of it."""
    about = "\n".join([f"Feedback-Type: {kind}", "User-Agent: There/1.0", "Version: 1", *lines])
    returned = f"Message-ID: <{message_id}>\n" if message_id else ""
    return f"""\
From: feedback@there.example
To: {to}
Subject: FW: Your guide
Message-ID: <fbl-{number}@there.example>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=feedback-report; boundary="=_2"

--=_2
Content-Type: text/plain

This is an abuse report.

--=_2
Content-Type: message/feedback-report

{about}

--=_2
Content-Type: message/rfc822

From: guides@sender.example
Subject: Your guide
{returned}
Hello
--=_2--
""".encode()


QMAIL = """\
Return-Path: <>
Delivered-To: {to}
Date: 23 Nov 2026 06:05:11 -0000
From: MAILER-DAEMON@qmail.there.example
To: {to}
Subject: failure notice

Hi. This is the qmail-send program at qmail.there.example.
I'm afraid I wasn't able to deliver your message to the following addresses.
This is a permanent error; I've given up. Sorry it didn't work out.

<{recipient}>:
Sorry, no mailbox here by that name. (#5.1.1)

--- Below this line is a copy of the message.

Return-Path: <{to}>
Message-ID: <{message_id}>
Subject: Your guide

Hello
"""


VACATION = """\
Return-Path: <>
Delivered-To: {to}
From: Ada <ada@there.example>
To: {to}
Subject: Out of office
Auto-Submitted: auto-replied; owner-email="ada@there.example"

The mailbox of this user does not exist until Monday: user unknown.
"""
