"""publisher build: what has changed is made again, and nothing else is touched."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from publisher.settings import CHECKOUT
from tests.conftest import ROOT
from tests.runs import SMALL, assert_well, contents, counts, publisher, readers_file

BOOKS = {
    f"cartographer-{name}.{form}"
    for name in ("for-surveyor", "handbook", "handbook-sample")
    for form in ("pdf", "epub")
}

Ended = subprocess.CompletedProcess[str]
Stamps = Mapping[str, tuple[int, int]]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with records, a theme, the books made of them in out/, and the cache."""
    folder = tmp_path_factory.mktemp("built")
    shutil.copytree(SMALL, folder / "guides")
    shutil.copytree(CHECKOUT / "themes" / "default", folder / "theme")
    assert_well(Place(folder).build())
    return folder


@dataclass(frozen=True)
class Place:
    """A folder such as `built`, for a test to change."""

    folder: Path

    @property
    def out(self) -> Path:
        """The folder of the books."""
        return self.folder / "out"

    def build(self, *options: str | Path) -> Ended:
        """Run the command."""
        return publisher(
            "build", "--guides", self.folder / "guides", "--output", self.out, "--workers", "2",
            *options, cache=self.folder / "cache", PUBLISHER_THEME=str(self.folder / "theme"),
        )  # fmt: skip

    def edit(self, name: str, old: str, new: str) -> None:
        """Change a text in a file."""
        path = self.folder / name
        text = path.read_text("utf-8")
        assert old in text
        path.write_text(text.replace(old, new), "utf-8")

    def stamps(self) -> Stamps:
        """Name to inode and time of what is in the folder of the books, folders too."""
        paths = [self.out, *self.out.rglob("*")]
        stats = {path.relative_to(self.out).as_posix(): path.stat() for path in paths}
        return {name: (stat.st_ino, stat.st_mtime_ns) for name, stat in stats.items()}


@pytest.fixture
def place(built: Path, tmp_path: Path) -> Place:
    """A copy, whose files have the times of the original."""
    return Place(Path(shutil.copytree(built, tmp_path / "place")))


def made_and_kept(said: Ended) -> tuple[int, int]:
    """What the last line counts."""
    assert_well(said)
    end = counts(said.stderr)
    assert 0 == end["failed"]
    return end["made"], end["kept"]


def renewed(
    before: Mapping[str, tuple[int, int]], after: Mapping[str, tuple[int, int]]
) -> set[str]:
    """The books that were written since."""
    return {name for name in BOOKS if before.get(name) != after.get(name)}


def books_named(*names: str) -> set[str]:
    return {book for book in BOOKS if book.rpartition(".")[0] in names}


def test_every_path_guide_handbook_and_sample_is_made(built: Path) -> None:
    found = {name for name in contents(built / "out") if not name.startswith("site/")}
    assert {*BOOKS, "manifest.json"} == found
    manifest = json.loads((built / "out" / "manifest.json").read_bytes())
    names = ["cartographer-for-surveyor", "cartographer-handbook", "cartographer-handbook-sample"]
    assert [*names, "site"] == [receipt["name"] for receipt in manifest["made"]]
    files = {f"guides/{path.relative_to(SMALL)}" for path in SMALL.rglob("*") if path.is_file()}
    assert files <= set(manifest["from"])


def test_nothing_changed_touches_no_file_and_loads_no_renderer(place: Place) -> None:
    before = place.stamps()
    ended = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "publisher", "build",
         "--guides", place.folder / "guides", "--output", place.out],
        cwd=ROOT, capture_output=True, text=True, check=True,
        env={**os.environ, "PUBLISHER_CACHE": str(place.folder / "cache"),
             "PUBLISHER_THEME": str(place.folder / "theme")},
    )  # fmt: skip
    lines = ended.stderr.splitlines()
    imported = {line.rpartition("|")[2].strip() for line in lines}
    assert "publisher.build.receipts" in imported
    assert not {"weasyprint", "publisher.rendering.pdf.layout", "pydyf", "fontTools"} & imported
    assert lines[-1].startswith("nothing has changed")
    assert before == place.stamps()


