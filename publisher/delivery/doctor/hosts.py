"""Names of machines: the relay's in DNS, and those that take our answers and bounces."""

from collections.abc import Iterator, Sequence

from publisher.delivery.doctor.dns import Zone, addresses, mail_hosts, names_of
from publisher.delivery.doctor.finding import Finding, failed, ok, unknown, warning


def check_ptr(zone: Zone, ips: Sequence[str]) -> Iterator[Finding]:
    """Each address has a name that leads back to it (forward-confirmed reverse DNS)."""
    if not ips:
        yield unknown("ptr", "nobody knows from where the relay sends", "give --ip ADDRESS")
    for ip in ips:
        names = names_of(zone, ip)
        confirmed = [name for name in names if ip in addresses(zone, name)]
        if confirmed:
            yield ok("ptr", f"{ip} is {confirmed[0]}, and back")
        elif names:
            advice = f"publish an address record for {names[0]} with {ip}"
            yield failed("ptr", f"{ip} is {names[0]}, which does not lead back", advice)
        else:
            advice = "let whoever owns the address publish a PTR record with the relay's name"
            yield failed("ptr", f"{ip} has no name", advice)


def check_mx(zone: Zone, domain: str, what: str) -> Iterator[Finding]:
    """A domain takes mail (RFC 5321, section 5.1)."""
    check = f"mx of {what}"
    hosts = mail_hosts(zone, domain)
    example = f"publish  {domain}. IN MX 10 <host that takes your bounces>."
    if hosts == ["."]:
        yield failed(check, f"{domain} says that it takes no mail", example)
    elif hosts:
        found = [host for host in hosts if addresses(zone, host)]
        if found:
            yield ok(check, f"{domain} takes mail at {found[0]}")
        else:
            yield failed(check, f"{hosts[0]}, for {domain}, has no address", example)
    elif addresses(zone, domain):
        yield warning(check, f"{domain} has an address, but no MX", example)
    else:
        yield failed(check, f"{domain} takes no mail", example)
