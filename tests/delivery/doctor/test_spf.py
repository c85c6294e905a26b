"""RFC 7208, as far as the doctor needs it."""

from pathlib import Path

import pytest

from publisher.delivery.doctor.finding import Finding
from publisher.delivery.doctor.spf import check_spf
from tests.delivery.doctor.zones import IP, IP6, zone


def checked(text: str, folder: Path, *ips: str) -> list[Finding]:
    return list(check_spf(zone(text, folder), "a.example", ips))


def record(mechanisms: str) -> str:
    return f'a.example. IN TXT "v=spf1 {mechanisms}"\n'


OTHERS = f"""\
a.example. IN A {IP}
a.example. IN MX 10 mx.example.
mx.example. IN A 192.0.2.26
mx.example. IN AAAA {IP6}
b.example. IN TXT "v=spf1 ip4:192.0.2.27 -all"
c.example. IN TXT "v=spf1 ?ip4:192.0.2.28 ip4:192.0.2.29 ~all"
d.example. IN TXT "v=spf1 redirect=b.example"
"""


@pytest.mark.parametrize(
    ("mechanisms", "ip", "passes"),
    [
        (f"ip4:{IP} -all", IP, True),
        ("ip4:192.0.2.0/24 -all", IP, True),
        ("ip4:192.0.2.0/24 -all", "192.0.3.1", False),
        ("-ip4:192.0.2.25 ip4:192.0.2.0/24 -all", IP, False),
        ("ip6:2001:db8::/32 -all", IP6, True),
        ("ip6:2001:db8::/32 -all", IP, False),
        ("a -all", IP, True),
        ("a/24 -all", "192.0.2.99", True),
        ("a:mx.example -all", "192.0.2.26", True),
        ("a:mx.example//64 -all", "2001:db8::ffff", True),
        ("mx -all", "192.0.2.26", True),
        ("mx -all", IP6, True),
        ("mx -all", IP, False),
        ("include:b.example -all", "192.0.2.27", True),
        ("include:b.example -all", IP, False),
        ("include:c.example -all", "192.0.2.28", False),
        ("include:c.example -all", "192.0.2.29", True),
        ("?include:c.example -all", "192.0.2.29", False),
        ("include:d.example -all", "192.0.2.27", True),
        ("include:b.example +ip4:192.0.2.99 -all", "192.0.2.99", True),
        ("redirect=b.example", "192.0.2.27", True),
        ("redirect=b.example", IP, False),
        ("redirect=b.example -all", "192.0.2.27", False),
        ("exp=why.example ip4:192.0.2.25 ~all", IP, True),
        ("IP4:192.0.2.25 -ALL", IP, True),
        ("~all", IP, False),
        ("", IP, False),
    ],
)
def test_who_may_send(mechanisms: str, ip: str, passes: bool, tmp_path: Path) -> None:
    *_, found = checked(record(mechanisms) + OTHERS, tmp_path, ip)
    assert ("ok" if passes else "failed") == found.status
    assert passes or ip in found.advice


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "a.example has no SPF record"),
        (record("-all") + record("~all"), "a.example has 2 SPF records"),
        (record("include:none.example -all"), "none.example has no SPF record"),
        (record("ip4:300.1.1.1 -all"), "malformed mechanism ip4:300.1.1.1"),
        (record("a/99 -all") + OTHERS, "malformed mechanism a:/99"),
        (record("ipv4:192.0.2.1 -all"), "unknown mechanism 'ipv4'"),
        (record("include:a.example -all"), "more than 10 look-ups"),
        (record(" ".join(f"a:h{n}.example" for n in range(11))), "more than 10 look-ups"),
    ],
)
def test_broken_records(text: str, words: str, tmp_path: Path) -> None:
    """A circle ends, too."""
    (found,) = checked(text, tmp_path, IP)
    assert "failed" == found.status
    assert words in found.text
    assert f'a.example. IN TXT "v=spf1 ip4:{IP} -all"' in found.advice


def test_ten_look_ups_are_allowed_and_counted(tmp_path: Path) -> None:
    first, _ = checked(record(" ".join(f"a:h{n}.example" for n in range(10))), tmp_path, IP)
    assert ("ok", "a.example has a record of 10 look-ups") == (first.status, first.text)


@pytest.mark.parametrize(
    "mechanisms", ["+all", "all", "include:e.example -all", "redirect=e.example"]
)
def test_all_may_send_is_a_failure(mechanisms: str, tmp_path: Path) -> None:
    text = record(mechanisms) + 'e.example. IN TXT "v=spf1 ?ip6:::1 all"\n'
    statuses = [each.status for each in checked(text, tmp_path, IP)]
    assert ["ok", "failed", "ok"] == statuses


@pytest.mark.parametrize("mechanism", ["exists:%{i}.b.example", "ptr", "include:%{d}.b.example"])
def test_what_depends_on_the_message_is_only_a_warning(mechanism: str, tmp_path: Path) -> None:
    *_, found = checked(record(f"{mechanism} -all"), tmp_path, IP)
    assert "warning" == found.status


def test_without_an_address_it_asks_for_one(tmp_path: Path) -> None:
    *_, found = checked(record("-all"), tmp_path)
    assert ("unknown", "give --ip ADDRESS") == (found.status, found.advice)
