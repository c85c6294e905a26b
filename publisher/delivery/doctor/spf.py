"""SPF (RFC 7208): which machines may send for a domain."""

import ipaddress
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from publisher.delivery.doctor.dns import Zone, addresses, mail_hosts, texts
from publisher.delivery.doctor.finding import Finding, failed, ok, unknown, warning

CHECK = "spf"
MOST_LOOKUPS = 10
"""RFC 7208, section 4.6.4; receivers stop there, and take the record for broken."""

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
EVERYTHING = (ipaddress.ip_network("0.0.0.0/0"), ipaddress.ip_network("::/0"))
ASKING = ("include", "a", "mx", "ptr", "exists", "redirect")
"""Mechanisms that cost a look-up."""


class SpfError(ValueError):
    """A receiver would end with permerror."""


@dataclass
class Policy:
    """What a record comes to when everything that it names is looked up.

    `networks` have the qualifier under which they are listed, in order; `rest` is that of `all`.
    """

    zone: Zone
    lookups: int = 0
    networks: list[tuple[str, Network]] = field(default_factory=list)
    rest: str = "?"
    vague: bool = False
    """Whether a mechanism depends on the message, so that nothing is certain without one."""

    def read(self, domain: str, *, included: bool = False) -> None:
        """Follow the record of a domain. Raises `SpfError`."""
        redirect = None
        ended = False
        for term in record_of(self.zone, domain).split()[1:]:
            qualifier, mechanism = (term[0], term[1:]) if term[0] in "+-~?" else ("+", term)
            name, separator, value = _split(mechanism.lower())
            if separator == "=":
                redirect = value if name == "redirect" else redirect
            elif name == "all":
                ended = True
                if included:
                    self.networks += ((qualifier, each) for each in EVERYTHING)
                else:
                    self.rest = qualifier
            else:
                self._follow(qualifier, name, value, domain)
        if redirect and not ended:
            self._count()
            self.read(redirect, included=included)

    @property
    def lets_all_send(self) -> bool:
        """Whether it keeps nobody out."""
        return self.rest == "+" or any(("+", each) in self.networks for each in EVERYTHING)

    def verdict(self, ip: str) -> str:
        """The qualifier for an address: `+` passes, `-` fails, `~` fails softly, `?` is neither."""
        address = ipaddress.ip_address(ip)
        for qualifier, network in self.networks:
            if address.version == network.version and address in network:
                return qualifier
        return self.rest

    def _follow(self, qualifier: str, name: str, value: str, domain: str) -> None:
        if name not in (*ASKING, "ip4", "ip6"):
            raise SpfError(f"{domain} has the unknown mechanism {name!r}")
        if name in ASKING:
            self._count()
        if "%" in value or name in ("ptr", "exists"):
            self.vague = True
        elif name == "include":
            self._include(qualifier, value)
        else:
            self.networks += ((qualifier, each) for each in self._networks(name, value, domain))

    def _include(self, qualifier: str, domain: str) -> None:
        """An included record matches where it passes, and nowhere else (section 5.2)."""
        before = len(self.networks)
        self.read(domain, included=True)
        added = self.networks[before:]
        self.networks[before:] = [(qualifier, each) for own, each in added if own == "+"]

    def _networks(self, name: str, value: str, domain: str) -> Iterator[Network]:
        host, slash, lengths = value.partition("/")
        short, _, long = f"{slash}{lengths}".partition("//")
        try:
            if name in ("ip4", "ip6"):
                yield ipaddress.ip_network(value, strict=False)
                return
            hosts = [host or domain]
            if name == "mx":
                hosts = mail_hosts(self.zone, hosts[0])[:MOST_LOOKUPS]
            for each in hosts:
                for ip in addresses(self.zone, each):
                    size = long if ":" in ip else short.removeprefix("/")
                    yield ipaddress.ip_network(f"{ip}/{size}" if size else ip, strict=False)
        except ValueError as error:
            raise SpfError(f"{domain} has the malformed mechanism {name}:{value}") from error

    def _count(self) -> None:
        self.lookups += 1
        if self.lookups > MOST_LOOKUPS:
            raise SpfError(f"it takes more than {MOST_LOOKUPS} look-ups")


def record_of(zone: Zone, domain: str) -> str:
    """The SPF record of a domain. Raises `SpfError` unless there is just one."""
    found = [text for text in texts(zone, domain) if text.lower().split(" ")[0] == "v=spf1"]
    if len(found) != 1:
        raise SpfError(f"{domain} has {len(found) or 'no'} SPF record{'s' * (len(found) > 1)}")
    return found[0]


def check_spf(zone: Zone, domain: str, ips: Sequence[str]) -> Iterator[Finding]:
    """The record of the envelope sender's domain, and whether the relay's addresses pass."""
    mechanisms = "".join(f" ip{ipaddress.ip_address(ip).version}:{ip}" for ip in ips)
    example = f'{domain}. IN TXT "v=spf1{mechanisms or " ip4:<address of your relay>"} -all"'
    policy = Policy(zone)
    try:
        policy.read(domain)
    except SpfError as error:
        yield failed(CHECK, str(error), f"publish one record, such as  {example}")
        return
    yield ok(CHECK, f"{domain} has a record of {policy.lookups} look-ups")
    if policy.lets_all_send:
        yield failed(CHECK, "it lets every machine send", "end it in -all or ~all")
    if not ips:
        yield unknown(CHECK, "nobody knows from where the relay sends", "give --ip ADDRESS")
    for ip in ips:
        if policy.verdict(ip) == "+":
            yield ok(CHECK, f"{ip} may send")
        elif policy.vague:
            yield warning(CHECK, f"{ip} may send only if a macro says so", "list the address")
        else:
            yield failed(CHECK, f"{ip} may not send", f"list it, as in  {example}")


def _split(mechanism: str) -> tuple[str, str, str]:
    """Name, `:`, `=`, `/` or nothing, and value; the value of `a/24` is `/24`."""
    for index, letter in enumerate(mechanism):
        if letter in ":=":
            return mechanism[:index], letter, mechanism[index + 1 :]
        if letter == "/":
            return mechanism[:index], letter, mechanism[index:]
    return mechanism, "", ""
