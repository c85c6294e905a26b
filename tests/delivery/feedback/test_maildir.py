"""A Maildir is worked through: what is counted is marked as read, and nothing is ever lost."""

import json
import os
import signal
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError

from publisher.delivery.feedback import processing
from publisher.delivery.feedback.mailboxes.mailbox import MailboxError
from publisher.delivery.feedback.mailboxes.maildir import Maildir
from publisher.delivery.feedback.processing import process
from publisher.delivery.store.states import DeliveryState
from tests.delivery.feedback.boxes import maildir, names, run, started, told
from tests.delivery.feedback.ledger import OURS, Ledger
from tests.delivery.feedback.mails import VACATION, bounce, complaint
from tests.runs import assert_well, ended

DEEP = b"".join(
    b'Content-Type: multipart/mixed; boundary="%d"\n\n--%d\n' % (n, n) for n in range(3000)
)

PERSONAL = b"From: ada@there.example\nSubject: Thanks\n\nHow kind.\n"

KILL = "import os, signal\ndef kill(*_): os.kill(os.getpid(), signal.SIGKILL)\n"
BEFORE_MARKING = (
    f"{KILL}from publisher.delivery.feedback.mailboxes.maildir import Maildir\nMaildir.mark = kill"
)
BEFORE_COMMIT = f"{KILL}from publisher.delivery.feedback import verdicts\nverdicts._paused = kill"


def test_b34_what_is_counted_is_marked_and_the_rest_stays_and_is_told(
    ledger: Ledger, tmp_path: Path
) -> None:
    campaign = ledger.campaign()
    gone = ledger.delivery(campaign)
    angry = ledger.delivery(campaign, "angry@there.example")
    busy = ledger.delivery(campaign, "busy@there.example", DeliveryState.HANDOFF)
    vacation = VACATION.format(to="x@bounces.example").encode()
    anger = complaint(message_id=angry.message_id)
    mails = [bounce(gone), anger, PERSONAL, bounce(busy), vacation, DEEP]
    folder = maildir(tmp_path / "mail", mails)
    said = told(run(ledger, "--maildir", folder, "--format", "json"), status=1)
    assert said["mails"] == 6
    assert said["counts"] == {
        "dead-address": 1, "complaint": 1, "other": 1, "waiting": 1, "auto-reply": 1,
        "unreadable": 1,
    }  # fmt: skip
    stays = ["0002.test", "0003.test", "0005.test"]
    assert names(folder) == {
        "new": stays, "cur": ["0000.test:2,S", "0001.test:2,S", "0004.test:2,S"],
    }  # fmt: skip
    assert [Path(each["place"]) for each in said["left"]] == [folder / "new" / n for n in stays]
    assert [each["readable"] for each in said["left"]] == [True, True, False]
    assert [(folder / "new" / each).read_bytes() for each in stays] == [mails[2], mails[3], DEEP]


def test_b34_only_what_is_not_read_is_read(ledger: Ledger, tmp_path: Path) -> None:
    campaign = ledger.campaign()
    deliveries = ledger.deliveries(campaign, 4)
    folder = maildir(tmp_path / "mail", map(bounce, deliveries))
    for name, flags in (("0000.test", ":2,"), ("0001.test", ":2,FS"), ("0002.test", ":2,T")):
        (folder / "new" / name).rename(folder / "cur" / f"{name}{flags}")
    (folder / "new" / ".hidden").write_bytes(b"x")
    (folder / "new" / "folder").mkdir()
    os.mkfifo(folder / "new" / "pipe")
    (folder / "cur" / "0004.test:2,RF").write_bytes(bounce(deliveries[0], number=2))
    assert process(ledger.database, Maildir(folder), OURS).mails == 3
    states = [ledger.state(each) for each in deliveries]
    assert states == ["bounced", "sent", "sent", "bounced"]
    (folder / "new" / ".hidden").unlink()
    assert names(folder)["cur"] == [
        "0000.test:2,S", "0001.test:2,FS", "0002.test:2,T", "0003.test:2,S", "0004.test:2,FRS",
    ]  # fmt: skip


def test_b34_a_mail_that_somebody_takes_away_meanwhile_is_no_failure(
    ledger: Ledger, tmp_path: Path
) -> None:
    delivery = ledger.sent()
    folder = maildir(tmp_path / "mail", [bounce(delivery)])
    mailbox = Maildir(folder)
    (mail,) = mailbox.unread()
    (folder / "new" / "0000.test").unlink()
    mailbox.mark(mail)
    assert names(folder) == {"new": [], "cur": []}


