"""What a reader's copy tells them, read from the plan, from the PDF's pages and from the EPUB."""

import re
import subprocess
import unicodedata
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from html import unescape
from pathlib import Path
from typing import Any

import pikepdf
from lxml import etree

from publisher.planning.plan import Plan
from publisher.rendering.names import XHTML
from publisher.rendering.tree import Element, text_of
from tests.validators.programs import program

Row = tuple[str, ...]

TITLES = {"start": "Your start", "gap": "Your skill gap", "roadmap": "Your roadmap"}


@dataclass(frozen=True)
class Facts:
    """What is personal in a copy, as it is printed."""

    name: str
    months: str
    dates: tuple[str, str]
    pace: str
    hours: str
    gap: tuple[Row, ...]
    """Skill, have, need, gap, weight, and from where it is known."""
    modules: tuple[Row, ...]
    """Number and title, hours, weeks."""


def facts_of_plan(plan: Plan) -> Facts:
    """What a copy of a plan must tell."""
    here = plan.here
    skills, modules = here.catalogue.skills, here.catalogue.modules
    known = {"typical": "background", "stated": "you", "done": "module"}
    needed = [row for group in here.catalogue.groups for row in plan.gap.rows
              if row.group == group and row.need]  # fmt: skip
    return Facts(
        name=plain(here.reader.name or ""),
        months=str(plan.months.likely),
        dates=(_day(here.start), _day(plan.finish)),
        pace=_hours(here.hours_per_week),
        hours=_hours(plan.hours),
        gap=tuple(
            (skills[row.skill].name, str(row.have), str(row.need),
             str(row.need - row.have) if row.need > row.have else "met",
             str(row.importance), known[row.known])
            for row in needed
        ),
        modules=tuple(
            (f"{module.number} {modules[module.slug].title}",
             _part(module.hours, modules[module.slug].hours),
             _span(module.first_week, module.last_week))
            for module in plan.modules
        ),
    )  # fmt: skip


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def _hours(value: float) -> str:
    return f"{int(value) or ''}½" if value % 1 else str(int(value))


def _part(hours: float, whole: float) -> str:
    return f"{_hours(hours)} of {_hours(whole)}" if hours < whole else _hours(hours)


def _span(first: int, last: int) -> str:
    return str(first) if first == last else f"{first}–{last}"


def plain(text: str) -> str:
    """The signs of a text: no spaces, no marks of direction, letters composed."""
    shown = (c for c in text if unicodedata.category(c) not in ("Cf", "Cc", "Zs"))
    return unicodedata.normalize("NFC", "".join(shown))


@dataclass(frozen=True)
class PdfCopy:
    """A copy as PDF: its text page by page, its outline and what it carries."""

    pages: tuple[str, ...]
    sections: dict[str, int]
    """Title to page, from 1."""
    carried: dict[str, str]
    """The files inside it, and its metadata as xmp."""
    paper: tuple[int, int]
    """Width and height of every page in points."""

    @classmethod
    def of(cls, path: Path) -> "PdfCopy":
        """Read a copy."""
        with pikepdf.open(path) as pdf:
            files = {name: file.get_file().read_bytes() for name, file in pdf.attachments.items()}
            (paper,) = {tuple(round(float(edge)) for edge in p.mediabox[2:]) for p in pdf.pages}
            files["xmp"] = pdf.Root.Metadata.read_bytes()
            numbers = {page.obj.objgen: number for number, page in enumerate(pdf.pages, start=1)}
            with pdf.open_outline() as outline:
                sections = {
                    str(item.title): numbers[item.destination[0].objgen]
                    for item in _leaves(outline.root)
                }
        tool = program("pdftotext", hint="apt-get install poppler-utils")
        text = subprocess.run(
            [tool, "-layout", path, "-"], capture_output=True, encoding="utf-8", check=True
        ).stdout
        carried = {name: content.decode() for name, content in files.items()}
        return cls(tuple(text.split("\f")[:-1]), sections, carried, (paper[0], paper[1]))

    @property
    def text(self) -> str:
        """All that is printed."""
        return plain("".join(self.pages))

    def section(self, name: str) -> str:
        """The text of one of `TITLES`."""
        first = self.sections[TITLES[name]]
        next_one = min(page for page in self.sections.values() if page > first)
        return "\n".join(self.pages[first - 1 : next_one - 1])

    @property
    def facts(self) -> Facts:
        """What is printed. The titles of modules are those of the outline, where none is broken."""
        title, roadmap = self.pages[0], self.section("roadmap")
        figures = _one(r"^(\d+) {2,}([\d½]+) {2,}(\d+) {2,}\d+ %$", self.section("start"))
        rows = re.findall(
            r"^(\d+) \S.*? {2,}([\d½]+(?: of [\d½]+)?) {2,}(\d+(?:–\d+)?) {2,}(\d+)$",
            roadmap, re.MULTILINE,
        )  # fmt: skip
        titles = {label.split(" ")[0]: label for label in self.sections if label[0].isdigit()}
        assert [page for *_, page in rows] == [str(self.sections[titles[n]]) for n, *_ in rows]
        assert figures[2] == str(len(rows))
        assert len(titles) == len(rows)
        return Facts(
            name=plain("".join(re.findall("Prepared for (.*)", title))),
            months=_same(_one(r"Your (\d+)-month guide", title)[0], figures[0]),
            dates=(_one(r"From {2,}(.*)", title)[0], _one(r"To {2,}(.*)", title)[0]),
            pace=_one(r"Pace {2,}(.*) hours a week", title)[0],
            hours=figures[1],
            gap=tuple(re.findall(
                r"^(\S.*?) {2,}(\d) {2,}(\d) {2,}(\d|met) {2,}(\d) {2,}(background|you|module)$",
                self.section("gap"), re.MULTILINE,
            )),
            modules=tuple((titles[number], hours, weeks) for number, hours, weeks, _ in rows),
        )  # fmt: skip


