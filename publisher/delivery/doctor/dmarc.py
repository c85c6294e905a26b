"""DMARC (RFC 9989): what receivers are told to do with mail that is not ours."""

from collections.abc import Iterator

from publisher.delivery.doctor.dkim import tags_of
from publisher.delivery.doctor.dns import Zone, texts
from publisher.delivery.doctor.finding import Finding, failed, ok, warning
from publisher.delivery.messages.identity import Identity, aligned

CHECK = "dmarc"
POLICIES = ("none", "quarantine", "reject")
GONE = ("pct", "rf", "ri")
"""Tags of RFC 7489 that RFC 9989 has dropped; receivers read them each in their own way."""

DEEPEST = 8
"""Labels of a name at which the walk up the tree begins (RFC 9989, section 4.10)."""


def check_dmarc(zone: Zone, identity: Identity) -> Iterator[Finding]:
    """A record for the sender's domain, and whether our DKIM and SPF are of that domain."""
    domain = identity.domain
    example = f'_dmarc.{domain}. IN TXT "v=DMARC1; p=none; rua=mailto:dmarc@{domain}"'
    place, found = _nearest(zone, domain)
    if len(found) != 1:
        number = len(found) or "no"
        text = f"{place} has {number} DMARC record{'s' * (len(found) > 1)}"
        yield failed(CHECK, text, f"publish one, such as  {example}")
        return
    tags = tags_of(found[0])
    if tags.get("p", "none").lower() not in POLICIES:
        yield failed(CHECK, f"{place} has no policy p={tags['p']}", f"write p={'|'.join(POLICIES)}")
        return
    yield ok(CHECK, f"{place} has the policy {tags.get('p', 'none')}")
    for tag in GONE:
        if tag in tags:
            yield warning(CHECK, f"{place} has the tag {tag}, which is gone", f"remove {tag}=")
    if "rua" not in tags:
        yield warning(CHECK, "nobody gets reports", f"add rua=mailto:dmarc@{domain}")
    yield from _alignment(identity, tags)


def _nearest(zone: Zone, domain: str) -> tuple[str, list[str]]:
    """The nearest place up the tree that has records, and those; the domain's own if none has."""
    labels = domain.split(".")
    names = [labels, *(labels[at:] for at in range(max(1, len(labels) - DEEPEST + 1), len(labels)))]
    for name in names:
        place = f"_dmarc.{'.'.join(name)}"
        found = [text for text in texts(zone, place) if tags_of(text).get("v") == "DMARC1"]
        if found:
            return place, found
    return f"_dmarc.{domain}", []


def _alignment(identity: Identity, tags: dict[str, str]) -> Iterator[Finding]:
    """One of the two is enough for a receiver, both are sure (RFC 9989, section 4.4)."""
    strict_dkim, strict_spf = (tags.get(tag, "r").lower() == "s" for tag in ("adkim", "aspf"))
    signs = [each.domain for each in identity.signers[:1]]
    dkim = any(each == identity.domain or not strict_dkim for each in signs)
    bounces = identity.bounce_domain
    spf = bounces == identity.domain or (not strict_spf and aligned(bounces, identity.domain))
    if dkim and spf:
        yield ok(CHECK, "DKIM and SPF are both of the sender's domain")
    elif dkim or spf:
        text = f"only {'DKIM' if dkim else 'SPF'} is of the sender's domain"
        advice = f"let bounces come to a name below {identity.domain}" if dkim else "sign with DKIM"
        yield warning(CHECK, text, advice)
    else:
        text = "neither DKIM nor SPF is of the sender's domain"
        yield failed(CHECK, text, f"sign for {identity.domain}, with --new-key FILE")
