"""Reads a mail that came back: RFC 3464 and 6522, RFC 6533, RFC 5965, RFC 3834."""

import re

from publisher.delivery.feedback import nonstandard
from publisher.delivery.feedback.fields import Fields, address_in, bare, entries_of, groups_of
from publisher.delivery.feedback.parts import Part, headers_of, parts_of
from publisher.delivery.feedback.reports import Kind, Report

STATUS = ("message/delivery-status", "message/global-delivery-status")
FEEDBACK = ("message/feedback-report",)
RETURNED = (
    "message/rfc822", "text/rfc822-headers", "message/rfc822-headers",
    "message/global", "message/global-headers",
)  # fmt: skip

CAME_TO = ("delivered-to", "x-original-to", "envelope-to", "to", "return-path")
"""Headers that may hold the address which a mail came to, the surest first."""

MESSAGE_ID = re.compile(r"<([^<>\s]{1,250})>")


def read(content: bytes) -> Report:
    """What a mail says. Raises `ValueError`, with why, only if it cannot be taken apart."""
    mail, *inner = parts_of(content)
    if feedback := _first(FEEDBACK, mail, *inner):
        return _complaint(feedback, mail, _returned(inner))
    if status := _first(STATUS, mail, *inner):
        return _bounce(status, mail, _returned(inner))
    if nonstandard.may_be(mail) and (entries := nonstandard.entries_of(content)):
        text = "\n".join(each.text() for each in (mail, *inner))
        return Report(
            Kind.DSN, tuple(mail.headers(*CAME_TO)), nonstandard.message_ids(text), entries
        )
    return Report(Kind.AUTO_REPLY if _answers_by_itself(mail) else Kind.OTHER)


def _bounce(status: Part, mail: Part, returned: Part) -> Report:
    return Report(
        Kind.DSN,
        senders=(*mail.headers(*CAME_TO), *returned.headers("return-path")),
        message_ids=_message_ids(returned),
        entries=entries_of(status.text()),
    )


def _complaint(feedback: Part, mail: Part, returned: Part) -> Report:
    fields = _all_fields(feedback.text())
    mailed_from = fields.get("original-mail-from", [])
    return Report(
        Kind.COMPLAINT,
        senders=(*mail.headers(*CAME_TO), *mailed_from, *returned.headers("return-path")),
        message_ids=_message_ids(returned),
        feedback_type=next(iter(fields.get("feedback-type", [])), "").lower(),
        recipients=tuple(map(address_in, fields.get("original-rcpt-to", []))),
    )


def _answers_by_itself(mail: Part) -> bool:
    """Whether nobody wrote it (RFC 3834, section 5)."""
    said = (bare(value.partition(";")[0]).lower() for value in mail.headers("auto-submitted"))
    return any(word != "no" for word in said)


def _first(kinds: tuple[str, ...], *parts: Part) -> Part | None:
    return next((part for part in parts if part.kind in kinds), None)


def _returned(parts: list[Part]) -> Part:
    """The headers of the message that a report is about; none if it is not returned."""
    found = _first(RETURNED, *parts)
    return headers_of(found) if found else Part()


def _message_ids(returned: Part) -> tuple[str, ...]:
    values = returned.headers("message-id")
    return tuple(found for value in values for found in MESSAGE_ID.findall(value))


def _all_fields(text: str) -> Fields:
    fields: Fields = {}
    for group in groups_of(text):
        for name, values in group.items():
            fields.setdefault(name, []).extend(values)
    return fields
