"""The database and the secret keys, for the commands of delivery."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from publisher.settings import Settings

if TYPE_CHECKING:  # they take longer to load than --help
    from publisher.delivery.addresses import Address
    from publisher.delivery.keys import Keys
    from publisher.delivery.store.database import Database


@dataclass(frozen=True)
class Ledger:
    """What the commands of delivery work with."""

    database: "Database"
    keys: "Keys"


@contextmanager
def ledger(places: Settings) -> Iterator[Ledger]:
    """The ledger of the settings, closed behind the block.

    Raises `click.ClickException` when the database, now or in the block, or the keys fail.
    """
    from sqlalchemy.exc import DBAPIError  # noqa: PLC0415

    from publisher.delivery.store.database import Database  # noqa: PLC0415

    keys = keys_of(places)
    try:
        database = Database.at(places.database)
    except ValueError as error:
        raise click.ClickException(f"PUBLISHER_DATABASE: {error}") from error
    except (DBAPIError, OSError) as error:
        raise _failure(error) from error
    try:
        yield Ledger(database, keys)
    except (DBAPIError, sqlite3.Error) as error:  # the latter from what is kept for a while
        raise _failure(error) from error
    finally:
        database.close()


def keys_of(places: Settings) -> "Keys":
    """The secret keys. Raises `click.ClickException`."""
    from publisher.delivery.keys import Keys  # noqa: PLC0415

    try:
        if places.secret_keys is not None:
            return Keys.of(places.secret_keys.get_secret_value())
        return Keys.kept_in(places.secret_keys_file)
    except (ValueError, OSError) as error:
        wrong = getattr(error, "strerror", None) or error
        raise click.ClickException(f"PUBLISHER_SECRET_KEYS: {wrong}") from None


def address_of(text: str) -> "Address":
    """An address from the command line. Raises `click.UsageError`."""
    from publisher.delivery.addresses import Address  # noqa: PLC0415

    try:
        return Address.of(text)
    except ValueError as error:
        raise click.UsageError(f"ADDRESS: {error}") from error


def _failure(error: Exception) -> click.ClickException:
    """The first line of what the driver says; the others may show rows of the database."""
    said = str(getattr(error, "orig", None) or error).strip().partition("\n")[0]
    return click.ClickException(f"the database (PUBLISHER_DATABASE): {said}")
