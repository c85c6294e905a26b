"""What a report says, and of which deliveries. Nothing is changed here."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import Connection

from publisher.delivery.causes import Cause, mildest
from publisher.delivery.feedback.matching import (
    Match,
    Ours,
    UnknownTokenError,
    delivery_of,
    delivery_to,
    is_to,
)
from publisher.delivery.feedback.reports import Entry, Kind, Report

ABUSE = "abuse"


class Verdict(StrEnum):
    """What was concluded from a mail. The first four are the causes of failures."""

    SENDER_FAULT = Cause.SENDER_FAULT.value
    MESSAGE_FAULT = Cause.MESSAGE_FAULT.value
    SOFT = Cause.SOFT.value
    DEAD_ADDRESS = Cause.DEAD_ADDRESS.value
    COMPLAINT = "complaint"
    OTHER_COMPLAINT = "other-complaint"  # not-spam, fraud, virus, other: kept, and nothing done
    NO_FAILURE = "no-failure"  # delayed, delivered, relayed, expanded
    AUTO_REPLY = "auto-reply"
    FORGED = "forged"  # its token is none of ours
    UNMATCHED = "unmatched"  # about nothing that we have sent
    OTHER = "other"  # neither bounce nor complaint: for a person to read
    SEVERAL = "several"  # about several deliveries
    KNOWN = "known"  # counted before
    WAITING = "waiting"  # its delivery is being sent at this moment; later


@dataclass(frozen=True, slots=True)
class Finding:
    """What a report says of one delivery; `entry` is that of the failure."""

    verdict: Verdict
    match: Match | None = None
    entry: Entry | None = None


def findings_of(connection: Connection, report: Report, ours: Ours) -> Iterator[Finding]:
    """What a report says of each delivery that it names; at least one finding."""
    if report.kind in (Kind.AUTO_REPLY, Kind.OTHER):
        yield Finding(Verdict(report.kind.value))
        return
    try:
        match = delivery_of(connection, report, ours)
    except UnknownTokenError:
        yield Finding(Verdict.FORGED)
        return
    if report.kind is Kind.COMPLAINT:
        yield _complaint(report, match or delivery_to(connection, report.recipients, ours))
    elif match:
        mine = [each for each in report.entries if is_to(match, each.recipients, ours)]
        yield _bounce(match, mine or report.entries)
    else:
        yield from _by_address(connection, report.entries, ours)


def _complaint(report: Report, match: Match | None) -> Finding:
    if match is None:
        return Finding(Verdict.UNMATCHED)
    is_abuse = report.feedback_type == ABUSE
    return Finding(Verdict.COMPLAINT if is_abuse else Verdict.OTHER_COMPLAINT, match)


def _by_address(connection: Connection, entries: Iterable[Entry], ours: Ours) -> Iterator[Finding]:
    told: dict[int, tuple[Match, list[Entry]]] = {}
    for entry in entries:
        if match := delivery_to(connection, entry.recipients, ours):
            told.setdefault(match.delivery.id, (match, []))[1].append(entry)
    for match, found in told.values():
        yield _bounce(match, found)
    if not told:
        yield Finding(Verdict.UNMATCHED)


def _bounce(match: Match, entries: Iterable[Entry]) -> Finding:
    """Of several entries, as for the members of an alias, the one counts that harms least."""
    entries = tuple(entries)
    if not entries or not all(entry.failed for entry in entries):
        return Finding(Verdict.NO_FAILURE, match)
    cause = mildest(entry.cause for entry in entries)
    chosen = next(entry for entry in entries if entry.cause is cause)
    return Finding(Verdict(cause.value), match, chosen)
