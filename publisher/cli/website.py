"""The website, for `build` and `serve`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from publisher.records.catalogue import Catalogue, load_catalogue
from publisher.records.diagnostics import DiagnosedError
from publisher.settings import Settings

if TYPE_CHECKING:  # loading the renderer takes longer than --help
    from publisher.build.folders import Folder
    from publisher.build.orders import Receipt
    from publisher.build.receipts import Receipts
    from publisher.build.site import SiteOrder


def site_order(places: Settings) -> "SiteOrder":
    """The order of the site that settings describe."""
    from publisher.build.site import SiteOrder  # noqa: PLC0415

    return SiteOrder(places.theme, places.web_theme, places.base_url, places.postal_address)


@dataclass(frozen=True)
class SiteRun:
    """The site of an output folder, with what it is made from (see `SiteOrder.inputs`)."""

    order: "SiteOrder"
    inputs: Mapping[str, str]
    receipts: "Receipts"

    def why(self, earlier: Mapping[str, "Receipt"]) -> str:
        """Why it is to be made; nothing if it is not."""
        receipt = earlier.get("site")
        if receipt is None:
            return "new"
        changed = sorted(
            word
            for word in {*self.inputs, *receipt.inputs}
            if self.inputs.get(word) != receipt.inputs.get(word)
        )
        if changed:
            return f"changed: {', '.join(changed)}"
        if not receipt.done:
            return "failed before"
        return "" if self.receipts.whole(receipt) else "a file is missing or damaged"

    def make(self, known: Mapping[str, "Receipt"], catalogue: Catalogue) -> "Receipt":
        """Make it beside the books that `known` tells of, and say what was written."""
        from publisher.build.site import NAME, samples_in, write_site  # noqa: PLC0415

        folder, previous = self.receipts.folder, known.get(NAME)
        samples = samples_in(known, folder, list(catalogue.careers))
        try:
            files = self.order.files(catalogue, samples)
            receipt, written = write_site(files, folder, previous)
        except DiagnosedError as error:
            return self._failed(error)
        click.echo(f"{folder}/{NAME}: {written} of {len(files)} files written", err=True)
        return receipt.model_copy(update={"inputs": dict(self.inputs)})

    def _failed(self, error: DiagnosedError) -> "Receipt":
        from publisher.build.orders import Receipt  # noqa: PLC0415
        from publisher.build.site import NAME  # noqa: PLC0415

        texts = tuple(map(str, error.diagnostics))
        for text in texts:
            click.echo(text, err=True)
        return Receipt(name=NAME, status="failed", errors=texts, inputs=dict(self.inputs))


def site_run(
    places: Settings, receipts: "Receipts", shared: Mapping[str, str], formats: Sequence[str]
) -> SiteRun:
    """The site of the folder of `receipts`; `shared` are the inputs of all books."""
    order = site_order(places)
    return SiteRun(order, order.inputs(shared, formats), receipts)


def ready_site(places: Settings, site: Path | None) -> Path:
    """The folder of the site to serve; one that is missing gets its pages, without samples.

    Raises `click.UsageError`, and `DiagnosedError` for what is wrong in the records.
    """
    folder = site or _inside(places)
    if (folder / "index.html").is_file():
        return folder
    from publisher.build.folders import LocalFolder  # noqa: PLC0415

    # Not on standard error, where every line of `publisher serve` is JSON.
    click.echo(
        f"{folder} has no site yet: making its pages, without samples; `publisher build` makes all"
    )
    files = site_order(places).files(load_catalogue(places.guides), {})
    _write(LocalFolder(folder), files)
    return folder


def _write(folder: "Folder", files: Mapping[str, bytes]) -> None:
    """Write files, the home page last, which tells that all are there."""
    try:
        for name in sorted(files, key=lambda name: name == "index.html"):
            folder.write(name, files[name])
    except OSError as error:
        reason = error.strerror or str(error)
        raise click.ClickException(
            f"{folder}: {reason}; name another folder with --site"
        ) from error


def _inside(places: Settings) -> Path:
    if not isinstance(places.output, Path):
        raise click.UsageError(
            f"the site of {places.output} cannot be served from there; copy it, and name the "
            "folder with --site"
        )
    return places.output / "site"
