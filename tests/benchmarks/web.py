"""How fast the website answers, and what a hundred readers at once get.

    python -m tests.benchmarks.web [--guides guides] [--cache .publisher/cache] [--site out/site]
                                   [--seconds 10] [--clients 32] [--copies 100] [--workers 2]

Starts a server on loopback without rate limits, and prints for each kind of request how many a
second were answered, the median and the 99th of a hundred latencies, and the memory of the server
with its workers; then has many personal PDFs made at once, looks into each, and asks for other
pages meanwhile. Client and server share the machine, so that a server alone does better.
"""

import argparse
import asyncio
import json
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory

import httpx

from publisher.delivery.store.database import Database
from publisher.planning.export import reader_from_json
from publisher.planning.questions import questions
from publisher.records.catalogue import Catalogue, load_catalogue
from publisher.rendering.pdf.attachments import attachment
from tests.delivery.web.program import Config
from tests.delivery.web.serving import KEYS, Web, served
from tests.runs import children, until

Request = Callable[[httpx.AsyncClient], Awaitable[httpx.Response]]


@dataclass(frozen=True)
class Measured:
    """Answers, and the seconds that each took."""

    what: str
    seconds: float
    times: Sequence[float]
    memory: int

    def __str__(self) -> str:
        rate = len(self.times) / self.seconds
        p99 = quantiles(self.times, n=100)[98]
        return (
            f"{self.what:<24} {rate:8.0f} /s   p50 {median(self.times) * 1000:7.1f} ms   "
            f"p99 {p99 * 1000:7.1f} ms   {self.memory / 1e6:6.0f} MB"
        )


def say(line: object) -> None:
    """Print a line at once."""
    print(line, flush=True)  # noqa: T201  # a benchmark speaks to whoever runs it


def memory(web: Web) -> int:
    """Resident bytes of the server and of all its workers."""
    first = web.process.pid
    below = [pid for child in children(first) for pid in (child, *children(child))]
    return sum(map(_resident, (first, *below)))


def _resident(process: int) -> int:
    lines = Path(f"/proc/{process}/status").read_text("ascii").splitlines()
    found = [line.split()[1] for line in lines if line.startswith("VmRSS:")]
    return int(found[0]) * 1024 if found else 0


async def rate(web: Web, what: str, request: Request, clients: int, seconds: float) -> Measured:
    """Ask as fast as `clients` connections can. Raises `AssertionError` for an answer but 200."""
    times: list[float] = []
    began = time.perf_counter()

    async def ask() -> None:
        async with httpx.AsyncClient(base_url=web.address, timeout=60) as client:
            while (now := time.perf_counter()) - began < seconds:
                answer = await request(client)
                assert answer.status_code == 200, (what, answer.status_code)
                times.append(time.perf_counter() - now)

    await asyncio.gather(*(ask() for _ in range(clients)))
    return Measured(what, time.perf_counter() - began, times, memory(web))


async def copies(web: Web, reader: dict[str, str], count: int) -> None:
    """Have `count` PDFs made at once, each for another name, and ask for other pages meanwhile."""
    done = asyncio.Event()
    meanwhile: list[float] = []
    largest = 0

    async def others() -> None:
        nonlocal largest
        async with httpx.AsyncClient(base_url=web.address, timeout=60) as client:
            while not done.is_set():
                began = time.perf_counter()
                assert (await client.get("/assessment")).status_code == 200
                meanwhile.append(time.perf_counter() - began)
                if len(meanwhile) % 10 == 1:
                    largest = max(largest, await asyncio.to_thread(memory, web))
                await asyncio.sleep(0.1)

    async def one(number: int) -> float:
        began = time.perf_counter()
        data = {**reader, "name": f"Reader {number}", "format": "pdf"}
        async with httpx.AsyncClient(base_url=web.address, timeout=900) as client:
            answer = await client.post("/plan/copy", data=data)
        assert answer.status_code == 200, answer.status_code
        assert _name_in(answer.content) == f"Reader {number}"
        return time.perf_counter() - began

    began = time.perf_counter()
    watching = asyncio.create_task(others())
    times = await asyncio.gather(*(one(number) for number in range(count)))
    took = time.perf_counter() - began
    done.set()
    await watching
    say(Measured(f"{count} PDFs at once", took, times, largest))
    say(Measured("assessment meanwhile", took, meanwhile, largest))
    say(f"none lost, none wrong; {took:.1f} s, {took / count:.2f} s each")


def _name_in(content: bytes) -> str | None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "copy.pdf"
        path.write_bytes(content)
        return reader_from_json(attachment(path, "plan.json")).name


def _answers(catalogue: Catalogue) -> dict[str, str]:
    """Every question of a choice answered with its last option but one, or its first."""
    chosen = [item for item in questions(catalogue) if item.options and item.field != "goal"]
    return {item.field: item.options[-2 if len(item.options) > 1 else 0].value for item in chosen}


async def measure(web: Web, catalogue: Catalogue, options: argparse.Namespace) -> None:
    """All of it, with a line for each."""
    career, records = next(iter(catalogue.careers.items()))
    reader = {"career": career, "background": next(iter(records.paths)), "hours_per_week": "8"}
    answers = _answers(catalogue)
    kinds: dict[str, Request] = {
        "style sheet": lambda client: client.get("/static/site.css"),
        "assessment": lambda client: client.get("/assessment"),
        "assessment result": lambda client: client.post("/assessment/result", data=answers),
        "plan": lambda client: client.post("/plan", data=reader, headers={"HX-Request": "true"}),
    }
    if options.site:
        kinds = {"hub": lambda client: client.get("/"), **kinds}
    for what, request in kinds.items():
        say(await rate(web, what, request, options.clients, options.seconds))
    await copies(web, reader, options.copies)


def main() -> None:
    """Measure."""
    options = argparse.ArgumentParser()
    options.add_argument("--guides", default="guides")
    options.add_argument("--cache", default=".publisher/cache")
    options.add_argument("--site", default="")
    options.add_argument("--seconds", type=float, default=10)
    options.add_argument("--clients", type=int, default=32)
    options.add_argument("--copies", type=int, default=100)
    options.add_argument("--workers", type=int, default=2)
    given = options.parse_args()
    with TemporaryDirectory() as folder:
        config = Config(f"sqlite:///{folder}/delivery.sqlite", KEYS, folder)
        config = replace(
            config, guides=given.guides, cache=str(Path(given.cache).absolute()),
            copy_workers=given.workers, site=given.site,
        )  # fmt: skip
        Database.at(config.database).close()
        began = time.perf_counter()
        with served(config, Path(folder)) as web:
            until(lambda: web.client.get("/readyz").status_code == 200, web.process)
            until(lambda: "copies can be made" in json.dumps(web.lines()), web.process)
            say(f"ready after {time.perf_counter() - began:.1f} s, {memory(web) / 1e6:.0f} MB")
            asyncio.run(measure(web, load_catalogue(Path(given.guides)), given))


if __name__ == "__main__":
    main()
