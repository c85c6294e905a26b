"""publisher build."""

import sys
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from publisher.cli.output import formats_from, output_folder
from publisher.cli.press import Run, press_options, seconds_since
from publisher.cli.report import reports_failures
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
    """Make every path guide, the handbooks and their samples, if what they say has changed."""
    began = time.monotonic()
    wanted = formats_from(formats)
    places = settings()
    places = places.model_copy(update={"guides": guides or places.guides})
    folder = output_folder(output or places.output)
    from publisher.build.press import Sources  # noqa: PLC0415
    from publisher.build.receipts import Receipts  # noqa: PLC0415

    receipts = Receipts(folder)

    sources = Sources.of(places.guides, places.theme)
    earlier = receipts.earlier()
    if receipts.files() == sources.files and receipts.settled(sources.inputs, wanted):
        click.echo(f"nothing has changed, {seconds_since(began)}", err=True)
        return
    catalogue = load_catalogue(places.guides)
    orders = list(sources.orders_of(catalogue, wanted))
    run = Run(places, catalogue, sources, receipts, orders, workers, executor)
    dues = run.due(earlier)
    if explain or dry_run:
        for line in _inputs_changed(receipts, sources, dues):
            click.echo(line)
    if dry_run:
        click.echo(f"{len(dues)} of {len(orders)} would be looked at", err=True)
        return
    made = run.make(dues)
    if explain:
        for line in _sections_changed(made.values(), earlier):
            click.echo(line)
    run.finish(made, earlier)
    _say_the_end(made, earlier, len(orders), began)


def _inputs_changed(receipts: "Receipts", sources: "Sources", dues: list["Due"]) -> Iterator[str]:
    before, now = receipts.files(), sources.files
    for name in sorted(before.keys() | now.keys()) if before else ():
        if before.get(name) != now.get(name):
            how = "new" if name not in before else "gone" if name not in now else "changed"
            yield f"{name}: {how}"
    for task in dues:
        yield f"{task.order.name}: {task.why}"


def _sections_changed(made: Iterable["Receipt"], earlier: dict[str, "Receipt"]) -> Iterator[str]:
    for receipt in made:
        before = earlier.get(receipt.name)
        if before is None or not before.sections:
            continue
        old, new = before.sections, receipt.sections
        changed = [slug for slug in new if old.get(slug) != new[slug]]
        changed += [f"{slug} (gone)" for slug in old if slug not in new]
        text = f"made again for {', '.join(changed)}" if changed else "says the same: kept"
        yield f"{receipt.name}: {text}"


def _say_the_end(
    made: dict[str, "Receipt"], earlier: dict[str, "Receipt"], total: int, began: float
) -> None:
    failed = sum(receipt.status == "failed" for receipt in made.values())
    same = sum(
        receipt.name in earlier and receipt.files == earlier[receipt.name].files
        for receipt in made.values()
    )
    new = len(made) - failed - same
    kept = total - new - failed
    click.echo(f"{new} made, {kept} kept, {failed} failed, {seconds_since(began)}", err=True)
    sys.exit(1 if failed else 0)
