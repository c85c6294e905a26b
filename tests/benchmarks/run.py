"""Compares this program with plain WeasyPrint and with Typst: `python run.py [--runs N]`.

All make the same book, the personal guide of a software engineer (Ada Lovelace, 8 hours a week
from 2027-01-04), as a tagged PDF/UA-1, in one run on the machine it runs on:

- this program, whole process: with an empty fragment cache (cold), with the cache filled by a
  reader of another name and start date (warm, new reader), and again for the same reader;
- this program in a process that has everything loaded, as a batch has, one new reader after the
  other on warm fragments: from plan to bytes, for PDF alone and for PDF and EPUB;
- plain WeasyPrint with the program's XHTML in one document under the same stylesheet. It reads
  that from a file, so it is spared records, plan and composing, and it prints no page numbers;
- Typst with a translation of that XHTML, also from a file, with outline and page numbers. In a
  loaded process its compiler keeps what one reader's text shares with the next one's.

Whole processes take turns, so that a busy spell of the machine meets all of them. Each figure is
the median of N runs. CPU is user and system time with all child processes; memory is the largest
process's. Python's bytecode is compiled before anything is measured, as in an installed package.

`measure.py` measures, `sample.py` has the guide, `plain.py` and `typeset.py` are the peers,
`markup.py` translates for Typst. Linux only: see `measure.py`.
"""

import argparse
import os
import platform
import re
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory

from measure import Cost, read_costs, typical, whole_process

HERE = Path(__file__).parent

COLD, WARM = "This program, cold", "This program, warm, new reader"
AGAIN, BOTH = "This program, warm, same reader", f"{WARM}, PDF and EPUB"
PLAIN, TYPST = "Plain WeasyPrint", "Typst"
LOADED_PDF, LOADED_BOTH = "This program, loaded", "This program, loaded, PDF and EPUB"
LOADED_PLAIN, LOADED_TYPST = "Plain WeasyPrint, loaded", "Typst, loaded"

BOOKS = {COLD: "guide.pdf", PLAIN: "plain.py.pdf", TYPST: "typeset.py.pdf"}
"""What a case leaves; warm runs leave the same as a cold one."""


@dataclass(frozen=True)
class Bench:
    """A folder to work in, and how often each run is repeated."""

    folder: Path
    runs: int

    def measure(self) -> dict[str, list[Cost]]:
        """What every run of every case cost."""
        self._prepare()
        costs: dict[str, list[Cost]] = {}
        for number in range(self.runs):
            self._say(f"whole processes, {number + 1} of {self.runs}")
            for case, cost in self._round():
                costs.setdefault(case, []).append(cost)
        self._say("loaded processes")
        return costs | {
            LOADED_PDF: self._made("pdf"),
            LOADED_BOTH: self._made("pdf,epub"),
            LOADED_PLAIN: self._peer("plain.py", self.runs)[1],
            LOADED_TYPST: self._peer("typeset.py", self.runs)[1],
        }

    def _prepare(self) -> None:
        """Write the peers' inputs, fill a cache, and let every program compile its bytecode."""
        self._say("inputs, cache, bytecode")
        (self.folder / "input").mkdir()
        self._python("sample.py", "prepare", str(self.folder / "input"), str(self.runs))
        self._guide("filled", "Grace Hopper", "2027-02-01", "pdf,epub")
        self._peer("plain.py", 0)
        self._peer("typeset.py", 0)

    def _round(self) -> Iterator[tuple[str, Cost]]:
        ada = "Ada Lovelace", "2027-01-04"
        self._cache("empty", "cold")
        yield COLD, self._guide("cold", *ada, "pdf")
        self._cache("filled", "warm")
        yield WARM, self._guide("warm", *ada, "pdf")
        yield AGAIN, self._guide("warm", *ada, "pdf")
        self._cache("filled", "warm")
        yield BOTH, self._guide("warm", *ada, "pdf,epub")
        yield PLAIN, self._peer("plain.py", 0)[0]
        yield TYPST, self._peer("typeset.py", 0)[0]

    def _cache(self, source: str, target: str) -> None:
        """Make the cache `target` a copy of `source`, or empty when there is none."""
        shutil.rmtree(self.folder / target, ignore_errors=True)
        if (self.folder / source).exists():
            shutil.copytree(self.folder / source, self.folder / target)

    def _guide(self, cache: str, name: str, start: str, formats: str) -> Cost:
        """The guide of a reader by the command line."""
        return self._python(
            "-m", "publisher", "guide", "software-engineer", "--name", name, "--hours", "8",
            "--start", start, "--format", formats, "-o", str(self.folder), "--out-name", "guide",
            cache=cache,
        )  # fmt: skip

    def _made(self, formats: str) -> list[Cost]:
        """Guides of new readers in one process."""
        self._cache("filled", "warm")
        self._python("sample.py", "make", str(self.folder / "warm"), str(self.runs), formats)
        return read_costs(self.folder / "output")

    def _peer(self, script: str, readers: int) -> tuple[Cost, list[Cost]]:
        """What a peer cost as a whole, and what each further reader cost in it."""
        source, target = str(self.folder / "input"), str(self.folder / f"{script}.pdf")
        whole = self._python(script, source, target, str(readers))
        return whole, read_costs(self.folder / "output")

    def _python(self, script: str, *arguments: str, cache: str = "unused") -> Cost:
        program = script if script.startswith("-") else str(HERE / script)
        environment = {
            **os.environ,
            "PUBLISHER_CACHE": str(self.folder / cache),
            "PYTHONPYCACHEPREFIX": str(self.folder / "bytecode"),
        }
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        command = [sys.executable, program, *arguments]
        return whole_process(command, self.folder / "output", environment)

    def _say(self, text: str) -> None:
        sys.stderr.write(f"{text}\n")