def test_an_edited_module_touches_only_the_books_that_have_it(place: Place) -> None:
    """The typical surveyor needs no lesson in measuring, and the sample shows another module."""
    before, files = place.stamps(), contents(place.out)
    place.edit("guides/modules/measure-land.md", "One paragraph.", "Another paragraph.")
    said = place.build("--explain")
    assert (1, 2) == made_and_kept(said)
    assert books_named("cartographer-handbook") == renewed(before, place.stamps())
    assert said.stdout.splitlines() == [
        "guides/modules/measure-land.md: changed",
        "cartographer-for-surveyor: changed: records",
        "cartographer-handbook: changed: records",
        "cartographer-handbook-sample: changed: records",
        "site: changed: records",
        "cartographer-for-surveyor: says the same: kept",
        "cartographer-handbook: made again for module-measure-land",
        "cartographer-handbook-sample: says the same: kept",
    ]
    after = contents(place.out)
    assert all(files[name] != after[name] for name in books_named("cartographer-handbook"))
    assert (0, 0) == (place.build().returncode, place.build("--dry-run").returncode)


def test_an_edited_module_touches_only_its_page_and_the_search_of_the_site(place: Place) -> None:
    before = place.stamps()
    place.edit("guides/modules/measure-land.md", "One paragraph.", "Another paragraph.")
    assert_well(place.build())
    after = place.stamps()
    paths = {name for name in after if name.startswith("site/") and (place.out / name).is_file()}
    written = {name for name in paths if before.get(name) != after[name]}
    pages = {name for name in written if not name.startswith("site/pagefind/")}
    assert {"site/modules/measure-land/index.html"} == pages
    assert 2 <= len(written - pages) < 10
    gone = {name for name in before if name.startswith("site/pagefind/")} - after.keys()
    assert gone  # what the old text alone had in the index


def test_a_page_that_is_damaged_or_no_more_wanted_is_mended(place: Place) -> None:
    page, extra = place.out / "site" / "index.html", place.out / "site" / "mine.txt"
    whole = page.read_bytes()
    page.write_bytes(whole[:100])
    extra.write_text("not ours")
    records = place.folder / "guides" / "careers" / "cartographer" / "projects"
    (records / "village-map.md").rename(records / "town-map.md")
    place.edit("guides/careers/cartographer/advice.yaml", "project:village-map", "project:town-map")
    assert_well(place.build())
    assert whole == page.read_bytes()
    projects = place.out / "site" / "cartographer" / "projects"
    assert ["town-map"] == [path.name for path in projects.iterdir()]
    assert "not ours" == extra.read_text()
    assert "nothing has changed" in place.build().stderr


def test_what_an_edit_makes_is_what_a_new_folder_gets(place: Place) -> None:
    """No stale section is in a book, and its manifest is that of a first run."""
    place.edit("guides/modules/draw-contours.md", "One exercise.", "Two exercises.")
    place.edit("guides/glossary.yaml", "A line of equal height.", "A line at one height.")
    assert_well(place.build())
    again = Place(place.folder.with_name("again"))
    for part in ("guides", "theme", "cache"):
        shutil.copytree(place.folder / part, again.folder / part)
    assert_well(again.build())
    assert contents(again.out) == contents(place.out)


def test_a_file_that_says_nothing_in_a_book_makes_none_again(place: Place) -> None:
    before = place.stamps()
    (place.folder / "guides" / "README.md").write_text("For editors.\n")
    said = place.build("--explain")
    assert (0, 3) == made_and_kept(said)
    assert "guides/README.md: new" in said.stdout
    assert not renewed(before, place.stamps())
    assert "nothing has changed" in place.build().stderr


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("styles/print.css", "padding-top: 430pt", "padding-top: 431pt"),
        ("styles/epub.css", "line-height: 1.5", "line-height: 1.6"),
        ("templates/epub-cover.xhtml", "</body>", "<!-- new --></body>"),
    ],
)
def test_a_changed_style_makes_every_book_again(
    file: str, old: str, new: str, place: Place
) -> None:
    place.edit(f"theme/{file}", old, new)
    before = place.stamps()
    said = place.build("--explain")
    assert (3, 0) == made_and_kept(said)
    assert f"theme/{file}: changed" in said.stdout
    assert BOOKS == renewed(before, place.stamps())


