"""`publisher campaign` without anything being sent: exit statuses, and what it says."""

import json
from collections.abc import Callable

import pytest
from click.testing import CliRunner, Result

from publisher.cli import main
from tests.delivery.campaigns.operator import Operator

Types = Callable[..., Result]

PEOPLE = """\
name,email,background,career,consent_time,consent_source
Ada,ada@example.org,surveyor,cartographer,2026-11-01T10:00:00Z,form
=1+1,grace@example.org,surveyor,cartographer,2026-11-01T10:00:00Z,form
Hedy,hedy@example.org,,,2026-11-01T10:00:00Z,form
"""


@pytest.fixture
def types(operator: Operator, monkeypatch: pytest.MonkeyPatch) -> Types:
    """Types a command after `publisher`; three have confirmed, one of them without background."""
    for name, value in operator.environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("PUBLISHER_SMTP", raising=False)
    runner = CliRunner()

    def typed(*arguments: str) -> Result:
        result = runner.invoke(main, list(arguments))
        assert result.exception is None or isinstance(result.exception, SystemExit), result.output
        return result

    file = operator.folder / "people.csv"
    file.write_text(PEOPLE, "utf-8")
    assert 0 == typed("subscribers", "import", str(file), "--confirmed").exit_code
    return typed


def create(types: Types, name: str = "c", *options: str) -> Result:
    return types("campaign", "create", name, "--edition", "guide", *options)


def state(types: Types, name: str = "c") -> str:
    found = json.loads(types("campaign", "status", name, "--format", "json").stdout)
    return str(found["state"])


def test_a_guide_goes_to_who_gave_a_background_and_a_handbook_to_all(types: Types) -> None:
    assert "2 recipients" in create(types).stdout
    assert "3 recipients" in types("campaign", "create", "b", "--edition", "handbook").stdout


def test_a_name_is_used_once(types: Types) -> None:
    create(types)
    again = create(types)
    assert 1 == again.exit_code
    assert "there is a campaign 'c' already" in again.stderr
    assert 1 == types("campaign", "list").stdout.count("\n")


def test_status_has_every_state(types: Types) -> None:
    create(types)
    found = json.loads(types("campaign", "status", "c", "--format", "json").stdout)
    assert {"name", "state", "counts", "total"} == set(found)
    assert {
        "planned", "ready", "claimed", "handoff", "deferred", "sent", "bounced", "complained",
        "failed", "unknown", "suppressed", "cancelled", "expired",
    } == set(found["counts"])  # fmt: skip
    assert (2, 2, "ready") == (found["counts"]["planned"], found["total"], found["state"])
    assert "c: ready; of 2: 2 planned\n" == types("campaign", "status", "c").stdout


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--career", "cartografer"], "did you mean 'cartographer'?"),
        (["--background", "x"], "unknown background 'x'"),
        (["--list", "all"], "--list"),
        (["--list", "Ü"], "--list"),
        (["--not-after", "2020-01-01"], "that day is over"),
    ],
)
def test_wrong_options_are_told(types: Types, options: list[str], words: str) -> None:
    said = create(types, "c", *options)
    assert 2 == said.exit_code
    assert words in said.stderr
    assert "" == types("campaign", "list").stdout


@pytest.mark.parametrize("name", ["", "a b", "../x", "ä", "x" * 81])
def test_a_name_is_plain(types: Types, name: str) -> None:
    assert 2 == create(types, name).exit_code


def test_nobody_in_a_segment_makes_no_campaign(types: Types) -> None:
    create(types)
    said = create(types, "d", "--received", "c")
    assert 1 == said.exit_code
    assert "nobody is in this segment" in said.stderr
    assert 1 == types("campaign", "list").stdout.count("\n")


def test_a_campaign_that_is_not_there_is_told_with_a_hint(types: Types) -> None:
    create(types, "spring")
    for command in ("status", "pause", "resume", "report", "preview"):
        said = types("campaign", command, "sprng")
        assert 1 == said.exit_code
        assert "did you mean 'spring'?" in said.stderr
    assert 1 == create(types, "d", "--missed", "sprng").exit_code


