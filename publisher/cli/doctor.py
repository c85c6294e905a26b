"""publisher doctor."""

import ipaddress
import json
import os
import sys
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from publisher.cli.sender import identity_from, signing_domain
from publisher.cli.workplace import settings
from publisher.settings import Settings

if TYPE_CHECKING:  # loading these takes longer than --help
    from publisher.delivery.doctor.dns import Zone
    from publisher.delivery.doctor.examination import Setup
    from publisher.delivery.doctor.finding import Finding
    from publisher.delivery.sending.relay import Relay


@click.group("doctor")
def command() -> None:
    """Look whether everything is set up, and say what to do."""


class IpAddress(click.ParamType[str]):
    """An IPv4 or IPv6 address."""

    name = "ADDRESS"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The address in its usual form."""
        try:
            return str(ipaddress.ip_address(str(value)))
        except ValueError:
            self.fail(f"{str(value)[:60]!r} is no IP address", param, ctx)


@command.command("mail")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text")
@click.option("--zone", "zone_file", type=click.Path(path_type=Path, dir_okay=False),
              help="Ask this zone file instead of DNS.")  # fmt: skip
@click.option("--ip", "ips", type=IpAddress(), multiple=True,
              help="An address from which the relay sends. Repeat it.")  # fmt: skip
@click.option("--new-key", type=click.Path(path_type=Path, dir_okay=False),
              help="Make a DKIM key in this file, and print what to publish.")  # fmt: skip
@click.option("--selector", default="s1", show_default=True, help="The name of the new key.")
def mail(
    *, form: str, zone_file: Path | None, ips: tuple[str, ...], new_key: Path | None, selector: str
) -> None:
    """Look at the settings, the relay and DNS, and say whether our mail would arrive.

    Sends nothing. Exit status 1 if anything fails; warnings do not count.
    """
    places = settings()
    if new_key is not None:
        _make_key(places, new_key, selector)
        return
    from publisher.delivery.doctor.examination import examine  # noqa: PLC0415

    findings = examine(_setup(places, ips), _zone(zone_file))
    statuses = list(_print_json(findings) if form == "json" else _print_text(findings))
    sys.exit(1 if "failed" in statuses else 0)


def _print_text(findings: "Iterable[Finding]") -> Iterator[str]:
    """Print each finding when it comes; a relay may keep us waiting."""
    counts: dict[str, int] = {}
    for each in findings:
        click.echo(str(each))
        counts[each.status] = counts.get(each.status, 0) + 1
        yield each.status
    click.echo(", ".join(f"{count} {status}" for status, count in counts.items()), err=True)


def _print_json(findings: "Iterable[Finding]") -> Iterator[str]:
    found = list(findings)
    click.echo(json.dumps([asdict(each) for each in found], ensure_ascii=False, indent=1))
    yield from (each.status for each in found)


def _setup(places: Settings, ips: tuple[str, ...]) -> "Setup":
    from publisher.delivery.doctor.examination import Setup  # noqa: PLC0415

    identity = identity_from(places) if places.sender else None
    return Setup(identity, _relay(places), places.base_url, bool(places.postal_address), ips)


def _relay(places: Settings) -> "Relay | None":
    from publisher.delivery.sending.relay import Relay  # noqa: PLC0415

    if places.smtp is None:
        return None
    try:
        return Relay.at(places.smtp.get_secret_value())
    except ValueError as error:
        raise click.UsageError(f"PUBLISHER_SMTP: {error}") from error


def _zone(file: Path | None) -> "Zone":
    from publisher.delivery.doctor.dns import LiveZone, ZoneFile  # noqa: PLC0415

    try:
        return ZoneFile.read(file) if file else LiveZone.of_this_machine()
    except ValueError as error:
        raise click.UsageError(f"--zone: {error}") from error
    except OSError as error:
        raise click.UsageError(f"{error}; give --zone FILE") from error


def _make_key(places: Settings, path: Path, selector: str) -> None:
    from publisher.delivery.doctor.dkim import zone_line  # noqa: PLC0415
    from publisher.delivery.messages.signer import Signer, new_key  # noqa: PLC0415

    domain = signing_domain(places)
    if not domain:
        raise click.UsageError("set PUBLISHER_SENDER or PUBLISHER_DKIM_DOMAIN first")
    pem = new_key()
    try:
        signer = Signer.of(domain, selector, pem)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as stream:
            stream.write(pem)
    except ValueError as error:
        raise click.UsageError(f"--selector: {error}") from error
    except OSError as error:
        raise click.ClickException(f"{path}: {error.strerror}; nothing was written") from error
    click.echo(f"The private key is in {path}. Publish this in DNS:\n\n{zone_line(signer)}\n")
    click.echo(f"Then set PUBLISHER_DKIM_KEYS='{json.dumps({selector: str(path)})}'")
