"""Zone files of a sender for whom everything is right, and changes to them."""

from pathlib import Path

from publisher.delivery.doctor.dkim import zone_line
from publisher.delivery.doctor.dns import ZoneFile
from publisher.delivery.messages.signer import Signer

IP, IP6 = "192.0.2.25", "2001:db8::25"

GOOD = f"""\
$ORIGIN example.
guides IN TXT "v=spf1 mx -all"
guides IN MX 10 mx.guides
bounces.guides IN TXT "v=spf1 ip4:192.0.2.0/24 ip6:2001:db8::/32 -all"
bounces.guides IN MX 10 mx.guides
mx.guides IN A {IP}
mx.guides IN AAAA {IP6}
_dmarc.guides IN TXT "v=DMARC1; p=reject; rua=mailto:dmarc@guides.example"
25.2.0.192.in-addr.arpa. IN PTR mx.guides.example.
5.2.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa. IN PTR mx.guides.example.
"""


def zone(text: str, folder: Path) -> ZoneFile:
    """A zone file with a text."""
    path = folder / "zone"
    path.write_text(text, "utf-8")
    return ZoneFile.read(path)


def good(*signers: Signer) -> str:
    """The records of a sender with these signers."""
    return GOOD + "".join(f"{zone_line(each)}\n" for each in signers)
