"""What the commands print, and how fast they can start."""

import json
import subprocess
import sys
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pikepdf
from click.testing import CliRunner
from icalendar import Calendar

from publisher.cli import main
from tests.conftest import MadeGuide

PLAN = ("plan", "software-engineer", "--hours", "8", "--start", "2027-01-04")


def output(*arguments: str) -> str:
    """What a command that ends well prints."""
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == 0, result.output
    return result.output


def test_help_lists_every_command_without_loading_any() -> None:
    """Neither the renderer nor the records' models are imported for --help."""
    ended = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "publisher", "--help"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    for name in ("check", "schema", "list", "plan", "guide"):
        assert name in ended.stdout
    imported = {line.rpartition("|")[2].strip() for line in ended.stderr.splitlines()}
    assert not {"weasyprint", "pydantic", "pikepdf", "jinja2", "lxml.etree"} & imported


def test_plan_does_not_load_the_renderer() -> None:
    ended = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "publisher", *PLAN],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    imported = {line.rpartition("|")[2].strip() for line in ended.stderr.splitlines()}
    assert not {"weasyprint", "pikepdf", "ebooklib"} & imported


def test_lists_are_slugs_and_names() -> None:
    careers = ("Vector Database Engineer", "Search Relevance Engineer")
    listed = "".join(f"{name.lower().replace(' ', '-')}\t{name}\n" for name in careers)
    assert listed == output("list", "careers")
    assert "software-engineer\tSoftware Engineer" in output("list", "backgrounds")
    assert "hnsw\t" in output("list", "skills")
    assert "hnsw-tuning\t" in output("list", "modules")
    months = "months at 10 h a week: platform 8, engine 13"
    assert f"software-engineer → vector-database-engineer\t{months}" in output("list", "paths")


def test_plan_as_text_says_all_in_the_first_lines() -> None:
    first, second, third, *_ = output(*PLAN).splitlines()
    assert "From Software Engineer to Vector Database Engineer, Platform track" == first
    assert "279.5 hours of study at 8 a week: 9 months (7 to 12)" == second
    assert "39 weeks, from 2027-01-04 to 2027-10-03" == third


def test_plan_as_json_is_json() -> None:
    data = json.loads(output(*PLAN, "--format", "json"))
    assert ("2027-01-04", "2027-10-03", 279.5) == (data["start"], data["finish"], data["hours"])


def test_plan_as_calendar_is_accepted_by_a_calendar() -> None:
    """One event a week, each of seven days, none overlapping the next."""
    text = CliRunner().invoke(main, [*PLAN, "--format", "ics"]).stdout_bytes
    events = list(Calendar.from_ical(text.decode()).walk("VEVENT"))
    assert 39 == len(events) == len({str(event["UID"]) for event in events})
    starts = [event["DTSTART"].dt for event in events]
    ends = [event["DTEND"].dt for event in events]
    assert date(2027, 1, 4) == starts[0]
    assert starts[1:] == ends[:-1]
    lines = text.split(b"\r\n")
    assert lines.pop() == b""
    assert all(len(line) <= 75 and b"\n" not in line for line in lines)


def test_a_guide_carries_its_plan(made_guides: Mapping[str, MadeGuide]) -> None:
    with pikepdf.open(made_guides["software-engineer"].pdf) as pdf:
        files = {name: spec.get_file().read_bytes() for name, spec in pdf.attachments.items()}
    assert {"plan.json", "plan.ics"} == set(files)
    assert "Ada Lovelace" == json.loads(files["plan.json"])["reader"]["name"]
    assert 39 == len(list(Calendar.from_ical(files["plan.ics"].decode()).walk("VEVENT")))


def test_planning_again_from_a_guide_leaves_out_what_is_done(
    made_guides: Mapping[str, MadeGuide], tmp_path: Path
) -> None:
    earlier = str(made_guides["software-engineer"].pdf)
    cache = str(made_guides["software-engineer"].pdf.parent / "cache")
    result = CliRunner().invoke(
        main,
        ["guide", "--from", earlier, "--done", "embeddings-basics", "--start", "2027-02-01",
         "-o", str(tmp_path), "--format", "pdf"],
        env={"PUBLISHER_CACHE": cache},
    )  # fmt: skip
    assert result.exit_code == 0, result.output
    with pikepdf.open(tmp_path / "vector-database-engineer-for-software-engineer.pdf") as pdf:
        plan = json.loads(pdf.attachments["plan.json"].get_file().read_bytes())
    assert ("Ada Lovelace", 8.0) == (plan["reader"]["name"], plan["hours_per_week"])
    assert "embeddings-basics" not in {module["module"] for module in plan["modules"]}
    assert "2027-02-01" == plan["start"]
