"""Send it to me: nothing is sent without a yes, nobody learns whom we know, nothing stays long."""

import json
import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import Row, select, update

from publisher.delivery.addresses import Address
from publisher.delivery.campaigns.requested import anyone_agreed, fulfil, question
from publisher.delivery.people import requests
from publisher.delivery.people.dossier import dossier
from publisher.delivery.people.erasure import erase
from publisher.delivery.people.requests import Wish, agree, forget
from publisher.delivery.people.suppression import suppress
from publisher.delivery.store.database import Database, now
from publisher.delivery.store.tables import CAMPAIGN, DELIVERY, REQUEST, SUBSCRIBER
from tests.delivery.people.rows import KEYS, small
from tests.delivery.web.personal.forms import sealed
from tests.delivery.web.program import NO_LIMITS, Config
from tests.delivery.web.serving import Web, hidden, served

DOMAIN = "guides.example"
ADDRESS = "ada@inbox.example"


def wish(address: str = ADDRESS, *, news: bool = False, hours: float = 6.0) -> Wish:
    found = Address.of(address)
    reader = {"name": "Ada", "background": "surveyor", "hours_per_week": hours}
    return Wish(found.written, found.key, reader, "From Surveyor to Cartographer", news, "v1")


def ask(database: Database, *wishes: Wish) -> None:
    with database.writing() as connection:
        for each in wishes:
            requests.ask(connection, KEYS, each)


def rows(database: Database, table: Any = REQUEST) -> list[Row[Any]]:
    with database.reading() as connection:
        return list(connection.execute(select(table).order_by(table.c.id)))


def asked(database: Database) -> str | None:
    with database.writing() as connection:
        return question(connection, KEYS, DOMAIN)


def answered(database: Database) -> str | None:
    with database.writing() as connection:
        return fulfil(connection, KEYS, small(), DOMAIN)


def agreed(database: Database) -> bool:
    """The first of all requests is confirmed."""
    with database.writing() as connection:
        return agree(connection, rows_in(connection)[0].token)


def rows_in(connection: Any) -> list[Row[Any]]:
    return list(connection.execute(select(REQUEST).order_by(REQUEST.c.id)))


def test_one_question_for_each_wish(database: Database) -> None:
    ask(database, wish(), wish("bob@inbox.example", news=True))
    assert asked(database)
    assert asked(database) is None
    first, second = rows(database, DELIVERY)
    assert [ADDRESS, "bob@inbox.example"] == [first.address, second.address]
    assert {} == first.reader  # a name that a stranger gave is in no letter
    assert [False, True] == [first.facts["news"], second.facts["news"]]
    assert [first.id, second.id] == [each.delivery_id for each in rows(database)]


def test_an_address_is_asked_for_three_times_a_day(database: Database) -> None:
    ask(database, *[wish(hours=float(hours)) for hours in range(1, 6)])
    assert 3 == len(rows(database))
    with database.writing() as connection:
        yesterday = now(connection) - timedelta(days=1, minutes=1)
        connection.execute(update(REQUEST).values(created_at=yesterday))
    ask(database, wish())
    assert 4 == len(rows(database))


def test_several_wishes_of_one_go_out_one_after_the_other(database: Database) -> None:
    ask(database, wish(), wish(), wish(hours=7.0))  # and a double click is none
    assert asked(database)
    assert asked(database)
    assert asked(database) is None
    assert 2 == len(rows(database, CAMPAIGN))


def test_who_must_not_be_written_to_is_not(database: Database) -> None:
    with database.writing() as connection:
        suppress(connection, KEYS.address_hashes(ADDRESS), "all", "complaint")
    ask(database, wish())
    assert [] == rows(database)


def test_nothing_is_made_without_a_yes(database: Database) -> None:
    ask(database, wish())
    assert asked(database)
    assert answered(database) is None
    assert agreed(database)
    assert agreed(database)  # twice is as once
    with database.writing() as connection:
        assert anyone_agreed(connection)
    assert answered(database)
    assert answered(database) is None
    letter = rows(database, DELIVERY)[-1]
    assert ("planned", "Ada") == (letter.state, letter.reader["name"])
    assert [] == rows(database, SUBSCRIBER)


def test_who_wants_news_is_subscribed_with_proof(database: Database) -> None:
    ask(database, wish(news=True))
    assert agreed(database)
    assert answered(database)
    (person,) = rows(database, SUBSCRIBER)
    assert ("confirmed", "surveyor", "v1") == (person.state, person.background, person.consent_text)
    assert person.consent_time == rows(database)[0].confirmed_at


def test_what_nobody_confirms_is_forgotten(database: Database) -> None:
    ask(database, wish())
    with database.writing() as connection:
        late = now(connection) - requests.STANDS
        connection.execute(update(REQUEST).values(created_at=late))
        token = rows_in(connection)[0].token
        assert not agree(connection, token)
        assert 1 == forget(connection)
        assert not agree(connection, token)
    assert [] == rows(database)