def test_a_mail_that_may_not_be_read_stays(
    ledger: Ledger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = maildir(tmp_path / "mail", [b"x"])

    def refuse(*_: object) -> None:  # as a mode would, but for root
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    summary = process(ledger.database, Maildir(folder), OURS)
    assert [each.why for each in summary.left] == ["Permission denied"]
    assert not summary.well


@pytest.mark.parametrize(("before", "first"), [(BEFORE_MARKING, 1), (BEFORE_COMMIT, 0)])
def test_b34_killed_at_the_worst_moment_it_counts_once(
    ledger: Ledger, tmp_path: Path, before: str, first: int
) -> None:
    delivery = ledger.sent()
    folder = maildir(tmp_path / "mail", [bounce(delivery, "5.2.2")])
    killed = ended(started(ledger, "--maildir", folder, before=before))
    assert killed.returncode == -signal.SIGKILL
    assert len(ledger.inbound()) == first
    assert names(folder)["new"] == ["0000.test"], "what is not marked is read again"
    said = told(run(ledger, "--maildir", folder, "--format", "json"))
    assert said["counts"] == ({"known": 1} if first else {"soft": 1})
    assert names(folder) == {"new": [], "cur": ["0000.test:2,S"]}
    assert len(ledger.inbound()) == len(ledger.soft_days(delivery)) == 1
    assert ledger.events(delivery) == ["delivery-bounced"]


def test_two_processes_at_once_count_each_mail_once(ledger: Ledger, tmp_path: Path) -> None:
    deliveries = ledger.deliveries(ledger.campaign(), 60)
    folder = maildir(tmp_path / "mail", (bounce(each, "5.2.2") for each in deliveries))
    runs = [started(ledger, "--maildir", folder, "--format", "json") for _ in range(2)]
    said = [ended(each) for each in runs]
    for each in said:
        assert_well(each)
    assert sum(json.loads(each.stdout)["counts"].get("soft", 0) for each in said) == 60
    assert len(ledger.inbound()) == 60
    assert all(ledger.events(each) == ["delivery-bounced"] for each in deliveries)
    assert (names(folder)["new"], len(names(folder)["cur"])) == ([], 60)


def test_a_mail_that_is_for_a_person_stays_until_that_person_has_read_it(
    ledger: Ledger, tmp_path: Path
) -> None:
    folder = maildir(tmp_path / "mail", [PERSONAL])
    for _ in range(2):
        said = run(ledger, "--maildir", folder)
        assert said.exit_code == 0
        assert f"{folder}/new/0000.test: neither a bounce nor a complaint" in said.stdout
        assert said.stdout.endswith("1 mail, 1 other\n")
    (folder / "new" / "0000.test").rename(folder / "cur" / "0000.test:2,S")
    assert run(ledger, "--maildir", folder).stdout == "0 mails\n"


def test_many_mails_for_a_person_are_counted_and_not_listed(ledger: Ledger, tmp_path: Path) -> None:
    folder = maildir(tmp_path / "mail", (PERSONAL + b"%d" % number for number in range(30)))
    said = run(ledger, "--maildir", folder)
    assert len(said.stdout.splitlines()) == 22
    assert "and 10 more" in said.stdout


def test_a_campaign_that_is_paused_is_told(ledger: Ledger, tmp_path: Path) -> None:
    deliveries = ledger.deliveries(ledger.campaign("autumn"), 3)
    folder = maildir(tmp_path / "mail", (bounce(each, "5.7.26") for each in deliveries))
    said = run(ledger, "--maildir", folder)
    assert said.exit_code == 0
    assert "campaign autumn paused: 3 receivers refuse us" in said.stdout


def test_a_folder_that_is_no_maildir_is_told(ledger: Ledger, tmp_path: Path) -> None:
    said = run(ledger, "--maildir", tmp_path / "none")
    assert said.exit_code == 1
    assert said.stderr == f"Error: {tmp_path}/none is no Maildir: it has no folder 'new'\n"


def test_a_maildir_that_vanishes_is_told(tmp_path: Path) -> None:
    with pytest.raises(MailboxError, match="No such file"):
        list(Maildir(tmp_path).unread())


def test_a_database_that_fails_loses_nothing(
    ledger: Ledger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = maildir(tmp_path / "mail", [bounce(ledger.sent())])

    def fail(*_: object) -> None:
        cause = Exception("disk is full\nDETAIL: ada@there.example")
        raise OperationalError("INSERT ada@there.example", {}, cause)

    monkeypatch.setattr(processing, "judge", fail)
    said = run(ledger, "--maildir", folder)
    assert said.exit_code == 1
    expected = "the database (PUBLISHER_DATABASE): disk is full"
    assert said.stderr == f"Error: {expected}\n"
    assert names(folder) == {"new": ["0000.test"], "cur": []}


def test_one_mailbox_is_asked_for(ledger: Ledger, tmp_path: Path) -> None:
    for options in ((), ("--maildir", tmp_path, "--imap", "imaps://a@b/")):
        said = run(ledger, *options)
        assert said.exit_code == 2
        assert "give --maildir or --imap, one of them" in said.stderr
