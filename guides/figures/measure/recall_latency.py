"""Measures recall against speed for four indexes of Faiss, and draws the figure of it.

    python guides/figures/measure/recall_latency.py measure    # minutes; writes the results
    python guides/figures/measure/recall_latency.py draw       # the figure from the results

It needs the packages of the group `exercises`. The publisher does not use it.
"""

import json
import os
import platform
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from html import escape
from math import log10
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).with_suffix(".json")
FIGURE = Path(__file__).parents[1] / "recall-against-speed.svg"

ROWS, QUERIES, DIMENSION, DIRECTIONS, SEED, K = 100_000, 1_000, 128, 24, 7, 10
PASSES = 5
"""Each setting is timed so often, after one pass to warm up; the fastest pass counts."""

PROBES = (1, 2, 4, 8, 16, 32, 64, 128, 256)
BEAMS = (10, 20, 40, 80, 160, 320, 640)


@dataclass(frozen=True)
class Series:
    """An index, what is turned on it, and what came of it: setting, recall, queries a second."""

    name: str
    parameter: str
    points: tuple[tuple[int, float, float], ...]


def vectors() -> Iterator[Any]:
    """Rows, then queries: Gaussian points of a few directions in many numbers, without clusters."""
    import numpy as np  # noqa: PLC0415  # drawing needs no package

    rng = np.random.default_rng(SEED)
    mix = rng.standard_normal((DIRECTIONS, DIMENSION)) / np.sqrt(DIRECTIONS)
    for count in (ROWS, QUERIES):
        inner = rng.standard_normal((count, DIRECTIONS))
        noise = 0.05 * rng.standard_normal((count, DIMENSION))
        yield (inner @ mix + noise).astype("float32")


def measure() -> dict[str, Any]:
    """The results with the conditions that belong to them."""
    import faiss  # noqa: PLC0415
    import numpy as np  # noqa: PLC0415

    faiss.omp_set_num_threads(1)
    rows, queries = vectors()
    exact = faiss.IndexFlatL2(DIMENSION)
    exact.add(rows)
    _, truth = exact.search(queries, K)

    def timed(index: Any, count: int = QUERIES) -> tuple[float, float]:
        seconds, found = [], []
        for _ in range(1 + PASSES):
            begin = time.process_time()
            found = [index.search(queries[i : i + 1], K)[1][0] for i in range(count)]
            seconds.append(time.process_time() - begin)
        hits = [np.isin(one, other).mean() for one, other in zip(truth, found, strict=False)]
        return round(float(np.mean(hits)), 4), round(count / min(seconds[1:]), 1)

    def swept(
        name: str, parameter: str, index: Any, settings: tuple[int, ...],
        turn: Callable[[int], None],
    ) -> Series:  # fmt: skip
        points = []
        for setting in settings:
            turn(setting)
            points.append((setting, *timed(index)))
            print(name, *points[-1], flush=True)
        return Series(name, parameter, tuple(points))

    def trained(description: str) -> Any:
        index = faiss.index_factory(DIMENSION, description)
        index.train(rows)
        index.add(rows)
        return index

    graph = faiss.IndexHNSWFlat(DIMENSION, 16)
    graph.hnsw.efConstruction = 100
    graph.add(rows)
    lists, codes = trained("IVF1024,Flat"), trained("IVF1024,PQ32")
    rescored = faiss.IndexRefineFlat(codes, faiss.swig_ptr(rows))
    rescored.k_factor = 100 / K
    series = [
        Series("Flat", "", ((0, *timed(exact, 200)),)),
        swept("HNSW", "efSearch", graph, BEAMS, lambda n: setattr(graph.hnsw, "efSearch", n)),
        swept("IVF", "nprobe", lists, PROBES, lambda n: setattr(lists, "nprobe", n)),
        swept("IVF+PQ", "nprobe", codes, PROBES, lambda n: setattr(codes, "nprobe", n)),
        swept("IVF+PQ, rescored", "nprobe", rescored, PROBES,
              lambda n: setattr(codes, "nprobe", n)),
    ]  # fmt: skip
    return {
        "conditions": {
            "rows": ROWS, "queries": QUERIES, "dimension": DIMENSION, "directions": DIRECTIONS,
            "seed": SEED, "k": K, "threads": 1, "passes": PASSES,
            "seconds": "processor time of the process, one query a call",
            "machine": f"virtual machine, {os.cpu_count()} cores, {processor()}",
            "python": platform.python_version(), "numpy": np.__version__,
            "faiss": faiss.__version__,
        },
        "series": [asdict(each) for each in series],
    }  # fmt: skip


def processor() -> str:
    """What the system calls its processor."""
    try:
        lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    except OSError:
        return platform.machine()
    return next(line.partition(": ")[2] for line in lines if line.startswith("model name"))


LEFT, TOP, WIDTH, HEIGHT = 44, 22, 300, 180
FIRST, LAST = 0.1, 1.0
SLOWEST, FASTEST = 100, 100_000


def place(recall: float, speed: float) -> tuple[float, float]:
    """Where a point stands in the drawing."""
    x = LEFT + WIDTH * (recall - FIRST) / (LAST - FIRST)
    y = TOP + HEIGHT * (1 - log10(speed / SLOWEST) / log10(FASTEST / SLOWEST))
    return round(x, 1), round(y, 1)