def report(bench: Bench, costs: dict[str, list[Cost]], load: float) -> Iterator[str]:
    """The Markdown that is printed."""
    usual = {case: typical(runs) for case, runs in costs.items()}
    yield from _machine(bench, load)
    yield "| Case | CPU s | least to most | wall s | peak MiB |"
    yield "|---|---:|---:|---:|---:|"
    for case, cost in usual.items():
        spread = sorted(run.cpu for run in costs[case])
        span = f"{spread[0]:.2f} to {spread[-1]:.2f}"
        yield f"| {case} | {cost.cpu:.2f} | {span} | {cost.wall:.2f} | {cost.peak:.0f} |"
    yield ""
    yield "| Book | pages | kB |"
    yield "|---|---:|---:|"
    books = {case: bench.folder / name for case, name in BOOKS.items()}
    for case, book in books.items():
        yield f"| {case} | {_pages(book)} | {book.stat().st_size / 1000:.0f} |"
    yield ""
    yield from _expectations(usual, books[COLD].stat().st_size / books[PLAIN].stat().st_size)


def _machine(bench: Bench, load: float) -> Iterator[str]:
    named = re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text())
    cpu = named[1] if named else platform.machine()
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2**30
    names = ("career-guides", "weasyprint", "typst", "pikepdf")
    yield f"- Command: `python tests/benchmarks/{Path(__file__).name} --runs {bench.runs}`"
    yield f"- Machine: {cpu}, {os.cpu_count()} cores, {memory:.0f} GiB, {platform.system()}"
    yield f"- Load average before: {load:.1f} (above 0.5, wall seconds are not the program's own)"
    yield f"- Python {platform.python_version()}, " + ", ".join(f"{n} {version(n)}" for n in names)
    yield ""


def _expectations(usual: dict[str, Cost], size: float) -> Iterator[str]:
    def cpu(one: str, other: str) -> float:
        return usual[one].cpu / usual[other].cpu

    wall = usual[COLD].wall / usual[PLAIN].wall
    yield "| Ratio | measured | expected | holds |"
    yield "|---|---:|---:|---|"
    for name, value, low, high in (
        ("CPU, plain ÷ warm, new reader", cpu(PLAIN, WARM), 5.0, None),
        ("CPU, plain ÷ warm, both loaded", cpu(LOADED_PLAIN, LOADED_PDF), 5.0, None),
        ("CPU, cold ÷ plain", cpu(COLD, PLAIN), None, 1.5),
        (f"wall, cold ÷ plain, on {os.cpu_count()} cores", wall, None, 1.0),
        ("PDF size, joined ÷ one piece", size, None, 1.3),
        ("CPU, warm, new reader ÷ Typst", cpu(WARM, TYPST), None, None),
        ("CPU, warm ÷ Typst, both loaded", cpu(LOADED_PDF, LOADED_TYPST), None, None),
    ):
        yield f"| {name} | {value:.2f} | {_expected(value, low, high)} |"


def _expected(value: float, low: float | None, high: float | None) -> str:
    if low is not None:
        return f"at least {low} | {'yes' if value >= low else '**no**'}"
    if high is not None:
        return f"at most {high} | {'yes' if value <= high else '**no**'}"
    return "– | –"


def _pages(path: Path) -> int:
    from pikepdf import Pdf  # noqa: PLC0415  # a child's peak memory begins with its parent's

    with Pdf.open(path) as pdf:
        return len(pdf.pages)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--runs", type=int, default=5, help="runs of each case; 5 if left out")
    load = os.getloadavg()[0]
    with TemporaryDirectory() as folder:
        bench = Bench(Path(folder), parser.parse_args().runs)
        costs = bench.measure()
        sys.stdout.write("\n".join(report(bench, costs, load)) + "\n")


if __name__ == "__main__":
    main()
