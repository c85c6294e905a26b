"""Leaving a list and agreeing to be written to: B11, B12, B14."""

import pytest
from sqlalchemy import select

from publisher.delivery.keys import Keys
from publisher.delivery.store.tables import DELIVERY, SUBSCRIBER, SUPPRESSION
from tests.delivery.web.serving import KEYS, ONE_CLICK, Ledger, Web, hidden, values


def suppressed(ledger: Ledger, token: str) -> list[str]:
    """The lists that the recipient of a delivery has left."""
    keys = Keys.of(KEYS)
    with ledger.database.reading() as connection:
        mine = select(DELIVERY.c.address_key).where(DELIVERY.c.token == token)
        hashes = keys.address_hashes(connection.execute(mine).scalar_one())
    query = select(SUPPRESSION.c.scope).where(SUPPRESSION.c.address_hash.in_(hashes)).distinct()
    with ledger.database.reading() as connection:
        return list(connection.execute(query).scalars())


def state(ledger: Ledger, subscriber: int) -> str:
    query = select(SUBSCRIBER.c.state).where(SUBSCRIBER.c.id == subscriber)
    with ledger.database.reading() as connection:
        return str(connection.execute(query).scalar_one())


@pytest.mark.parametrize("encoding", ["application/x-www-form-urlencoded", "multipart/form-data"])
def test_b11_one_click_in_both_encodings(web: Web, ledger: Ledger, encoding: str) -> None:
    """RFC 8058: 2xx at once, no cookie, no redirect; the second time changes nothing more."""
    (_, token), (_, other) = ledger.delivery(), ledger.delivery()
    path = web.path(web.links.unsubscribe(token))
    for _ in range(3):
        answer = (
            web.client.post(path, data=ONE_CLICK)
            if "urlencoded" in encoding
            else web.client.post(path, files={"List-Unsubscribe": (None, "One-Click")})
        )
        assert answer.request.headers["content-type"].startswith(encoding)
        assert 200 == answer.status_code
        assert "set-cookie" not in answer.headers
        assert ["guides"] == suppressed(ledger, token)
    assert [] == suppressed(ledger, other)


@pytest.mark.parametrize(
    "body",
    [
        b"", b"List-Unsubscribe=", b"List-Unsubscribe=one-click", b"list-unsubscribe=One-Click",
        b"List-Unsubscribe=One-Click&List-Unsubscribe=No", b"x=y", b"{}", b"\xff\xfe", b"%zz=%ff",
    ],
)  # fmt: skip
def test_b11_another_body_is_refused(plain_web: Web, plain_ledger: Ledger, body: bytes) -> None:
    _, token = plain_ledger.delivery()
    path = plain_web.path(plain_web.links.unsubscribe(token))
    for kind in ("application/x-www-form-urlencoded", "text/plain", "multipart/form-data", None):
        headers = {"Content-Type": kind} if kind else {}
        assert 400 == plain_web.client.post(path, content=body, headers=headers).status_code
    assert [] == suppressed(plain_ledger, token)


def test_b12_the_page_has_one_button_that_does_it(web: Web, ledger: Ledger) -> None:
    _, token = ledger.delivery()
    path = web.path(web.links.unsubscribe(token))
    page = web.client.get(path).text
    assert 1 == page.count("<button")
    form = {"List-Unsubscribe": values(page, "List-Unsubscribe")[0]}
    assert [] == suppressed(ledger, token)
    assert "off the list" in web.client.post(path, data=form).text
    assert ["guides"] == suppressed(ledger, token)


def test_leaving_says_the_same_when_the_person_was_erased(web: Web, ledger: Ledger) -> None:
    _, token = ledger.delivery()
    answers = [
        web.client.post(web.path(web.links.unsubscribe(each)), data=ONE_CLICK)
        for each in (token, "erased")
    ]
    assert answers[0].content == answers[1].content


def test_agreeing_takes_a_press_of_the_button(web: Web, ledger: Ledger) -> None:
    number, token = ledger.delivery()
    subscriber = ledger.subscriber(number)
    path = web.path(web.links.confirm(token))
    page = web.client.get(path).text
    assert 403 == web.client.post(path, data={}).status_code
    assert "pending" == state(ledger, subscriber)
    for _ in range(2):
        answer = web.client.post(path, data={"form": hidden(page)})
        assert (200, True) == (answer.status_code, "Welcome" in answer.text)
        assert "confirmed" == state(ledger, subscriber)


def test_agreeing_to_what_nobody_asked(web: Web) -> None:
    path = web.path(web.links.confirm("s999999"))
    answer = web.client.post(path, data={"form": hidden(web.client.get(path).text)})
    assert (410, True) == (answer.status_code, "Nothing waits" in answer.text)
