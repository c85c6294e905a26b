"""Readers of a realistic mix, and a handbook of any length.

`python mix.py readers N FILE` writes N readers as CSV: all paths and tracks, 3 to 40 hours a week,
own levels, names in six scripts. `python mix.py handbook MODULES CACHE` makes the handbook of a
career that has so many modules, each a copy of one of ours. `python mix.py prepare FOLDER N` writes
what the peers typeset for N of these readers, `python mix.py make CACHE N FORMATS` makes their
guides in one loaded process and prints what each cost.
"""

import csv
import random
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from pathlib import Path

from measure import in_process, write_costs
from sample import composed_guide, desk, prepare

from publisher.build.book import make_book
from publisher.build.guide import make_guide
from publisher.build.reporter import Silent
from publisher.build.store import Store
from publisher.build.workshop import Workshop
from publisher.editions.handbook import Handbook
from publisher.planning.plan import plan
from publisher.planning.reader import Reader
from publisher.records.catalogue import CareerRecords, Catalogue
from publisher.records.models.career import Need
from publisher.records.models.module import Step

NAMES = ("Ada Lovelace", "Жуковский Николай", "Γεωργία Παππά", "陈伟", "अनन्या शर्मा", "נועה לוי")
"""Six scripts. Made up, as all readers here."""

SEED = 20261123

FIRST_DAY = date(2027, 1, 4)


def readers(catalogue: Catalogue, count: int) -> Iterator[Reader]:
    """The same readers each time, in the same order."""
    lot = random.Random(SEED)  # noqa: S311  # no secret
    paths = [(c, b, path) for c, records in catalogue.careers.items()
             for b, path in records.paths.items()]  # fmt: skip
    for number in range(count):
        career, background, path = lot.choice(paths)
        skills = lot.sample(list(catalogue.careers[career].career.needs), lot.randint(0, 6))
        yield Reader(
            name=f"{NAMES[number % len(NAMES)]} {number}",
            background=background,
            career=career,
            track=lot.choice(list(path.headline.months)),
            hours_per_week=float(lot.randint(3, 40)),
            start=FIRST_DAY + timedelta(days=lot.randint(0, 364)),
            skills={skill: lot.randint(0, 4) for skill in skills},
        )


def write_readers(count: int, file: Path) -> None:
    """The readers as `publisher batch` takes them."""
    with file.open("w", newline="", encoding="utf-8") as stream:
        rows = csv.writer(stream)
        rows.writerow(
            [
                "name",
                "background",
                "career",
                "track",
                "hours_per_week",
                "start",
                "skills",
                "out_name",
            ]
        )
        for number, each in enumerate(readers(desk().records, count)):
            skills = ";".join(f"{skill}={level}" for skill, level in each.skills.items())
            answers = each.background, each.career, each.track, each.hours_per_week, each.start
            rows.writerow([each.name, *answers, skills, f"copy-{number:04}"])


def long_career(catalogue: Catalogue, modules: int) -> tuple[Catalogue, CareerRecords]:
    """Our first career with so many modules that each teach a skill of their own."""
    records = next(iter(catalogue.careers.values()))
    originals = [m for m in catalogue.modules.values() if m.teaches]
    skill = next(iter(catalogue.skills.values()))
    step = Step.model_validate({"from": 0, "to": 1})
    slugs = [f"generated-{number}" for number in range(modules)]
    made = {
        slug: originals[number % len(originals)].model_copy(
            update={"title": f"Module {number} of many", "requires": (),
                    "teaches": {f"skill-{number}": step}}
        )
        for number, slug in enumerate(slugs)
    }  # fmt: skip
    skills = {f"skill-{number}": skill for number in range(modules)}
    phase = records.career.phases[0]
    phases = (phase.model_copy(update={"modules": tuple(slugs)}),)
    need = Need(importance=3, levels=dict.fromkeys(records.career.tracks, 1))
    career = records.career.model_copy(
        update={"needs": dict.fromkeys(skills, need), "phases": phases}
    )
    long = replace(records, slug="long", career=career, paths={}, projects={}, advice=())
    return replace(
        catalogue, modules=catalogue.modules | made, skills=catalogue.skills | skills,
        careers={**catalogue.careers, long.slug: long},
    ), long  # fmt: skip


def make_handbook(modules: int, cache: Path) -> None:
    """Make the PDF of a long handbook; prints its pages."""
    here = desk()
    catalogue, records = long_career(here.records, modules)
    workshop = Workshop(here.theme, Store(cache), Silent(), 1)
    book = make_book(Handbook(catalogue, records).edition(), catalogue, ["pdf"], workshop)
    sys.stdout.write(f"{book.pages}\n")


def make(cache: Path, count: int, formats: Sequence[str]) -> None:
    """Make the guides of readers; the first four go before them unmeasured, to load everything."""
    here = desk()
    workshop = Workshop(here.theme, Store(cache), Silent(), 1)
    people = list(readers(here.records, count + 4))

    def job(person: Reader) -> None:
        make_guide(plan(person, here.records), formats, workshop)

    for person in people[count:]:
        job(person)
    write_costs(in_process(partial(job, person)) for person in people[:count])


def main(arguments: Sequence[str]) -> None:
    """What the command line asks for."""
    match arguments:
        case ["readers", count, file]:
            write_readers(int(count), Path(file))
        case ["handbook", modules, cache]:
            make_handbook(int(modules), Path(cache))
        case ["prepare", folder, count]:
            here = desk()
            people = readers(here.records, int(count) + 1)
            prepare(Path(folder), (composed_guide(each, here) for each in people), here.theme)
        case ["make", cache, count, formats]:
            make(Path(cache), int(count), formats.split(","))


if __name__ == "__main__":
    main(sys.argv[1:])
