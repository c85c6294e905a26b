"""Tokens: B14, and what guessing them brings."""

import string
from pathlib import Path

import httpx
import pytest

from publisher.delivery.keys import Keys
from publisher.delivery.links import Links
from tests.delivery.web.program import Config
from tests.delivery.web.serving import KEYS, Ledger, Web, served

PURPOSES = ("d", "u", "c", "f")

SIGNS = string.ascii_letters + string.digits + "-_.=+/!~ %"


def made(links: Links, purpose: str, identifier: str) -> str:
    make = {"d": links.download, "u": links.unsubscribe, "c": links.confirm, "f": links.file}
    return make[purpose](identifier).rsplit("/", 1)[1]


@pytest.mark.parametrize("purpose", PURPOSES)
def test_b14_no_character_of_a_link_can_be_another(purpose: str) -> None:
    """Not even in the two bits that Base64 leaves unused, or by signs that it reads over."""
    links = Links("https://guides.example", Keys.of(KEYS))
    token = made(links, purpose, "Ab3_-xYz90qw")
    assert "Ab3_-xYz90qw" == links.read(purpose, token)
    changed = {token[:at] + sign + token[at + 1 :] for at in range(len(token)) for sign in SIGNS}
    changed |= {token[:at] + sign + token[at:] for at in range(len(token) + 1) for sign in SIGNS}
    changed |= {token[:at] + token[at + 1 :] for at in range(len(token))}
    changed |= {token + sign * count for sign in SIGNS for count in range(1, 5)}
    for wrong in changed - {token}:
        with pytest.raises(ValueError, match="not one of ours"):
            links.read(purpose, wrong)
    for other in PURPOSES:
        if other != purpose:
            with pytest.raises(ValueError, match="not one of ours"):
                links.read(other, token)


def test_an_older_key_still_opens_and_an_unknown_one_does_not() -> None:
    newest, older = (each.strip() for each in KEYS.split(","))
    both = Links("https://guides.example", Keys.of(KEYS))
    for key in (newest, older):
        token = made(Links("https://guides.example", Keys.of(key)), "d", "grant")
        assert "grant" == both.read("d", token)
    unknown = made(Links("https://guides.example", Keys.of("another-key-of-no-use")), "d", "grant")
    with pytest.raises(ValueError, match="not one of ours"):
        both.read("d", unknown)


def test_b14_a_changed_link_is_not_found_and_changes_nothing(web: Web, ledger: Ledger) -> None:
    """Each position once, in each kind of link, by GET and by POST."""
    number, delivery = ledger.delivery()
    ledger.file(b"content", number)
    grant = ledger.grant(number)
    paths = [
        web.page(grant), web.path(web.links.unsubscribe(delivery)),
        web.path(web.links.confirm("s1")), web.open(grant),
    ]  # fmt: skip
    before = ledger.everything()
    for path in paths:
        for at in range(3, len(path)):
            changed = path[:at] + ("A" if path[at] != "A" else "B") + path[at + 1 :]
            assert 404 == web.client.get(changed).status_code
            answer = web.client.post(changed, data={"List-Unsubscribe": "One-Click"})
            assert answer.status_code in (404, 405)
    assert before == ledger.everything()


def test_ten_thousand_wrong_tokens(plain: Config, plain_ledger: Ledger, tmp_path: Path) -> None:
    """They are held back, and cost no memory; meanwhile every good link works from anywhere."""
    grant = plain_ledger.granted(b"content")
    _, delivery = plain_ledger.delivery()
    with served(Config(plain.database, plain.keys, plain.files, limits={}), tmp_path) as web:
        good = web.page(grant)
        web.ask([f"{good[:-4]}{number:04}" for number in range(500)])
        before = web.memory()
        codes = web.ask([f"/{PURPOSES[number % 4]}/x{number}" for number in range(10_000)])
        assert 10_000 == codes.count(404) + codes.count(429)
        assert codes.count(404) < 100, "20 a minute"
        refused = web.client.get("/d/wrong")
        assert (429, True) == (refused.status_code, 0 < int(refused.headers["retry-after"]) <= 60)
        assert refused.headers["content-security-policy"]
        assert web.memory() - before < 8_000_000
        assert b"content" == web.client.get(web.open(grant)).content
        leave = web.path(web.links.unsubscribe(delivery))
        answer = web.client.post(leave, data={"List-Unsubscribe": "One-Click"})
        assert 200 == answer.status_code


def test_one_link_is_not_hammered(plain: Config, plain_ledger: Ledger, tmp_path: Path) -> None:
    one, another = plain_ledger.granted(b"content"), plain_ledger.granted(b"content")
    limits = {"link": "5/hour", "network": "10/hour"}
    with served(Config(plain.database, plain.keys, plain.files, limits=limits), tmp_path) as web:
        codes = [web.client.get(web.page(one)).status_code for _ in range(8)]
        assert [200] * 5 + [429] * 3 == codes
        assert 200 == web.client.get(web.page(another)).status_code
        assert 429 in [web.client.get("/nothing").status_code for _ in range(11)]


@pytest.mark.parametrize(("proxies", "apart"), [(("127.0.0.1",), True), ((), False)])
def test_only_a_trusted_proxy_says_who_asks(
    plain: Config, plain_ledger: Ledger, tmp_path: Path, proxies: tuple[str, ...], apart: bool
) -> None:
    assert plain_ledger
    limits = {"wrong_link": "3/hour"}
    config = Config(plain.database, plain.keys, plain.files, limits=limits, proxies=proxies)

    def ask(web: Web, who: str) -> httpx.Response:
        return web.client.get("/d/wrong", headers={"X-Forwarded-For": who})

    with served(config, tmp_path) as web:
        first = [ask(web, f"192.0.2.{number}").status_code for number in range(5)]
        assert [404, 404, 404, 429, 429] == first  # one network
        assert (404 if apart else 429) == ask(web, "198.51.100.1").status_code
        # What a client adds in front of the proxy's own word is not believed.
        assert 429 == ask(web, "203.0.113.9, 192.0.2.1").status_code
