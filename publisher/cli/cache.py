"""publisher cache."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, TypeVar

import click
from pydantic import ByteSize

from publisher.build.store import Pruned, Store
from publisher.cli.workplace import settings
from publisher.settings import size_of

T = TypeVar("T")


class Size(click.ParamType[int]):
    """Bytes as 500MB."""

    name = "SIZE"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """The number of bytes."""
        try:
            return size_of(value)
        except ValueError as error:
            self.fail(str(error), param, ctx)


@click.group("cache")
def command() -> None:
    """Show or prune the cache of finished sections."""


@command.command("info")
def info() -> None:
    """Say where the cache is, how much it holds, and since when."""
    store = _store()
    held = _tried(store, store.holdings)
    click.echo(f"place      {store.folder}")
    click.echo(f"entries    {held.entries}")
    click.echo(f"bytes      {held.size} ({_readable(held.size)})")
    click.echo(f"cap        {store.cap} ({_readable(store.cap)})")
    click.echo(f"oldest     {_day(held.oldest)}")
    click.echo(f"newest     {_day(held.newest)}")
    click.echo(f"leftovers  {held.leftovers}")


@command.command("prune")
@click.option("--size", type=Size(), help="Bytes to keep, as 500MB; the cap if left out.")
@click.option("--all", "everything", is_flag=True, help="Keep nothing.")
def prune(size: int | None, everything: bool) -> None:
    """Remove what was not used for longest, and what killed processes left behind."""
    if everything and size is not None:
        raise click.UsageError("give --size or --all, not both")
    store = _store()
    cap = 0 if everything else store.cap if size is None else size
    click.echo(_said(_tried(store, lambda: store.prune(cap))))


def _store() -> Store:
    places = settings()
    return Store(places.cache, places.cache_size)


def _tried(store: Store, action: Callable[[], T]) -> T:
    try:
        return action()
    except OSError as error:
        reason = error.strerror or str(error)
        raise click.ClickException(
            f"cache {store.folder}: {reason}; see PUBLISHER_CACHE"
        ) from error


def _said(pruned: Pruned) -> str:
    gone = f"removed {_entries(pruned.entries)} ({_readable(pruned.size)})"
    leftovers = f"{pruned.leftovers} leftover{'' if pruned.leftovers == 1 else 's'}"
    left = f"{_entries(pruned.entries_left)} ({_readable(pruned.size_left)}) left"
    return f"{gone} and {leftovers}; {left}"


def _entries(count: int) -> str:
    return "1 entry" if count == 1 else f"{count} entries"


def _readable(size: int) -> str:
    return ByteSize(size).human_readable(decimal=True)


def _day(used: float | None) -> str:
    return "-" if used is None else f"{datetime.fromtimestamp(used, UTC):%Y-%m-%d %H:%M:%S} UTC"