def _leaves(items: list[pikepdf.OutlineItem]) -> Iterator[pikepdf.OutlineItem]:
    for item in items:
        yield from _leaves(item.children) if item.children else [item]


def _one(pattern: str, text: str) -> Row:
    (found,) = re.findall(pattern, text, re.MULTILINE)
    return found if isinstance(found, tuple) else (found,)


def _same(one: str, other: str) -> str:
    assert one == other
    return one


@dataclass(frozen=True)
class EpubCopy:
    """A copy as EPUB: its documents by name, and all that is in it, markup and all."""

    documents: dict[str, Element]
    text: str

    @classmethod
    def of(cls, path: Path) -> "EpubCopy":
        """Read a copy."""
        with zipfile.ZipFile(path) as package:
            files = {name: package.read(name) for name in package.namelist()}
        documents = {
            name.removeprefix("EPUB/"): etree.fromstring(content)
            for name, content in files.items()
            if name.endswith(".xhtml")
        }
        return cls(documents, plain(unescape(b"\n".join(files.values()).decode())))

    @property
    def facts(self) -> Facts:
        """What it tells."""
        title, start = self.documents["title.xhtml"], self.documents["start.xhtml"]
        (gap,) = (tree for name, tree in self.documents.items() if name.startswith("gap-"))
        about = dict(_rows(title, "facts"))
        ((months, hours, count, _),) = _rows(start, "figures")
        modules = _rows(self.documents["roadmap.xhtml"], "modules")
        assert count == str(len(modules))
        (headline,) = _texts(title, "p", "months")
        return Facts(
            name=plain("".join(_texts(title, "p", "for")).removeprefix("Prepared for ")),
            months=_same(_one(r"Your (\d+)-month guide", headline)[0], months),
            dates=(about["From"], about["To"]),
            pace=about["Pace"].removesuffix(" hours a week"),
            hours=hours,
            gap=_rows(gap, "gap"),
            modules=modules,
        )


def _texts(tree: Element, tag: str, name: str) -> list[str]:
    return [text_of(each) for each in tree.iter(XHTML + tag) if each.get("class") == name]


def _rows(tree: Element, table: str) -> tuple[Any, ...]:
    """The rows of a table's bodies but those that head a group."""
    bodies = (
        body for each in tree.iter(f"{XHTML}table") if each.get("class") == table
        for body in each.iter(f"{XHTML}tbody")
    )  # fmt: skip
    return tuple(
        tuple(" ".join(text_of(cell).split()) for cell in row)
        for body in bodies for row in body if row.get("class") != "group"
    )  # fmt: skip
