"""Bounces in forms of their own, as qmail and old versions of Exim and Exchange write them."""

import logging
import re
from contextlib import suppress
from email import message_from_bytes

from flufl.bounce import all_failures

from publisher.delivery.causes import statuses_in
from publisher.delivery.feedback.parts import Part
from publisher.delivery.feedback.reports import Action, Entry

WRITTEN = 65_536
"""Bytes of a mail in which it says what happened."""

MESSAGE_ID = re.compile(r"^message-id:\s*<([^<>\s]{1,250})>", re.IGNORECASE | re.MULTILINE)

ROBOT = re.compile(r"(?:^|[<\s])(?:mailer-daemon|postmaster)(?:[@>\s]|$)", re.IGNORECASE)

logging.getLogger("flufl.bounce").setLevel(logging.CRITICAL + 1)  # it shows what it fails to read


def may_be(mail: Part) -> bool:
    """Whether a mail server wrote it. A person's vacation notice may say the same words."""
    writers = map(ROBOT.search, mail.headers("from"))
    return any(writers) or any(mail.headers("x-failed-recipients"))


def entries_of(content: bytes) -> tuple[Entry, ...]:
    """What flufl.bounce finds. It does not say why, so that is taken from the text."""
    delayed, failed = _failures(content[:WRITTEN])
    said = content[:WRITTEN].decode("utf-8", "replace").partition("\n\n")[2]
    said = MESSAGE_ID.split(said.replace("\r\n", "\n"))[0]  # what is behind it, we wrote
    statuses = statuses_in(said)
    return (
        *(Entry(Action.FAILED, (each,), statuses, None, said) for each in sorted(failed)),
        *(Entry(Action.DELAYED, (each,)) for each in sorted(delayed - failed)),
    )


def message_ids(text: str) -> tuple[str, ...]:
    """The Message-IDs of what a mail quotes."""
    return tuple(MESSAGE_ID.findall(text))


def _failures(content: bytes) -> tuple[set[str], set[str]]:
    with suppress(Exception):  # it raises whatever its many readers stumble over
        delayed, failed = all_failures(message_from_bytes(content))
        return _texts(delayed), _texts(failed)
    return set(), set()


def _texts(found: frozenset[bytes | str]) -> set[str]:
    return {each.decode("utf-8", "replace") if isinstance(each, bytes) else each for each in found}