def test_without_a_relay_it_says_how_to_try(types: Types) -> None:
    create(types)
    said = types("campaign", "send", "c", "--yes")
    assert 2 == said.exit_code
    assert "PUBLISHER_SMTP is not set" in said.stderr
    assert "python -m aiosmtpd" in said.stderr


def test_without_a_sender_it_says_so(types: Types, monkeypatch: pytest.MonkeyPatch) -> None:
    create(types)
    monkeypatch.setenv("PUBLISHER_SMTP", "smtp://127.0.0.1:1")
    monkeypatch.delenv("PUBLISHER_SENDER")
    said = types("campaign", "send", "c", "--yes")
    assert 2 == said.exit_code
    assert "PUBLISHER_SENDER is not set" in said.stderr


def test_links_that_are_not_secure_send_nothing(
    types: Types, monkeypatch: pytest.MonkeyPatch
) -> None:
    create(types)
    monkeypatch.setenv("PUBLISHER_SMTP", "smtp://127.0.0.1:1")
    monkeypatch.setenv("PUBLISHER_BASE_URL", "http://guides.example")
    said = types("campaign", "send", "c", "--yes")
    assert 2 == said.exit_code
    assert "https://" in said.stderr


def test_nobody_is_asked_where_nobody_is(types: Types, monkeypatch: pytest.MonkeyPatch) -> None:
    create(types)
    monkeypatch.setenv("PUBLISHER_SMTP", "smtp://127.0.0.1:1")
    said = types("campaign", "send", "c")
    assert 2 == said.exit_code
    assert "give --yes" in said.stderr
    assert "of 2: 2 planned" in said.stderr
    assert "ready" == state(types)


@pytest.mark.parametrize("rate", ["10", "0/s", "ten/s", "1/d", "-1/s"])
def test_a_rate_is_told_how_to_be_written(types: Types, rate: str) -> None:
    create(types)
    said = types("campaign", "send", "c", "--yes", "--rate", rate)
    assert 2 == said.exit_code
    assert "10/s" in said.stderr


def test_pause_resume_and_cancel(types: Types, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PUBLISHER_SMTP", "smtp://127.0.0.1:1")
    create(types)
    assert 0 == types("campaign", "pause", "c", "--cause", "a mistake").exit_code
    assert "paused (a mistake)" in types("campaign", "status", "c").stdout
    said = types("campaign", "send", "c", "--yes")
    assert 1 == said.exit_code
    assert "paused" in said.stderr
    assert 0 == types("campaign", "resume", "c").exit_code
    assert 1 == types("campaign", "resume", "c").exit_code
    assert 2 == types("campaign", "cancel", "c").exit_code
    assert "2 are not sent" in types("campaign", "cancel", "c", "--yes").stdout
    assert "cancelled" == state(types)
    said = types("campaign", "retry", "c", "--state", "failed")
    assert 1 == said.exit_code
    assert "cancelled" in said.stderr


def test_a_report_has_a_line_for_each_reader(types: Types) -> None:
    create(types)
    rows = json.loads(types("campaign", "report", "c", "--format", "json").stdout)
    assert ["ada@example.org", "grace@example.org"] == [row["address"] for row in rows]
    assert {"state", "cause", "code", "time"} < set(rows[0])
    lines = types("campaign", "report", "c", "--format", "csv").stdout.splitlines()
    assert lines[0].startswith("id,address,state,cause,code")
    assert 3 == len(lines)
    assert 2 == types("campaign", "report", "c").stdout.count("planned")
    assert "[]\n" == types("campaign", "report", "c", "--state", "sent", "--format", "json").stdout
    assert 2 == types("campaign", "report", "c", "--state", "nonsense").exit_code


def test_only_what_is_unknown_is_resolved(types: Types) -> None:
    create(types)
    said = types("campaign", "resolve", "1", "--as", "sent")
    assert 1 == said.exit_code
    assert "not unknown" in said.stderr
