"""Each reader's copy of a batch is the plan of their own line, and of nobody else's."""

import csv
import json
import os
import re
from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date, timedelta
from itertools import product
from pathlib import Path
from random import Random
from typing import Any

import pytest

from publisher.planning.export import plan_data
from publisher.planning.plan import plan
from publisher.planning.reader import Reader
from publisher.records.catalogue import CareerRecords, Catalogue, load_catalogue
from tests.conftest import MadeGuide
from tests.copies import EpubCopy, PdfCopy, facts_of_plan, plain
from tests.runs import SMALL, assert_well, publisher

COPIES = 200
"""Readers whose EPUBs are made and read."""

PRINTED = 10
"""Readers on A4 whose PDFs are made and read. Each takes some three seconds of a core, and another
paper half a minute more for what all share; with EVERY_COPY in the environment it is all of them.
"""

NAMES = {
    "Latin": ("Zoë Łucja Ngozi Siân Şebnem", "Ångström Nuñez O’Hara Đorđević"),
    "Greek": ("Ελένη Νίκος Ζωή Άννα Θωμάς", "Παπαδοπούλου Ξένου Ψαρράς Ωραίος"),
    "Cyrillic": ("Наталья Юрій Ђорђе Іван Ольга", "Йорданова Щукин Ћирић Їжак"),
    "Arabic": ("محمد ليلى يوسف سارة عمر", "الخوارزمي حداد نجار قباني"),
    "Hebrew": ("שרה דוד נועה יעל אורי", "כהן לוי פרץ מזרחי"),
    "Devanagari": ("अनिल प्रिया राहुल सीता मोहन", "कुमार शर्मा सिंह वर्मा"),
    "Thai": ("สมชาย มาลี ณัฐ วิภา ปิติ", "ใจดี ทองสุข ศรีวรรณ แก้วใส"),
    "Chinese": ("王 李 欧阳 赵 陈", "小明 美玲 伟 静"),
    "Korean": ("김 박 이 최 정", "철수 영희 민준 서연"),
    "Japanese": ("さくら ひろし ゆき けん まこと", "たなか すずき さとう いとう"),
}
"""Script to first and last parts of names: twenty names each."""

UNREAD = re.compile("[\u0600-\u06ff]")
"""The script that poppler cannot read back from pages: several letters share a glyph, and have
dots of their own. Such a name is read in the EPUB and in the plan that the PDF carries."""

PAPERS = {"a4": (595, 842), "letter": (612, 792)}
"""Width and height in points."""

FIRST = date(2027, 1, 1)


def readers(catalogue: Catalogue) -> list[Reader]:
    """A mix of readers, the same each time; each tenth has the same script."""
    (records,) = catalogue.careers.values()
    random = Random(2027)  # noqa: S311  # a mix, no secret
    named = ([" ".join(each) for each in product(*map(str.split, n))] for n in NAMES.values())
    in_turn = [name for row in zip(*named, strict=True) for name in row]
    return [_reader(name, catalogue, records, random) for name in in_turn]


def _reader(name: str, catalogue: Catalogue, records: CareerRecords, random: Random) -> Reader:
    start = FIRST + timedelta(random.randrange(700))
    return Reader(
        name=name,
        background=random.choice(list(records.paths)),
        track=random.choice([None, *records.career.tracks]),
        hours_per_week=random.choice([None, random.randrange(6, 81) / 2]),
        start=start,
        deadline=random.choice([None, start + timedelta(random.randrange(30, 900))]),
        skills={skill: random.randrange(5) for skill in _some(catalogue.skills, random)},
        done=tuple(_some(records.career.curriculum, random)),
        pauses=tuple(start + timedelta(random.randrange(400)) for _ in range(random.randrange(3))),
        paper=random.choice(["a4", "letter"]),
    )


def _some(slugs: Collection[str], random: Random) -> list[str]:
    """None, a few or all of them."""
    number = random.choice([0, 0, 0, 1, 3, 6, len(slugs)])
    return random.sample(sorted(slugs), min(number, len(slugs)))


