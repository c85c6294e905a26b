"""What DNS says: the one of this machine, or a zone file."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import dns.zone
from dns.exception import DNSException
from dns.name import Name, from_text, root
from dns.rdataclass import IN
from dns.rdatatype import CNAME
from dns.resolver import NXDOMAIN, NoAnswer, Resolver
from dns.reversename import from_address
from dns.tokenizer import Tokenizer
from dns.zonefile import Reader

PATIENCE = 5.0
"""Seconds for one look-up, all servers together."""

TTL = 3600
"""Seconds that a record of a file lives which does not say."""

LONGEST_ALIAS = 8
"""Steps of CNAME that are followed."""


class Zone(Protocol):
    """Answers questions about names."""

    def find(self, name: str, kind: str) -> Sequence[Any]:
        """The records of a kind as dnspython has them, none if there are none.

        Raises `OSError` when nobody answers, `ValueError` for what is no name.
        """


@dataclass(frozen=True)
class LiveZone:
    """The DNS of this machine."""

    resolver: Resolver

    @classmethod
    def of_this_machine(cls) -> "LiveZone":
        """As the machine is set up. Raises `OSError` when it has no DNS."""
        try:
            resolver = Resolver()
        except DNSException as error:
            raise OSError(f"this machine has no DNS: {error}") from error
        resolver.lifetime = PATIENCE
        return cls(resolver)

    def find(self, name: str, kind: str) -> Sequence[Any]:
        """As `Zone.find`."""
        try:
            return tuple(self.resolver.resolve(_name(name), kind, search=False))
        except (NXDOMAIN, NoAnswer):
            return ()
        except DNSException as error:
            raise OSError(f"DNS does not answer for {name}") from error


@dataclass(frozen=True)
class ZoneFile:
    """The records of a file (RFC 1035, section 5.1), of as many zones as it holds."""

    zone: dns.zone.Zone

    @classmethod
    def read(cls, path: Path) -> "ZoneFile":
        """Raises `ValueError` that says what is wrong and where."""
        zone = dns.zone.Zone(root, relativize=False)
        try:
            text = Tokenizer(path.read_text("utf-8"), str(path))
            with zone.writer(replacement=True) as records:
                Reader(text, IN, records, default_ttl=TTL).read()
        except (OSError, UnicodeError) as error:
            reason = error.strerror if isinstance(error, OSError) else "is not UTF-8"
            raise ValueError(f"{path}: {reason}") from error
        except (DNSException, ValueError) as error:
            raise ValueError(f"no zone file: {error}") from error
        return cls(zone)

    def find(self, name: str, kind: str) -> Sequence[Any]:
        """As `Zone.find`."""
        place = _name(name)
        for _ in range(LONGEST_ALIAS):
            found = self.zone.get_rdataset(place, kind)
            if found is not None:
                return tuple(found)
            alias = self.zone.get_rdataset(place, CNAME)
            if alias is None:
                return ()
            place = alias[0].target
        return ()


def texts(zone: Zone, name: str) -> list[str]:
    """The texts of TXT records, the strings of each joined (RFC 7208, section 3.3)."""
    return [b"".join(each.strings).decode("utf-8", "replace") for each in zone.find(name, "TXT")]


def addresses(zone: Zone, host: str) -> list[str]:
    """All IP addresses of a host."""
    return [each.address for kind in ("A", "AAAA") for each in zone.find(host, kind)]


def mail_hosts(zone: Zone, domain: str) -> list[str]:
    """The hosts that take mail for a domain, nearest first; `.` if it takes none (RFC 7505)."""
    found = sorted(zone.find(domain, "MX"), key=lambda each: each.preference)
    return [str(each.exchange).rstrip(".") or "." for each in found]


def names_of(zone: Zone, ip: str) -> list[str]:
    """The names of an IP address."""
    return [str(each.target).rstrip(".") for each in zone.find(str(from_address(ip)), "PTR")]


def _name(text: str) -> Name:
    try:
        return from_text(text)
    except DNSException as error:
        raise ValueError(f"{text!r} is no name in DNS") from error
