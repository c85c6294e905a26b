"""All checks, one after the other."""

import ipaddress
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from urllib.parse import urlsplit

from publisher.delivery.doctor.dkim import check_dkim
from publisher.delivery.doctor.dmarc import check_dmarc
from publisher.delivery.doctor.dns import Zone, addresses
from publisher.delivery.doctor.finding import Finding, failed, ok, unknown
from publisher.delivery.doctor.hosts import check_mx, check_ptr
from publisher.delivery.doctor.reach import check_relay
from publisher.delivery.doctor.spf import check_spf
from publisher.delivery.messages.identity import Identity
from publisher.delivery.sending.relay import Relay


@dataclass(frozen=True, slots=True)
class Setup:
    """What is examined. `ips` are the addresses from which the relay sends, if somebody said so."""

    identity: Identity | None
    relay: Relay | None
    base_url: str
    has_postal_address: bool
    ips: tuple[str, ...] = ()


def examine(setup: Setup, zone: Zone) -> Iterator[Finding]:
    """Findings as they come: of settings first, then of the relay, then of DNS."""
    yield from _settings(setup)
    yield from check_relay(setup.relay)
    if setup.identity is None:
        return
    identity = setup.identity
    ips = setup.ips or _guessed(setup.relay, zone)
    answers = (identity.reply_to or identity.address).rpartition("@")[2]
    checks: list[tuple[str, Callable[[], Iterator[Finding]]]] = [
        ("dkim", partial(check_dkim, zone, identity.signers)),
        ("spf", partial(check_spf, zone, identity.bounce_domain, ips)),
        ("dmarc", partial(check_dmarc, zone, identity)),
        ("ptr", partial(check_ptr, zone, ips)),
        ("mx of bounces", partial(check_mx, zone, identity.bounce_domain, "bounces")),
        ("mx of answers", partial(check_mx, zone, answers, "answers")),
    ]
    for name, check in checks:
        try:
            yield from check()
        except (OSError, ValueError) as error:
            yield unknown(name, str(error), "try again, or give --zone FILE")


def _settings(setup: Setup) -> Iterator[Finding]:
    if setup.identity is None:
        advice = "set PUBLISHER_SENDER, as Name <address>"
        yield failed("sender", "nobody is named, so DNS cannot be looked at", advice)
    else:
        yield ok("sender", f"letters are from {setup.identity.name}, {setup.identity.domain}")
    if urlsplit(setup.base_url).scheme == "https":
        yield ok("web", f"links lead to {setup.base_url}")
    else:
        advice = "set PUBLISHER_BASE_URL to the public address of `publisher serve`, with https"
        yield failed("web", f"links lead to {setup.base_url}, which is not https", advice)
    if setup.has_postal_address:
        yield ok("imprint", "letters have a postal address")
    else:
        advice = "set PUBLISHER_POSTAL_ADDRESS; laws on mail to many ask for one"
        yield failed("imprint", "letters have no postal address", advice)


def _guessed(relay: Relay | None, zone: Zone) -> tuple[str, ...]:
    """The addresses of the relay's own name: often, but not always, those that it sends from."""
    if relay is None or relay.is_here:
        return ()
    try:
        return (str(ipaddress.ip_address(relay.host)),)
    except ValueError:
        pass
    try:
        return tuple(addresses(zone, relay.host))
    except (OSError, ValueError):
        return ()
