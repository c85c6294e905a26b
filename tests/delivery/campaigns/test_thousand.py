"""Many guides, each its own mail; CAMPAIGN_COPIES=1000 for the figure in docs/delivery.md."""

import os
import time
from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.delivery.campaigns.operator import Operator, download, mails
from tests.delivery.campaigns.test_whole_way import plan_in
from tests.runs import until
from tests.servers.postfix import postfix

COPIES = int(os.environ.get("CAMPAIGN_COPIES", "30"))
FIRST = date(2027, 1, 4)


def people(count: int) -> list[tuple[str, int, str]]:
    """All different in name, and neighbours in hours and start."""
    return [
        (f"Reader{i:04}", 3 + i % 9, (FIRST + timedelta(days=i % 28)).isoformat())
        for i in range(count)
    ]


def test_each_of_many_gets_their_own_once(
    operator: Operator, request: pytest.FixtureRequest
) -> None:
    everyone = people(COPIES)
    operator.subscribes(*everyone)
    operator.types("campaign", "create", "many", "--edition", "guide")
    with postfix() as server:
        operator.smtp = server.port
        began = time.monotonic()
        operator.types("campaign", "send", "many", "--yes", "--workers", "2")
        took = time.monotonic() - began
        until(lambda: len(server.mails()) >= COPIES)
        found = mails(server.maildir(), operator.tag)
    assert [operator.address(name) for name, *_ in everyone] == [each.to for each in found]
    made = {path.read_bytes() for path in Path(operator.files).rglob("*.pdf")}
    assert COPIES == len({each.link for each in found}) == len(made)
    some = list(zip(found, everyone, strict=True))[:: max(1, COPIES // 40)]
    with operator.serves() as client:
        for mail, (name, hours, start) in some:
            plan = plan_in(download(client, mail.link))
            reader = plan["reader"]
            assert isinstance(reader, dict)
            assert (name, hours, start) == (reader["name"], plan["hours_per_week"], plan["start"])
    request.node.user_properties.append(("seconds", round(took, 1)))
    print(f"{COPIES} copies made and sent in {took:.1f} s")  # noqa: T201  # the measurement