def write(people: list[Reader], path: Path) -> Path:
    """A file with a line for each reader."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(Reader.model_fields))
        writer.writeheader()
        writer.writerows(map(_cells, people))
    return path


def _cells(reader: Reader) -> dict[str, Any]:
    lists = {
        "skills": ";".join(f"{skill}={level}" for skill, level in reader.skills.items()),
        "done": ";".join(reader.done),
        "pauses": ";".join(map(str, reader.pauses)),
    }
    return {**reader.model_dump(), **lists}


def made(
    people: list[Reader], form: str, folder: Path, cache: Path, guides: Path
) -> list[tuple[Reader, Path]]:
    """What a batch makes of readers: each with their file, as the manifest has it."""
    command = ["batch", write(people, folder / "readers.csv"), "--format", form]
    said = publisher(*command, "--guides", guides, "--output", folder / "out", cache=cache)
    assert_well(said)
    manifest = json.loads((folder / "out" / "manifest.json").read_bytes())
    names = {receipt["line"] - 2: receipt["name"] for receipt in manifest["made"]}
    assert set(range(len(people))) == set(names)
    return [
        (reader, folder / "out" / f"{names[place]}.{form}") for place, reader in enumerate(people)
    ]


@pytest.fixture(scope="module")
def cache(made_guides: Mapping[str, MadeGuide]) -> Path:
    """A cache that has what two guides share with others."""
    return made_guides["software-engineer"].pdf.parent / "cache"


def test_no_name_is_a_part_of_another(catalogue: Catalogue) -> None:
    """Or else the tests below could find one in a copy where it is not."""
    everyone = [plain(reader.name or "") for reader in readers(catalogue)]
    assert COPIES == len(everyone)
    assert not [(one, other) for one in everyone for other in everyone if one in other != one]


def test_epubs_are_their_readers(
    catalogue: Catalogue, guides: Path, cache: Path, tmp_path: Path
) -> None:
    people = readers(catalogue)
    for reader, path in made(people, "epub", tmp_path, cache, guides):
        copy = EpubCopy.of(path)
        assert facts_of_plan(plan(reader, catalogue)) == copy.facts
        assert [reader] == whose(copy.text, people)


@pytest.mark.validator
def test_pdfs_are_their_readers(
    catalogue: Catalogue, guides: Path, cache: Path, tmp_path: Path
) -> None:
    people = readers(catalogue)
    if "EVERY_COPY" not in os.environ:
        people = [reader for reader in people if reader.paper == "a4"][:PRINTED]
    for reader, path in made(people, "pdf", tmp_path, cache, guides):
        assert_reader_has(PdfCopy.of(path), reader, people, catalogue)


@pytest.mark.validator
def test_pdfs_of_small_records_are_their_readers(tmp_path: Path) -> None:
    """On both papers, and in every script."""
    catalogue = load_catalogue(SMALL)
    people = readers(catalogue)[: len(NAMES)]
    assert {"a4", "letter"} == {reader.paper for reader in people}
    for reader, path in made(people, "pdf", tmp_path, tmp_path / "cache", SMALL):
        assert_reader_has(PdfCopy.of(path), reader, people, catalogue)


def assert_reader_has(
    copy: PdfCopy, reader: Reader, people: list[Reader], catalogue: Catalogue
) -> None:
    """A PDF prints and carries the plan of its reader, and no other name."""
    expected = plan(reader, catalogue)
    assert plan_data(expected) == json.loads(copy.carried["plan.json"])
    assert [reader] == whose("".join((*map(plain, copy.carried.values()), copy.text)), people)
    assert PAPERS[reader.paper] == copy.paper
    name = reader.name or ""
    if UNREAD.search(name):
        assert replace(facts_of_plan(expected), name="") == replace(copy.facts, name="")
    else:
        assert facts_of_plan(expected) == copy.facts
        assert len(copy.pages) == copy.text.count(plain(f"Prepared for {name}"))


def whose(text: str, people: list[Reader]) -> list[Reader]:
    """The readers whose names stand in a text."""
    return [reader for reader in people if plain(reader.name or "") in text]
