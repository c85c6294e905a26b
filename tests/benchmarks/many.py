"""Measures batch publishing and the handbook: `python many.py [--readers N] [--peers N]`.

A copy: N readers of a mix (see `mix.py`) by `publisher batch`, with an empty cache and with what
they share in it; some of the same readers one after the other in a loaded process, by this program,
by plain WeasyPrint on the same XHTML in one piece, and by Typst with its compiler kept warm.

The handbook: all of it with one worker and with two, again with one module edited, and with nothing
edited; and handbooks of about 100 and 1,000 pages, for the cost a page and the memory.

CPU is user and system time with all child processes. Linux only: see `measure.py`.
"""

import argparse
import os
import shutil
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from measure import Cost, read_costs, typical, whole_process

HERE = Path(__file__).parent
ROOT = HERE.parents[1]

SHORT, LONG = 34, 440
"""Modules that make a handbook of about 100 and of about 1,000 pages."""

EDITED = "hnsw-tuning.md"


@dataclass(frozen=True)
class Bench:
    """A folder to work in."""

    folder: Path

    def python(self, *arguments: str, cache: str = "unused", guides: Path | None = None) -> Cost:
        """Run Python with a cache of the folder; what it prints goes to `output`."""
        program = arguments[0] if arguments[0].startswith("-") else str(HERE / arguments[0])
        environment = {
            **os.environ,
            "PUBLISHER_CACHE": str(self.folder / cache),
            "PUBLISHER_GUIDES": str(guides or ROOT / "guides"),
            "PYTHONPYCACHEPREFIX": str(self.folder / "bytecode"),
        }
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        command = [sys.executable, program, *arguments[1:]]
        return whole_process(command, self.output, environment)

    @property
    def output(self) -> Path:
        """What the last process printed."""
        return self.folder / "output"

    def copies(self, count: int, peers: int) -> Iterator[str]:
        """The lines about copies."""
        file = self.folder / "readers.csv"
        self.python("mix.py", "readers", str(count), str(file))
        yield f"| {count} copies | CPU s a copy | wall s a copy | peak MiB of a process |"
        yield "|---|---:|---:|---:|"
        for name, formats, out in (
            ("`publisher batch`, empty cache, PDF and EPUB", "pdf,epub", "cold"),
            ("`publisher batch`, warm cache, PDF and EPUB", "pdf,epub", "warm"),
            ("`publisher batch`, warm cache, PDF", "pdf", "pdf"),
        ):
            cost = self.python(
                "-m", "publisher", "batch", str(file), "--format", formats,
                "-o", str(self.folder / out), cache="cache",
            )  # fmt: skip
            shutil.rmtree(self.folder / out)
            yield _row(name, Cost(cost.cpu / count, cost.wall / count, cost.peak))
        usual = self.loaded(peers)
        for name, cost in usual.items():
            yield _row(f"{name} ({peers} copies, median)", cost)
        ours = usual["This program, loaded, PDF"].cpu
        yield ""
        yield "| Ratio | measured | expected |"
        yield "|---|---:|---:|"
        yield f"| CPU, plain ÷ this | {usual['Plain WeasyPrint, loaded'].cpu / ours:.1f} | ≥ 12 |"
        yield f"| CPU, this ÷ Typst | {ours / usual['Typst, loaded'].cpu:.2f} | ≤ 0.5 |"
        yield ""

    def loaded(self, count: int) -> Mapping[str, Cost]:
        """What a copy costs in a process that has made others."""
        source = self.folder / "input"
        source.mkdir()
        self.python("mix.py", "prepare", str(source), str(count))
        costs = {}
        for formats in ("pdf", "pdf,epub"):
            name = "PDF" if formats == "pdf" else "PDF and EPUB"
            self.python("mix.py", "make", str(self.folder / "cache"), str(count), formats)
            costs[f"This program, loaded, {name}"] = typical(read_costs(self.output))
        target = str(self.folder / "peer.pdf")
        for name, script in (("Plain WeasyPrint", "plain.py"), ("Typst", "typeset.py")):
            self.python(script, str(source), target, str(count))
            costs[f"{name}, loaded"] = typical(read_costs(self.output))
        return costs

    def handbook(self) -> Iterator[str]:
        """The lines about the handbook, and about building what has changed."""
        one, two = self._handbook("one", "1"), self._handbook("two", "2")
        edited = self.folder / "guides"
        shutil.copytree(ROOT / "guides", edited)
        module = edited / "modules" / EDITED
        module.write_text(module.read_text("utf-8").replace("Most ", "Many ", 1), "utf-8")
        changed = self._handbook("two", "2", edited)
        whole, again = (self._made("build", "built", "2") for _ in range(2))
        yield "| PDF and EPUB | CPU s | wall s | peak MiB |"
        yield "|---|---:|---:|---:|"
        for name, cost in (
            ("`publisher handbook`, one worker, empty cache", one),
            ("`publisher handbook`, two workers, empty cache", two),
            ("`publisher handbook`, one module edited", changed),
            ("`publisher build`, all guides, handbooks and samples", whole),
            ("`publisher build`, nothing edited", again),
        ):
            yield f"| {name} | {cost.cpu:.2f} | {cost.wall:.2f} | {cost.peak:.0f} |"
        yield ""
        yield "| Ratio | measured | expected |"
        yield "|---|---:|---:|"
        yield f"| wall, two workers ÷ one | {two.wall / one.wall:.2f} | ≤ 0.6 |"
        yield f"| CPU, one module edited ÷ all | {changed.cpu / one.cpu:.3f} | ≤ 0.10 |"
        yield f"| CPU, nothing edited ÷ all | {again.cpu / whole.cpu:.3f} | ≤ 0.02 |"
        yield ""

    def _handbook(self, name: str, workers: str, guides: Path | None = None) -> Cost:
        return self._made("handbook", name, workers, guides)

    def _made(self, command: str, name: str, workers: str, guides: Path | None = None) -> Cost:
        out = str(self.folder / f"out-{name}")
        return self.python(
            "-m", "publisher", command, "--workers", workers, "-o", out,
            cache=f"cache-{name}", guides=guides,
        )  # fmt: skip

    def length(self) -> Iterator[str]:
        """The lines about pages and memory."""
        pages, costs = [], []
        for modules in (SHORT, LONG):
            cache = str(self.folder / f"long-{modules}")
            costs.append(self.python("mix.py", "handbook", str(modules), cache))
            pages.append(int(self.output.read_text()))
        yield "| Pages | CPU ms a page | peak MiB |"
        yield "|---:|---:|---:|"
        for number, cost in zip(pages, costs, strict=True):
            yield f"| {number} | {1000 * cost.cpu / number:.1f} | {cost.peak:.0f} |"
        short, long = (cost.cpu / number for number, cost in zip(pages, costs, strict=True))
        yield ""
        yield "| Ratio, long ÷ short | measured | expected |"
        yield "|---|---:|---:|"
        yield f"| CPU a page | {long / short:.2f} | ≤ 1.2 |"
        yield f"| peak memory | {costs[1].peak / costs[0].peak:.2f} | ≤ 1.5 |"


def _row(name: str, cost: Cost) -> str:
    return f"| {name} | {cost.cpu:.2f} | {cost.wall:.2f} | {cost.peak:.0f} |"


def main() -> None:
    """Measure and print, each table as soon as it is known."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--readers", type=int, default=200, help="copies by batch; 200")
    parser.add_argument("--peers", type=int, default=12, help="copies by each peer; 12")
    parser.add_argument("--only", choices=["copies", "handbook", "length"], help="one of the parts")
    chosen = parser.parse_args()
    load = os.getloadavg()[0]
    with TemporaryDirectory() as folder:
        bench = Bench(Path(folder))
        sys.stdout.write(
            f"- Command: `python tests/benchmarks/{Path(__file__).name} "
            f"--readers {chosen.readers} --peers {chosen.peers}`, {os.cpu_count()} cores, "
            f"load average before {load:.1f}\n\n"
        )
        parts = {
            "copies": bench.copies(chosen.readers, chosen.peers),
            "handbook": bench.handbook(),
            "length": bench.length(),
        }
        for part in [chosen.only] if chosen.only else parts:
            for line in parts[part]:
                sys.stdout.write(f"{line}\n")
                sys.stdout.flush()


if __name__ == "__main__":
    main()
