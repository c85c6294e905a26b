"""DKIM: whether receivers find the public keys that belong to ours."""

import re
from collections.abc import Iterator, Sequence

from publisher.delivery.doctor.dns import Zone, texts
from publisher.delivery.doctor.finding import Finding, failed, ok, warning
from publisher.delivery.messages.signer import Signer

CHECK = "dkim"
ENOUGH_BITS = 2048
LONGEST_STRING = 255
"""Octets of one string of a TXT record (RFC 1035, section 3.3.14)."""


def check_dkim(zone: Zone, signers: Sequence[Signer]) -> Iterator[Finding]:
    """Each selector has the key that belongs to ours (RFC 6376, section 3.6.1)."""
    if not signers:
        advice = "make a key with --new-key FILE, or let your relay sign"
        yield warning(CHECK, "no key is set, so nothing is signed here", advice)
    for signer in signers:
        yield _published(zone, signer)
        if signer.key.key_size < ENOUGH_BITS:
            text = f"the key of {signer.selector} has {signer.key.key_size} bits"
            yield warning(CHECK, text, "make one of 2048 bits with --new-key FILE")


def zone_line(signer: Signer) -> str:
    """The record of a signer as a line of a zone file."""
    text = signer.record
    parts = (text[at : at + LONGEST_STRING] for at in range(0, len(text), LONGEST_STRING))
    quoted = " ".join(f'"{part}"' for part in parts)
    return f"{signer.place}. IN TXT ( {quoted} )"


def _published(zone: Zone, signer: Signer) -> Finding:
    advice = f"publish  {zone_line(signer)}"
    found = texts(zone, signer.place)
    if not found:
        return failed(CHECK, f"{signer.place} has no record", advice)
    if len(found) > 1:
        return failed(CHECK, f"{signer.place} has {len(found)} records", f"keep one; {advice}")
    tags = tags_of(found[0])
    if tags.get("v", "DKIM1") != "DKIM1" or tags.get("k", "rsa") != "rsa":
        return failed(CHECK, f"{signer.place} is no record of an RSA key", advice)
    if re.sub(r"\s", "", tags.get("p", "")) != signer.public_key:
        text = "has been revoked" if tags.get("p") == "" else "has another key than ours"
        return failed(CHECK, f"{signer.place} {text}", advice)
    if "sha256" not in tags.get("h", "sha256").split(":"):
        return failed(CHECK, f"{signer.place} does not allow sha256", advice)
    if "y" in tags.get("t", "").split(":"):
        return warning(CHECK, f"{signer.place} says that it is only a test", "remove t=y")
    return ok(CHECK, f"{signer.place} has our key")


def tags_of(record: str) -> dict[str, str]:
    """The tags of a record such as `v=DKIM1; p=…` (RFC 6376, section 3.2)."""
    pairs = (each.partition("=") for each in record.split(";"))
    return {name.strip().lower(): value.strip() for name, equals, value in pairs if equals}
