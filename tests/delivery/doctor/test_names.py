"""DKIM, DMARC, MX and PTR in zone files: one thing wrong at a time."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from publisher.delivery.doctor.examination import Setup, examine
from publisher.delivery.doctor.finding import Finding, failed, warning
from publisher.delivery.messages.signer import Signer
from tests.delivery.doctor.zones import IP, IP6, good, zone
from tests.delivery.messages.letters import a_signer, an_identity

Change = Callable[[str], str]


def examined(text: str, folder: Path, *signers: Signer) -> list[Finding]:
    setup = Setup(an_identity(*signers), None, "https://guides.example", True, (IP, IP6))
    return [each for each in examine(setup, zone(text, folder)) if each.check != "relay"]


def without(pattern: str) -> Change:
    return lambda text: re.sub(rf"(?m)^.*{pattern}.*\n", "", text)


def more(line: str) -> Change:
    return lambda text: f"{text}{line}\n"


def swapped(old: str, new: str) -> Change:
    return lambda text: text.replace(old, new)


def test_all_is_well(signer: Signer, tmp_path: Path) -> None:
    found = examined(good(signer), tmp_path, signer)
    assert {"ok"} == {each.status for each in found}, "\n".join(map(str, found))
    assert {"sender", "web", "imprint", "dkim", "spf", "dmarc", "ptr", "mx of bounces",
            "mx of answers"} == {each.check for each in found}  # fmt: skip


PUBLISH_DKIM = 'publish  s1._domainkey.guides.example. IN TXT ( "v=DKIM1; k=rsa; p='
PUBLISH_DMARC = '_dmarc.guides.example. IN TXT "v=DMARC1; p=none; rua='


BOUNCES = "bounces.guides IN MX 10 mx.guides"

WRONG = [
    (without("_domainkey"), failed("dkim", "has no record", PUBLISH_DKIM)),
    (swapped("k=rsa; p=M", "k=rsa; p=N"), failed("dkim", "another key", PUBLISH_DKIM)),
    (lambda text: re.sub(r"p=MI[^)]*\)", 'p=" )', text), failed("dkim", "revoked", PUBLISH_DKIM)),
    (swapped("k=rsa;", "k=x25;"), failed("dkim", "no record of an RSA key", PUBLISH_DKIM)),
    (swapped("v=DKIM1; k=rsa;", "h=sha1;"), failed("dkim", "not allow sha256", PUBLISH_DKIM)),
    (swapped("k=rsa;", "t=y;"), warning("dkim", "only a test", "remove t=y")),
    (more('s1._domainkey.guides TXT "v=DKIM1; p=x"'), failed("dkim", "2 records", "keep one; ")),
    (without("bounces.guides IN TXT"), failed("spf", "no SPF record", "v=spf1 ip4:192.0.2.25")),
    (swapped("192.0.2.0/24", "198.51.100.0/24"), failed("spf", "192.0.2.25 may not", "list it")),
    (without("_dmarc"), failed("dmarc", "no DMARC record", PUBLISH_DMARC)),
    (more('_dmarc.guides TXT "v=DMARC1; p=none"'), failed("dmarc", "2 DMARC", PUBLISH_DMARC)),
    (swapped("p=reject", "p=strict"), failed("dmarc", "no policy p=strict", "p=none")),
    (swapped("p=reject;", "p=reject; pct=50;"), warning("dmarc", "tag pct", "remove pct=")),
    (swapped("p=reject;", "p=reject; rf=afrf;"), warning("dmarc", "tag rf", "remove rf=")),
    (swapped("p=reject;", "p=reject; ri=86400;"), warning("dmarc", "tag ri", "remove ri=")),
    (swapped("; rua=mailto:dmarc@guides.example", ""), warning("dmarc", "reports", "add rua")),
    (swapped("p=reject;", "p=reject; aspf=s;"), warning("dmarc", "only DKIM", "bounces")),
    (without("in-addr"), failed("ptr", "192.0.2.25 has no name", "PTR")),
    (without("ip6.arpa"), failed("ptr", "2001:db8::25 has no name", "PTR")),
    (swapped(f"A {IP}", "A 192.0.2.26"), failed("ptr", "not lead back", "with 192.0.2.25")),
    (without(BOUNCES), failed("mx of bounces", "takes no mail", "IN MX 10")),
    (swapped(BOUNCES, "bounces.guides IN MX 0 ."), failed("mx of bounces", "says that", "IN MX")),
    (swapped(BOUNCES, f"bounces.guides IN A {IP}"), warning("mx of bounces", "no MX", "IN MX 10")),
    (swapped(BOUNCES, "bounces.guides IN MX 1 a.b"), failed("mx of bounces", "a.b.exam", "IN MX")),
    (without("^guides IN MX"), failed("mx of answers", "takes no mail", "IN MX 10")),
]
"""A change of the zone, and what is then found: check, status, part of the text, of the advice."""


@pytest.mark.parametrize(("change", "expected"), WRONG)
def test_what_is_wrong_is_found_and_advised(
    change: Change, expected: Finding, signer: Signer, tmp_path: Path
) -> None:
    before = good(signer)
    after = change(before)
    assert before != after
    found = [each for each in examined(after, tmp_path, signer) if each.status != "ok"]
    (first, *_) = [each for each in found if each.check == expected.check]
    assert expected.status == first.status
    assert expected.text in first.text
    assert expected.advice in first.advice


def test_the_record_that_is_advised_is_right(signer: Signer, tmp_path: Path) -> None:
    """What the doctor says is published as it stands; then it is content."""
    bare = without("_domainkey")(good(signer))
    (found,) = [each for each in examined(bare, tmp_path, signer) if each.status == "failed"]
    again = examined(f"{bare}{found.advice.removeprefix('publish  ')}\n", tmp_path, signer)
    assert {"ok"} == {each.status for each in again}


def test_all_selectors_are_looked_at(signer: Signer, tmp_path: Path) -> None:
    """The second is for letters that are still under way."""
    other = a_signer("s2")
    found = [
        each for each in examined(good(signer), tmp_path, signer, other) if each.status != "ok"
    ]
    assert ["s2._domainkey.guides.example has no record"] == [each.text for each in found]


def test_a_short_key_is_a_warning(tmp_path: Path) -> None:
    short = a_signer(bits=1024)
    found = [each for each in examined(good(short), tmp_path, short) if each.status != "ok"]
    assert ["the key of s1 has 1024 bits"] == [each.text for each in found]


def test_without_a_key_spf_alone_may_do(tmp_path: Path) -> None:
    found = {(each.check, each.status) for each in examined(good(), tmp_path)}
    assert {("dkim", "warning"), ("dmarc", "warning")} < found
    assert "failed" not in {status for _, status in found}


def test_without_a_key_and_bounces_elsewhere_nothing_is_aligned(tmp_path: Path) -> None:
    setup = Setup(an_identity(bounce_domain="b.other.example"), None, "https://x.example", True)
    text = good() + 'b.other.example. TXT "v=spf1 -all"\n'
    found = [each for each in examine(setup, zone(text, tmp_path)) if each.check == "dmarc"]
    assert ("failed", "neither DKIM nor SPF is of the sender's domain") == (
        found[-1].status, found[-1].text,
    )  # fmt: skip


@pytest.mark.parametrize("place", ["_dmarc.guides.example", "_dmarc.example"])
def test_dmarc_is_looked_for_up_the_tree(place: str, tmp_path: Path) -> None:
    text = f'{place}. TXT "v=DMARC1; p=none; rua=mailto:a@guides.example"\n'
    setup = Setup(an_identity(), None, "https://x.example", True)
    found = [each for each in examine(setup, zone(text, tmp_path)) if each.check == "dmarc"]
    assert ("ok", f"{place} has the policy none") == (found[0].status, found[0].text)
