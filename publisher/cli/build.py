"""publisher build."""

import sys
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from publisher.cli.output import formats_from, output_folder, prepare_folder
from publisher.cli.press import Run, earlier_receipts, press_options, seconds_since
from publisher.cli.report import reports_failures
from publisher.cli.website import site_run
from publisher.cli.workplace import settings
from publisher.records.catalogue import load_catalogue

if TYPE_CHECKING:  # loading the renderer takes longer than --help
    from publisher.build.orders import Receipt
    from publisher.build.press import Due, Sources
    from publisher.build.receipts import Receipts


@click.command("build")
@press_options
@click.option("--explain", is_flag=True, help="Say for each book which input made it stale.")
@reports_failures
def command(
    *,
    formats: str,
    output: str | None,
    guides: Path | None,
    workers: int | None,
    executor: str | None,
    dry_run: bool,
    explain: bool,
) -> None:
    """Make path guides, handbooks, samples and the website, where what they say has changed."""
    began = time.monotonic()
    wanted = formats_from(formats)
    places = settings()
    places = places.model_copy(update={"guides": guides or places.guides})
    from publisher.build.press import Sources  # noqa: PLC0415
    from publisher.build.receipts import Receipts  # noqa: PLC0415

    receipts = Receipts(output_folder(output or places.output, used=False))
    sources = Sources.of(places.guides, places.theme)
    earlier = earlier_receipts(receipts)
    site = site_run(places, receipts, sources.inputs, wanted)
    settled = receipts.settled(sources.inputs, wanted, {"site": site.inputs})
    if receipts.files() == sources.files and settled:
        click.echo(f"nothing has changed, {seconds_since(began)}", err=True)
        return
    catalogue = load_catalogue(places.guides)
    orders = list(sources.orders_of(catalogue, wanted))
    run = Run(places, catalogue, sources, receipts, orders, workers, executor)
    dues = run.due(earlier)
    if explain or dry_run:
        for line in _inputs_changed(receipts, sources, dues):
            click.echo(line)
        if why := site.why(earlier):
            click.echo(f"site: {why}")
    if dry_run:
        click.echo(f"{len(dues)} of {len(orders)} would be looked at", err=True)
        return
    prepare_folder(receipts.folder)
    made = run.make(dues)
    if explain:
        for line in _sections_changed(dues, made):
            click.echo(line)
    known = {**earlier, **made}
    shown = site.make(known, catalogue) if dues or site.why(earlier) else known["site"]
    written = run.finish(made, earlier, stays=lambda receipt: receipt.personal, beside=[shown])
    end = End(len(orders), dues, made)
    click.echo(end.summary(began), err=True)
    sys.exit(0 if written and shown.done and not end.failed else 1)


@dataclass(frozen=True)
class End:
    """What became of `total` books, of which the `dues` were looked at."""

    total: int
    dues: list["Due"]
    made: dict[str, "Receipt"]

    @property
    def failed(self) -> int:
        """How many books failed."""
        return sum(not receipt.done for receipt in self.made.values())

    @property
    def same(self) -> int:
        """How many books say what they said before, and were kept."""
        return sum(_says_the_same(self.made[task.order.name], task.previous) for task in self.dues)

    def summary(self, began: float) -> str:
        """One line for the end."""
        made = len(self.made) - self.failed - self.same
        kept = self.total - made - self.failed
        return f"{made} made, {kept} kept, {self.failed} failed, {seconds_since(began)}"


def _inputs_changed(receipts: "Receipts", sources: "Sources", dues: list["Due"]) -> Iterator[str]:
    before, now = receipts.files(), sources.files
    for name in sorted(before.keys() | now.keys()) if before else ():
        if before.get(name) != now.get(name):
            how = "new" if name not in before else "gone" if name not in now else "changed"
            yield f"{name}: {how}"
    for task in dues:
        yield f"{task.order.name}: {task.why}"


def _sections_changed(dues: Iterable["Due"], made: dict[str, "Receipt"]) -> Iterator[str]:
    for task in dues:
        before, receipt = task.previous, made[task.order.name]
        if before is None or not before.sections or not receipt.done:
            continue
        if _says_the_same(receipt, before):
            yield f"{receipt.name}: says the same: kept"
            continue
        old, new = before.sections, receipt.sections
        changed = [slug for slug in new if old.get(slug) != new[slug]]
        changed += [f"{slug} (gone)" for slug in old if slug not in new]
        what = ", ".join(changed) or "what is around its sections"
        yield f"{receipt.name}: made again for {what}"


def _says_the_same(receipt: "Receipt", previous: "Receipt | None") -> bool:
    return previous is not None and receipt.done and receipt.content == previous.content
