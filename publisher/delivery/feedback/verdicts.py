"""What a report changes: nothing twice, and nobody given up for a fault that is ours."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, Row, select

from publisher.delivery import breaker
from publisher.delivery.feedback import marks
from publisher.delivery.feedback.findings import Finding, Verdict, findings_of
from publisher.delivery.feedback.matching import Match, Ours
from publisher.delivery.feedback.reports import Entry, Kind, Report
from publisher.delivery.feedback.wording import without_address
from publisher.delivery.sending.ensure import ensure
from publisher.delivery.sending.strikes import GIVEN_UP, strike
from publisher.delivery.store.database import now
from publisher.delivery.store.states import DeliveryState
from publisher.delivery.store.tables import INBOUND

GRACE = timedelta(minutes=15)
"""How long after its lease a delivery whose message was being handed over may still be decided."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one mail: a verdict for each delivery, and the campaigns that it paused."""

    verdicts: tuple[Verdict, ...]
    paused: tuple[int, ...] = ()

    @property
    def stays(self) -> bool:
        """Whether it stays in the mailbox as it is."""
        return self.verdicts[0] in (Verdict.OTHER, Verdict.WAITING)


def judge(connection: Connection, report: Report, digest: str, ours: Ours) -> Outcome:
    """Act on a report, once; `digest` tells it from others."""
    known = connection.execute(select(INBOUND.c.kind).where(INBOUND.c.sha256 == digest)).scalar()
    if known is not None:
        return Outcome((Verdict.OTHER if known == Kind.OTHER else Verdict.KNOWN,))
    findings = tuple(findings_of(connection, report, ours))
    if any(_is_being_sent(connection, each.match) for each in findings):
        return Outcome((Verdict.WAITING,))
    if not _keep(connection, report, digest, findings):
        return Outcome((Verdict.KNOWN,))
    for each in findings:
        _act(connection, each, digest)
    return Outcome(tuple(each.verdict for each in findings), _paused(connection, findings))


def _is_being_sent(connection: Connection, match: Match | None) -> bool:
    """Whether a worker is about to write down what the relay has answered."""
    if not match or match.by_address or match.delivery.state != DeliveryState.HANDOFF:
        return False
    lease = match.delivery.lease_until
    return lease is None or now(connection) < lease + GRACE


def _keep(
    connection: Connection, report: Report, digest: str, findings: tuple[Finding, ...]
) -> bool:
    only = findings[0] if len(findings) == 1 else Finding(Verdict.SEVERAL)
    return ensure(
        connection, INBOUND, sha256=digest, kind=report.kind.value,
        delivery_id=only.match.delivery.id if only.match else None, verdict=only.verdict.value,
        enhanced=only.entry.enhanced if only.entry else None, at=now(connection),
    )  # fmt: skip


def _act(connection: Connection, finding: Finding, digest: str) -> None:
    if finding.match is None:
        return
    delivery = finding.match.delivery
    if not finding.match.by_address:
        _move(connection, delivery, finding)
    if finding.verdict is Verdict.COMPLAINT:
        marks.give_up(connection, delivery, "complaint", digest)
    elif cause := _reason_to_give_up(connection, finding.verdict, finding.match):
        marks.give_up(connection, delivery, cause, digest)


def _reason_to_give_up(connection: Connection, verdict: Verdict, match: Match) -> str | None:
    if verdict is Verdict.DEAD_ADDRESS and not match.by_address:
        return verdict.value
    # Whoever knows an address can write such a report about it, so that one is not enough.
    counts = verdict in (Verdict.SOFT, Verdict.DEAD_ADDRESS)
    struck = counts and strike(connection, match.delivery.address_hash, now(connection))
    return GIVEN_UP if struck else None


REACHED_FROM = {
    DeliveryState.SENT: marks.UNDECIDED,
    DeliveryState.BOUNCED: (*marks.UNDECIDED, DeliveryState.SENT),
    DeliveryState.COMPLAINED: (*marks.UNDECIDED, DeliveryState.SENT, DeliveryState.BOUNCED),
}
"""What a report may change. One that was given up stays as it is."""


def _move(connection: Connection, delivery: Row[Any], finding: Finding) -> None:
    complained = finding.verdict is Verdict.COMPLAINT
    failed = DeliveryState.BOUNCED if finding.entry else DeliveryState.SENT
    state = DeliveryState.COMPLAINED if complained else failed
    if delivery.state in REACHED_FROM[state]:
        cause = "report" if state is DeliveryState.SENT else finding.verdict.value
        said = _said(finding.entry, delivery.address) if finding.entry else {}
        marks.move(connection, delivery, state, cause, **said)


def _said(entry: Entry, address: str | None) -> dict[str, object]:
    text = without_address(entry.text, address)
    return {"code": entry.code, "enhanced": entry.enhanced, "text": text}


def _paused(connection: Connection, findings: Iterable[Finding]) -> tuple[int, ...]:
    """The campaigns that go on no longer. One that is done pauses nothing."""
    campaigns = {each.match.delivery.campaign_id for each in findings if each.match}
    return tuple(each for each in sorted(campaigns) if breaker.check(connection, each))
