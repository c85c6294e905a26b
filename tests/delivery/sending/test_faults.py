"""Whatever the relay does: nothing twice, nothing lost, and only a cut text is unknown."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from publisher.delivery.sending.team import send
from publisher.delivery.store.database import Database
from publisher.delivery.store.states import DeliveryState
from tests.delivery.sending.campaigns import assert_lawful, campaign, job, readers, rows
from tests.servers.faults import AFTER_DOT, FAULTS, STAGES, FaultServer

LOST_IN_TEXT = {"cut", "hang", "garbage"}


def expected(stage: str, fault: str) -> DeliveryState:
    """A 5xx is final, what is cut in the text is unknown, and all else is sent in the end."""
    if fault == "550":
        return DeliveryState.FAILED
    cut = fault in LOST_IN_TEXT and stage in ("body", "dot")
    return DeliveryState.UNKNOWN if cut or fault in AFTER_DOT else DeliveryState.SENT


def matrix() -> Mapping[str, DeliveryState]:
    """Address to what must become of it, for each stage and each fault."""
    pairs = [(stage, fault) for stage in STAGES for fault in FAULTS]
    pairs += [("dot", fault) for fault in AFTER_DOT]
    return {
        f"{stage}-{fault}.x@faults.example": expected(stage, fault) for stage, fault in pairs
    } | {f"rcpt-450-2.y{i}@faults.example": DeliveryState.SENT for i in range(5)}


@pytest.mark.parametrize("workers", [1, 3])
def test_each_fault_at_each_stage(
    database: Database, database_url: str, faults: FaultServer, tmp_path: Path, workers: int
) -> None:
    faults.greetings += ["421 4.3.2 busy", "cut", "hang", "what?", "220 faults.example"]
    wanted = dict(matrix())
    wanted |= dict.fromkeys(readers(60), DeliveryState.SENT)
    sent = campaign(database, list(wanted))
    ended = send(job(database_url, sent, faults.port, tmp_path), workers)
    found = {address: row.state for address, row in rows(database, sent).items()}
    assert wanted == found
    assert_lawful(database, sent, faults, len(wanted))
    assert "done-with-unknown" == ended.state
    assert len(wanted) == sum(ended.counts.values())
