"""Look-ups: in a zone file, and of a name server."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from dns.resolver import Resolver

from publisher.delivery.doctor.dns import (
    LiveZone,
    Zone,
    ZoneFile,
    addresses,
    mail_hosts,
    names_of,
    texts,
)
from tests.delivery.doctor.zones import GOOD, IP, IP6, zone
from tests.servers.dns import name_server


@pytest.fixture
def live() -> Iterator[LiveZone]:
    """A name server with the records of `GOOD`."""
    with name_server(GOOD) as port:
        resolver = Resolver(configure=False)
        resolver.nameservers = ["127.0.0.1"]
        resolver.port = port
        resolver.lifetime = 0.5
        yield LiveZone(resolver)


@pytest.fixture(params=["file", "server"])
def either(request: pytest.FixtureRequest, tmp_path: Path) -> Zone:
    if request.param == "file":
        return zone(GOOD, tmp_path)
    server: LiveZone = request.getfixturevalue("live")
    return server


def test_both_answer_alike(either: Zone) -> None:
    assert ["v=spf1 mx -all"] == texts(either, "guides.example")
    assert [IP, IP6] == addresses(either, "mx.guides.example")
    assert ["mx.guides.example"] == mail_hosts(either, "guides.example")
    assert ["mx.guides.example"] == names_of(either, IP)
    assert ["mx.guides.example"] == names_of(either, IP6)
    assert [] == texts(either, "mx.guides.example")
    assert [] == addresses(either, "nowhere.example")


def test_case_does_not_matter(either: Zone) -> None:
    assert [IP, IP6] == addresses(either, "MX.Guides.Example")


def test_a_name_that_is_none(either: Zone) -> None:
    with pytest.raises(ValueError, match="is no name in DNS"):
        either.find("a..b", "A")


@pytest.mark.parametrize("name", ["mute", "broken"])
def test_no_answer_is_no_absence(name: str, live: LiveZone) -> None:
    """What nobody could tell must not be taken for a record that is missing."""
    with pytest.raises(OSError, match=f"DNS does not answer for {name}"):
        live.find(name, "A")


def test_strings_of_one_record_are_joined(tmp_path: Path) -> None:
    assert ["v=DKIM1; p=abc"] == texts(zone('a.example. IN TXT ( "v=DKIM1; " "p=abc" )', tmp_path),
                                       "a.example")  # fmt: skip


def test_aliases_are_followed_but_not_in_circles(tmp_path: Path) -> None:
    found = zone(
        "a.example. CNAME b.example.\nb.example. A 192.0.2.1\n"
        "c.example. CNAME d.example.\nd.example. CNAME c.example.\n",
        tmp_path,
    )
    assert ["192.0.2.1"] == addresses(found, "a.example")
    assert [] == addresses(found, "c.example")


@pytest.mark.parametrize(
    ("text", "words"),
    [("a.example. IN TXT", "no zone file"), ("a.example. IN A 300.1.1.1", "no zone file"),
     ("a.example. IN NOPE x\n", "no zone file"), ("\ud800", "UTF-8")],
)  # fmt: skip
def test_a_file_that_is_no_zone(text: str, words: str, tmp_path: Path) -> None:
    path = tmp_path / "zone"
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    with pytest.raises(ValueError, match=words) as error:
        ZoneFile.read(path)
    assert str(path) in str(error.value)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="No such file"):
        ZoneFile.read(tmp_path / "none")