def test_a_removed_or_damaged_file_is_made_again(place: Place) -> None:
    before, files = place.stamps(), contents(place.out)
    (place.out / "cartographer-handbook-sample.epub").unlink()
    (place.out / "cartographer-for-surveyor.pdf").write_bytes(b"%PDF-1.7")
    assert (2, 1) == made_and_kept(place.build())
    assert files == contents(place.out)
    wanted = books_named("cartographer-handbook-sample", "cartographer-for-surveyor")
    assert wanted == renewed(before, place.stamps())


def test_another_format_is_made_though_the_text_is_the_same(built: Path, tmp_path: Path) -> None:
    place = Place(tmp_path)
    for part in ("guides", "theme", "cache"):
        shutil.copytree(built / part, tmp_path / part)
    assert (3, 0) == made_and_kept(place.build("--format", "epub"))
    assert {book for book in BOOKS if book.endswith("epub")} == BOOKS & set(contents(place.out))
    assert (3, 0) == made_and_kept(place.build())
    assert contents(built / "out") == contents(place.out)


def test_a_dry_run_changes_nothing(place: Place) -> None:
    place.edit("guides/modules/measure-land.md", "One paragraph.", "Another paragraph.")
    before = place.stamps()
    said = place.build("--dry-run")
    assert_well(said)
    assert "cartographer-handbook: changed: records" in said.stdout
    assert "3 of 3 would be looked at" in said.stderr
    assert before == place.stamps()


def test_a_book_that_fails_keeps_its_files_and_costs_no_other(place: Place) -> None:
    """Only the handbook has the module with the character that no font has."""
    before = place.stamps()
    place.edit("guides/modules/measure-land.md", "One paragraph.", "A rune: \u16a0.")
    said = place.build()
    assert_well(said, status=1)
    assert "cartographer-handbook: module-measure-land.xhtml: B109 no bundled font" in said.stderr
    assert (0, 2, 1) == tuple(counts(said.stderr)[word] for word in ("made", "kept", "failed"))
    assert not renewed(before, place.stamps())
    place.edit("guides/modules/measure-land.md", "A rune: \u16a0.", "A line.")
    assert (1, 2) == made_and_kept(place.build())
    assert books_named("cartographer-handbook") == renewed(before, place.stamps())


def test_mistakes_in_the_records_stop_it(place: Place) -> None:
    before = place.stamps()
    place.edit("guides/modules/measure-land.md", "hours: 20", "hours: many")
    said = place.build()
    assert_well(said, status=1)
    assert "guides/modules/measure-land.md:4:8: R103" in said.stderr
    assert "nothing was made" in said.stderr
    assert before == place.stamps()


def test_copies_in_the_same_folder_are_let_alone(place: Place) -> None:
    """And a batch lets the books of a build alone: each knows what the other has made."""
    readers = readers_file(place.folder / "readers.csv", 1)
    batch = ("batch", readers, "--guides", place.folder / "guides", "--output", place.out)
    variables = {"PUBLISHER_THEME": str(place.folder / "theme")}
    assert (1, 0) == made_and_kept(publisher(*batch, cache=place.folder / "cache", **variables))
    assert "nothing has changed" in place.build().stderr
    place.edit("guides/glossary.yaml", "A line of equal height.", "A line at one height.")
    assert_well(place.build())
    said = publisher(*batch, "--dry-run", cache=place.folder / "cache", **variables)
    assert "cartographer-for-surveyor-reader000: changed: records\n" == said.stdout
    names = [
        each["name"] for each in json.loads((place.out / "manifest.json").read_bytes())["made"]
    ]
    assert ["cartographer-for-surveyor-reader000"] == names[4:]
