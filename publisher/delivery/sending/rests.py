"""Rests of the relay and of domains: nobody sends there for a while."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import BindParameter, Connection, Row, ScalarSelect, func, select, update

from publisher.delivery.sending.ensure import ensure
from publisher.delivery.sending.pace import Pace
from publisher.delivery.store.tables import PAUSE

DOMAIN = "domain:"


def domain_key(domain: str) -> str:
    """What rates and rests of a domain are kept under."""
    return DOMAIN + domain


def rest(connection: Connection, key: str, cause: str, pace: Pace, moment: datetime) -> None:
    """Begin a rest, unless there is one; the next one in a row is twice as long.

    One is in a row with another one that ended less than the longest rest before.
    """
    row = _row(connection, key, moment)
    if row.until > moment:
        return  # several connections are told at once
    longest = timedelta(seconds=pace.longest_rest)
    times = row.times if moment < row.until + longest else 0
    until = moment + min(timedelta(seconds=pace.rest * 2 ** min(times, 30)), longest)
    connection.execute(
        update(PAUSE).where(PAUSE.c.key == key).values(until=until, times=times + 1, cause=cause)
    )


def rest_for_rate(connection: Connection, key: str, seconds: float, moment: datetime) -> None:
    """Wait until a rate allows the next message; that is no one's complaint."""
    row = _row(connection, key, moment)
    until = max(row.until, moment + timedelta(seconds=seconds))
    connection.execute(update(PAUSE).where(PAUSE.c.key == key).values(until=until, cause="rate"))


def resting_until(connection: Connection, key: str, moment: datetime) -> datetime | None:
    """When a rest ends; None without one."""
    return connection.execute(
        select(PAUSE.c.until).where(PAUSE.c.key == key, PAUSE.c.until > moment)
    ).scalar_one_or_none()


def resting_domains(moment: datetime | BindParameter[datetime]) -> ScalarSelect[str]:
    """The domains that rest, as part of a statement."""
    name = func.substr(PAUSE.c.key, len(DOMAIN) + 1)
    starts = PAUSE.c.key.like(f"{DOMAIN}%")
    return select(name).where(starts, PAUSE.c.until > moment).scalar_subquery()


def _row(connection: Connection, key: str, moment: datetime) -> Row[Any]:
    ensure(connection, PAUSE, key=key, until=moment, cause="", times=0)
    return connection.execute(select(PAUSE).where(PAUSE.c.key == key).with_for_update()).one()