def test_what_is_answered_is_forgotten_a_day_later(database: Database) -> None:
    ask(database, wish())
    assert agreed(database)
    assert answered(database)
    with database.writing() as connection:
        assert 0 == forget(connection)
        connection.execute(update(REQUEST).values(answered_at=now(connection) - requests.KEPT))
        assert 1 == forget(connection)


def test_a_wish_is_told_and_erased_with_its_person(database: Database, tmp_path: Path) -> None:
    ask(database, wish())
    address = Address.of(ADDRESS)
    with database.reading() as connection:
        held = dossier(connection, KEYS, address)
    assert held
    assert "Ada" in json.dumps(held["requests"])
    assert erase(database, KEYS, tmp_path, address)
    assert [] == rows(database)


@pytest.fixture
def asking(personal_web: Web, personal_database: Database) -> Database:
    """The database of the server without wishes."""
    with personal_database.writing() as connection:
        connection.execute(REQUEST.delete())
    assert personal_web.process.poll() is None
    return personal_database


def send(web: Web, **fields: str) -> httpx.Response:
    return web.client.post("/plan/send", data=sealed(web, **fields))


def test_the_answer_is_the_same_for_everyone(personal_web: Web, asking: Database) -> None:
    known = Address.of("known@inbox.example")
    hashes = personal_web.links.keys.address_hashes(known.key)
    with asking.writing() as connection:
        suppress(connection, hashes, "all", "complaint")
    addresses = ["new@inbox.example", "known@inbox.example", *["often@inbox.example"] * 5]
    answers = [
        send(personal_web, email=each, hours_per_week=str(number + 1))
        for number, each in enumerate(addresses)
    ]
    assert {200} == {each.status_code for each in answers}
    assert 1 == len({each.text for each in answers})
    kept = [each.address for each in rows(asking)]
    assert ["new@inbox.example", *["often@inbox.example"] * 3] == kept


def test_what_is_kept_is_what_was_typed(personal_web: Web, asking: Database) -> None:
    send(personal_web, email="Ada@Inbox.Example", **{"skill.drawing": "1"})
    (kept,) = rows(asking)
    assert ("Ada@inbox.example", False) == (kept.address, kept.news)  # the box is not ticked
    assert {
        "name": "Ada Lovelace", "career": "cartographer", "background": "surveyor",
        "track": "paper", "hours_per_week": 7.5, "start": "2027-02-01", "skills": {"drawing": 1},
    } == kept.reader  # fmt: skip
    page = personal_web.client.get("/plan?background=surveyor").text
    assert re.search(r'name="news" value="yes">', page)


def test_one_network_may_not_ask_without_end(personal_config: Config, tmp_path: Path) -> None:
    config = replace(personal_config, limits={**NO_LIMITS, "send": "2/hour"})
    with served(config, tmp_path) as web:
        asked = [send(web, email=f"reader-{number}@inbox.example") for number in range(3)]
        assert [200, 200, 429] == [each.status_code for each in asked]
        assert int(asked[-1].headers["retry-after"]) > 0
        assert 200 == web.client.get("/plan").status_code


@pytest.mark.parametrize("email", ["", "nobody", "a@b@c", "ada@inbox.example, x@y.z", "é@"])
def test_what_is_no_address_is_told(personal_web: Web, asking: Database, email: str) -> None:
    answer = send(personal_web, email=email)
    assert 422 == answer.status_code
    assert '<a href="#email">' in answer.text
    assert 'value="Ada Lovelace"' in answer.text
    assert [] == rows(asking)


def test_a_form_that_is_not_ours_is_refused(personal_web: Web, asking: Database) -> None:
    for form in ("", "1900000000.x", sealed(personal_web)["form"] + "x"):
        assert 403 == send(personal_web, email=ADDRESS, form=form).status_code
    headers = {"Sec-Fetch-Site": "cross-site"}
    data = sealed(personal_web, email=ADDRESS)
    assert 403 == personal_web.client.post("/plan/send", data=data, headers=headers).status_code
    assert [] == rows(asking)


def test_a_yes_needs_its_button(personal_web: Web, asking: Database) -> None:
    send(personal_web, email=ADDRESS)
    (kept,) = rows(asking)
    place = personal_web.path(personal_web.links.request(kept.token))
    page = personal_web.client.get(place)
    assert "Yes, send my guide" in page.text
    assert rows(asking)[0].confirmed_at is None
    assert 403 == personal_web.client.post(place).status_code
    assert rows(asking)[0].confirmed_at is None
    answer = personal_web.client.post(place, data={"form": hidden(page.text)})
    assert "on its way" in answer.text
    assert rows(asking)[0].confirmed_at
    elsewhere = personal_web.path(personal_web.links.confirm(kept.token)).rpartition("/")[2]
    assert 404 == personal_web.client.get(f"/g/{elsewhere}").status_code
