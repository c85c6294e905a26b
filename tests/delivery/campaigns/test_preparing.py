"""Files are made once for each reader, whatever is killed, and the others go on without one."""

import json
import os
import shutil
import signal

from tests.delivery.campaigns.operator import Operator
from tests.runs import SMALL, assert_well, ended, until
from tests.servers.faults import FaultServer, fault_server

FEW_AT_ONCE = "from publisher.delivery.campaigns import planned; planned.AT_ONCE = 2"
"""New workers for every two guides; each looks at the records when it begins."""

KILLED_BEFORE_ENTERING = """
import os, signal
from publisher.delivery.campaigns.preparing import Preparing
Preparing._enter = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
"""

RUNES = "ᚠᚢᚦ"
"""A name that no bundled font has."""


def readers(count: int) -> list[tuple[str, int, str]]:
    return [(f"Reader{i}", 5 + i % 3, f"2027-01-{4 + i:02}") for i in range(count)]


def counts(operator: Operator, name: str = "c") -> dict[str, int]:
    found = json.loads(operator.types("campaign", "status", name, "--format", "json"))
    return {state: count for state, count in found["counts"].items() if count}


def assert_each_once(server: FaultServer, operator: Operator, count: int) -> None:
    assert set() == server.twice
    assert count == len(server.accepted) == len(set(server.recipients))
    # What was being written when its process was killed has no name, and goes an hour later.
    made = [each for each in operator.files.rglob("[!.]*") if each.is_file()]
    assert 2 * count == len(made)


def test_one_whose_guide_cannot_be_made_does_not_stop_the_others(plain: Operator) -> None:
    with fault_server() as server:
        plain.smtp = server.port
        plain.subscribes(*readers(1), ("Odin", 5, "2027-01-04"))
        _rename(plain, "Odin")
        plain.types("campaign", "create", "c", "--edition", "guide")
        said = plain.types("campaign", "send", "c", "--yes", status=1)
        assert "no bundled font" in said
        assert {"sent": 1, "failed": 1} == counts(plain)
        report = json.loads(plain.types("campaign", "report", "c", "--state", "failed",
                                        "--format", "json"))  # fmt: skip
        assert "not-made" == report[0]["cause"]
        plain.types("campaign", "retry", "c", "--state", "failed", "--cause", "other")
        assert {"sent": 1, "failed": 1} == counts(plain)
        plain.types("campaign", "retry", "c", "--state", "failed", "--cause", "not-made")
        assert {"sent": 1, "planned": 1} == counts(plain)
        plain.types("campaign", "send", "c", "--yes", status=1)
        assert {"sent": 1, "failed": 1} == counts(plain)
        assert_each_once(server, plain, 1)


def _rename(operator: Operator, name: str) -> None:
    """An import would do the same, but it has a name of its own in the file's address."""
    file = operator.folder / "renamed.csv"
    line = f"{RUNES},{operator.address(name)},surveyor,2026-11-02T10:00:00Z,form"
    file.write_text(f"name,email,background,consent_time,consent_source\n{line}\n", "utf-8")
    operator.types("subscribers", "import", file, "--confirmed")


def test_what_a_killed_process_has_left_is_erased_with_its_reader(plain: Operator) -> None:
    """Files, and a receipt that names them, of which the ledger knows nothing yet."""
    with fault_server() as server:
        plain.smtp = server.port
        plain.subscribes(*readers(3))
        plain.types("campaign", "create", "c", "--edition", "guide")
        run = plain.begin("campaign", "send", "c", "--yes", before=KILLED_BEFORE_ENTERING)
        assert -signal.SIGKILL == ended(run).returncode
        left = [each for each in plain.files.rglob("*") if each.is_file()]
        assert any(b"Reader" in each.read_bytes() for each in left if each.suffix == ".json")
        for name, *_ in readers(3):
            plain.types("subscribers", "erase", plain.address(name), "--yes")
        assert [] == [each for each in plain.files.rglob("[!.]*") if each.is_file()]


def test_two_processes_at_once_and_one_killed(operator: Operator) -> None:
    """Each reader's row becomes ready once, and each gets one mail."""
    with fault_server() as server:
        operator.smtp = server.port
        operator.subscribes(*readers(8))
        operator.types("campaign", "create", "c", "--edition", "guide")
        first = operator.begin("campaign", "send", "c", "--yes")
        until(lambda: list(operator.files.rglob("*.pdf")), first)
        os.killpg(first.pid, signal.SIGKILL)
        first.communicate()
        both = [operator.begin("campaign", "send", "c", "--yes") for _ in range(2)]
        # Who ends first may leave what is in the other's hands; the last one sees that all is sent.
        ends = [ended(each) for each in both]
        assert {0} <= {said.returncode for said in ends} <= {0, 1}
        assert not any("Traceback" in said.stderr for said in ends)
        assert {"sent": 8} == counts(operator)
        assert_each_once(server, operator, 8)


def test_an_edit_meanwhile_is_nobodys_fault(plain: Operator) -> None:
    """The run stops, nobody has failed, and the next run makes what is left."""
    guides = plain.folder / "guides"
    shutil.copytree(SMALL, guides)
    plain.settings["PUBLISHER_GUIDES"] = str(guides)
    with fault_server() as server:
        plain.smtp = server.port
        plain.subscribes(*readers(12))
        plain.types("campaign", "create", "c", "--edition", "guide")
        run = plain.begin("campaign", "send", "c", "--yes", before=FEW_AT_ONCE)
        until(lambda: list(plain.files.rglob("*.pdf")), run)
        with (guides / "glossary.yaml").open("a") as file:
            file.write("# edited\n")
        said = ended(run)
        assert_well(said, status=1)
        assert "B204" in said.stderr
        assert "failed" not in counts(plain)
        plain.types("campaign", "send", "c", "--yes")
        assert {"sent": 12} == counts(plain)


def test_what_is_paused_makes_no_further_files(plain: Operator) -> None:
    with fault_server() as server:
        plain.smtp = server.port
        plain.subscribes(*readers(12))
        plain.types("campaign", "create", "c", "--edition", "guide")
        run = plain.begin("campaign", "send", "c", "--yes")
        until(lambda: list(plain.files.rglob("*.pdf")), run)
        plain.types("campaign", "pause", "c")
        assert_well(ended(run), status=1)
        assert [] == server.accepted
        found = counts(plain)
        assert found["planned"] > 0
        plain.types("campaign", "cancel", "c", "--yes")
        assert {"cancelled": 12} == counts(plain)


def test_a_test_letter_changes_nothing_of_the_campaign(plain: Operator) -> None:
    with fault_server() as server:
        plain.smtp = server.port
        plain.subscribes(*readers(2))
        plain.types("campaign", "create", "c", "--edition", "guide")
        plain.types("campaign", "test", "c", "me@inbox.example")
        assert ["me@inbox.example"] == server.recipients
        assert {"planned": 2} == counts(plain)


def test_a_preview_changes_and_sends_nothing(plain: Operator) -> None:
    plain.subscribes(*readers(2))
    plain.types("campaign", "create", "c", "--edition", "guide")
    before = (plain.folder / "delivery.sqlite").read_bytes()
    made = plain.types("campaign", "preview", "c", "-o", plain.folder / "seen").splitlines()
    assert before == (plain.folder / "delivery.sqlite").read_bytes()
    assert 2 == len(made)
    assert b"To: Reader0 <" in (plain.folder / "seen" / "1.eml").read_bytes()
    assert not plain.files.exists()
