"""The fields of reports: RFC 3464, section 2; RFC 6533, section 3; RFC 5965, section 3."""

import re
from contextlib import suppress
from itertools import islice

from publisher.delivery.causes import Status, statuses_in
from publisher.delivery.feedback.parts import LONGEST
from publisher.delivery.feedback.reports import Action, Entry

Fields = dict[str, list[str]]
"""Lower-case name to its values, in their order."""

COMMENT = re.compile(r"\([^()]*\)")
ESCAPED = re.compile(r"\\x\{([0-9A-Fa-f]{2,6})\}")
REPLY = re.compile(r"(?:^|;)\s*([245]\d\d)(?![\d.])")
MOST_RECIPIENTS = 100
"""Recipients of one report that are read: we write to one at a time."""

ABOUT_RECIPIENT = frozenset({"final-recipient", "original-recipient", "action"})


def groups_of(text: str) -> list[Fields]:
    """The groups of fields between empty lines."""
    lines = "\n".join(line.rstrip() for line in text.splitlines())
    return [_fields(group) for group in lines.split("\n\n") if group.strip()]


def entries_of(text: str) -> tuple[Entry, ...]:
    """What a delivery-status says, recipient by recipient."""
    about = (each for each in groups_of(text) if ABOUT_RECIPIENT & each.keys())
    return tuple(_entry(each) for each in islice(about, MOST_RECIPIENTS))


def bare(value: str) -> str:
    """A value without comments and spaces around it."""
    while (shorter := COMMENT.sub(" ", value)) != value:
        value = shorter
    return value.strip()


def address_in(value: str) -> str:
    """The address of `rfc822; ada@example.org` or of `utf-8; ada@example.org`.

    The latter may have RFC 6533's escapes for what is not ASCII.
    """
    kind, semicolon, address = bare(value).partition(";")
    address = (address if semicolon else kind).strip().strip("<>")
    return ESCAPED.sub(_unescaped, address) if kind.strip().lower() == "utf-8" else address


def _fields(group: str) -> Fields:
    found: Fields = {}
    for line in re.sub(r"\n[ \t]+", " ", group).split("\n"):
        name, colon, value = line.partition(":")
        if colon:
            found.setdefault(name.strip().lower(), []).append(value.strip()[:LONGEST])
    return found


def _entry(fields: Fields) -> Entry:
    said = _first(fields, "diagnostic-code")
    statuses = (*statuses_in(bare(_first(fields, "status"))), *statuses_in(said))
    reply = REPLY.search(said)
    return Entry(
        action=_action(bare(_first(fields, "action")), statuses),
        recipients=_recipients(fields),
        statuses=tuple(dict.fromkeys(statuses)),
        code=int(reply[1]) if reply else None,
        text=said.partition(";")[2].strip() or said,
    )


def _action(word: str, statuses: tuple[Status, ...]) -> Action | None:
    with suppress(ValueError):
        return Action(word.lower())
    # Required, but some leave it out; a permanent failure can still be told by its status.
    return Action.FAILED if not word and statuses and statuses[0].group == 5 else None  # noqa: PLR2004


def _recipients(fields: Fields) -> tuple[str, ...]:
    named = (_first(fields, "original-recipient"), _first(fields, "final-recipient"))
    return tuple(dict.fromkeys(address for each in named if (address := address_in(each))))


def _first(fields: Fields, name: str) -> str:
    return fields.get(name, [""])[0]


def _unescaped(escaped: re.Match[str]) -> str:
    try:
        return chr(int(escaped[1], 16))
    except (ValueError, OverflowError):
        return escaped[0]