def marker(kind: str, x: float, y: float) -> str:
    """A shape of its own for each series, so that none needs its colour."""
    match kind:
        case "Flat":
            points = f"{x},{y - 5} {x + 5},{y} {x},{y + 5} {x - 5},{y}"
            return f'<polygon points="{points}" class="deep"/>'
        case "HNSW":
            return f'<rect x="{x - 3}" y="{y - 3}" width="6" height="6" class="deep"/>'
        case "IVF":
            return f'<circle cx="{x}" cy="{y}" r="3.2" class="box"/>'
        case "IVF+PQ":
            points = f"{x},{y - 4} {x + 4},{y + 3} {x - 4},{y + 3}"
            return f'<polygon points="{points}" class="warm"/>'
        case _:
            points = f"{x},{y + 4} {x + 4},{y - 3} {x - 4},{y - 3}"
            return f'<polygon points="{points}" class="mark"/>'


LINES = {
    "HNSW": "series", "IVF": "series dashed", "IVF+PQ": "series-warm dotted",
    "IVF+PQ, rescored": "series-warm",
}  # fmt: skip
"""Classes of the theme's figure style."""


def draw(results: dict[str, Any]) -> str:
    """The figure."""
    series = [Series(**each) for each in results["series"]]
    parts = [*_axes(), *_curves(series), *_legend(series)]
    title = "Recall and queries a second of five indexes"
    head = (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 460 240">\n'
        f"<title>{title}</title>\n<desc>{escape(_words(series), quote=False)}</desc>\n"
    )
    return head + "\n".join(parts) + "\n</svg>\n"


def _text(x: float, y: float, words: str, classes: str = "") -> str:
    kind = f' class="{classes}"' if classes else ""
    return f'<text x="{round(x, 1)}" y="{round(y, 1)}"{kind}>{escape(words)}</text>'


def _axes() -> Iterator[str]:
    bottom = TOP + HEIGHT
    for speed in (100, 1_000, 10_000, 100_000):
        _, y = place(FIRST, speed)
        yield f'<line x1="{LEFT}" y1="{y}" x2="{LEFT + WIDTH}" y2="{y}" class="grid"/>'
        yield _text(LEFT - 5, y + 3, f"{speed:,}", "end")
    for tenth in range(2, 11, 2):
        x, _ = place(tenth / 10, SLOWEST)
        yield f'<line x1="{x}" y1="{TOP}" x2="{x}" y2="{bottom}" class="grid"/>'
        yield _text(x, bottom + 12, f"{tenth / 10:.1f}", "middle")
    yield f'<line x1="{LEFT}" y1="{bottom}" x2="{LEFT + WIDTH}" y2="{bottom}" class="axis-line"/>'
    yield f'<line x1="{LEFT}" y1="{TOP}" x2="{LEFT}" y2="{bottom}" class="axis-line"/>'
    yield _text(LEFT + WIDTH / 2, bottom + 27, "recall@10", "bold middle")
    yield _text(0, 8, "queries a second", "bold")


def _curves(series: list[Series]) -> Iterator[str]:
    for each in series:
        places = [place(recall, speed) for _, recall, speed in each.points]
        if len(places) > 1:
            line = " ".join(f"{x},{y}" for x, y in places)
            yield f'<polyline points="{line}" class="{LINES[each.name]}"/>'
        for x, y in places:
            yield marker(each.name, x, y)


def _legend(series: list[Series]) -> Iterator[str]:
    x = LEFT + WIDTH + 16
    for number, each in enumerate(series):
        y = TOP + 12 + number * 37
        if each.name in LINES:
            ends = f'x1="{x}" y1="{y - 3}" x2="{x + 22}" y2="{y - 3}"'
            yield f'<line {ends} class="{LINES[each.name]}"/>'
        yield marker(each.name, x + 11, y - 3)
        name, comma, more = each.name.partition(", ")
        yield _text(x + 28, y, name + comma, "bold")
        if more:
            yield _text(x + 28, y + 11, more, "bold")
        settings = f"{each.parameter} {each.points[0][0]}–{each.points[-1][0]}"
        yield _text(x + 28, y + (22 if more else 11), settings if each.parameter else "exact")


def _words(series: list[Series]) -> str:
    """The text alternative: the axes, then every point."""
    told = [
        "Recall@10 on the horizontal axis from 0.1 to 1; queries a second on the vertical axis,"
    ]
    told.append("from 100 to 100,000, logarithmic. Up and to the right is better.")
    for each in series:
        if not each.parameter:
            told.append(f"{each.name}, the exact search, is one point: {each.points[0][2]:,.0f}.")
            continue
        points = "; ".join(
            f"{setting}: {recall:.2f} at {speed:,.0f}" for setting, recall, speed in each.points
        )
        told.append(f"{each.name} by {each.parameter}: {points}.")
    return " ".join(told)


if __name__ == "__main__":
    if sys.argv[1:] == ["measure"]:
        RESULTS.write_text(json.dumps(measure(), indent=1) + "\n", "utf-8")
    elif sys.argv[1:] != ["draw"]:
        sys.exit(__doc__)
    FIGURE.write_text(draw(json.loads(RESULTS.read_text("utf-8"))), "utf-8")
