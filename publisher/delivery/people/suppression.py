"""Whom never to write to again. It is kept by hash, so that it outlives what is held on them."""

from collections.abc import Collection

from sqlalchemy import ColumnElement, Connection, insert, select
from sqlalchemy.dialects import postgresql, sqlite

from publisher.delivery.keys import Keys
from publisher.delivery.people.stopping import stop_deliveries
from publisher.delivery.store.database import now
from publisher.delivery.store.states import DeliveryState
from publisher.delivery.store.tables import CAMPAIGN, DELIVERY, EVENT, SUPPRESSION

EVERY_LIST = "all"
"""The scope of those who are not to be written to on any list."""


def is_suppressed(connection: Connection, keys: Keys, address_key: str, scope: str) -> bool:
    """Whether an address must not be written to on a list (`scope`), or at all ("all")."""
    found = select(SUPPRESSION.c.scope).where(
        SUPPRESSION.c.address_hash.in_(keys.address_hashes(address_key)),
        SUPPRESSION.c.scope.in_({scope, EVERY_LIST}),
    )
    return connection.execute(found.limit(1)).first() is not None


def suppressed_hashes(connection: Connection, scope: str) -> frozenset[str]:
    """The hashes of all addresses that must not be written to on a list, in one query."""
    found = select(SUPPRESSION.c.address_hash).where(SUPPRESSION.c.scope.in_({scope, EVERY_LIST}))
    return frozenset(connection.scalars(found))


def scopes_of(connection: Connection, hashes: Collection[str]) -> dict[str, set[str]]:
    """The scopes for which these addresses are suppressed; those that are not are left out."""
    which = select(SUPPRESSION).where(SUPPRESSION.c.address_hash.in_(hashes))
    scopes: dict[str, set[str]] = {}
    for row in connection.execute(which):
        scopes.setdefault(row.address_hash, set()).add(row.scope)
    return scopes


def suppress(
    connection: Connection, hashes: tuple[str, ...], scope: str, cause: str, evidence: str = ""
) -> bool:
    """Never write to an address again on a list (`scope`), or at all ("all").

    `hashes` are what the address may be kept as, the newest first: `keys.address_hashes(key)`, or
    the one of a delivery. Messages that have not begun to leave are stopped. False if it was
    suppressed so already. `evidence` must not hold an address.
    """
    new = _insert(connection, hashes, scope, cause, evidence)
    if new:
        connection.execute(
            insert(EVENT).values(
                at=now(connection), kind="address-suppressed",
                detail={"address_hash": hashes[0], "scope": scope, "cause": cause},
            )
        )  # fmt: skip
    _stop(connection, hashes, scope, cause)
    return new


def _insert(
    connection: Connection, hashes: tuple[str, ...], scope: str, cause: str, evidence: str
) -> bool:
    known = scopes_of(connection, hashes).values()
    if any(scope in each for each in known):
        return False
    dialect = sqlite if connection.dialect.name == "sqlite" else postgresql
    row = {
        "address_hash": hashes[0], "scope": scope, "cause": cause,
        "since": now(connection), "evidence": evidence,
    }  # fmt: skip
    adding = dialect.insert(SUPPRESSION).values(row).on_conflict_do_nothing()
    return connection.execute(adding.returning(SUPPRESSION.c.scope)).first() is not None


def _stop(connection: Connection, hashes: tuple[str, ...], scope: str, cause: str) -> None:
    which: ColumnElement[bool] = DELIVERY.c.address_hash.in_(hashes)
    if scope != EVERY_LIST:
        of_the_list = select(CAMPAIGN.c.id).where(CAMPAIGN.c.list == scope)
        which &= DELIVERY.c.campaign_id.in_(of_the_list)
    stop_deliveries(connection, which, DeliveryState.SUPPRESSED, cause)
