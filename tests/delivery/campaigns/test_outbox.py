"""Letters that readers ask for: each goes out once, and to the stored address."""

from datetime import timedelta
from typing import Any

import httpx
from sqlalchemy import Row, insert, select, update

from publisher.delivery.addresses import Address
from publisher.delivery.campaigns.outbox import answer, invite, waiting
from publisher.delivery.keys import Keys
from publisher.delivery.people.suppression import suppress
from publisher.delivery.store.database import Database, now
from publisher.delivery.store.tables import ARTIFACT, DELIVERY, GRANT
from tests.delivery.campaigns.operator import Operator, download, mails
from tests.delivery.people.rows import KEYS, all_rows, campaign, delivery, take_in
from tests.delivery.web.serving import hidden
from tests.runs import until
from tests.servers.postfix import Postfix

ADA = Address.of("ada@example.org")
DOMAIN = "guides.example"
FACTS = {"background": "Surveyor", "career": "Cartographer"}


def ada_has_a_guide(database: Database) -> int:
    """Her delivery, with a file, and leave that has ended and for which she wants another."""
    take_in(database, "name,email,background,consent_time,consent_source\n"
                      "Ada,ada@example.org,surveyor,2026-11-01T10:00:00Z,form\n")  # fmt: skip
    with database.writing() as connection:
        made = delivery(connection, campaign(connection, "c"), ADA)
        moment = now(connection)
        connection.execute(update(DELIVERY).values(facts=FACTS))
        connection.execute(
            insert(ARTIFACT).values(
                delivery_id=made, path="1/t.pdf", filename="guide.pdf",
                media_type="application/pdf", sha256="0" * 64, size=1,
            )
        )  # fmt: skip
        connection.execute(
            insert(GRANT).values(
                id="old", delivery_id=made, expires_at=moment - timedelta(days=1),
                max_downloads=1, created_at=moment, asked_at=moment,
            )
        )  # fmt: skip
    return made


def answered(database: Database) -> str | None:
    with database.writing() as connection:
        return answer(connection, DOMAIN)


def invited(database: Database) -> str | None:
    with database.writing() as connection:
        return invite(connection, KEYS, "guides", DOMAIN)


def letters(database: Database, name: str) -> list[Row[Any]]:
    with database.reading() as connection:
        (found,) = [row.id for row in waiting(connection) if row.name == name]
        return list(connection.execute(select(DELIVERY).where(DELIVERY.c.campaign_id == found)))


def test_a_fresh_link_is_a_letter_with_the_same_files(database: Database) -> None:
    ada_has_a_guide(database)
    name = answered(database)
    assert name
    (letter,) = letters(database, name)
    assert ("ada@example.org", "ready") == (letter.address, letter.state)
    assert "From Surveyor to Cartographer" == letter.facts["title"]
    assert {"1/t.pdf"} == {row.path for row in all_rows(database, ARTIFACT)}
    (new,) = [row for row in all_rows(database, GRANT) if row.id != "old"]
    assert (letter.id, None) == (new.delivery_id, new.asked_at)


def test_it_is_answered_once_for_each_time_it_is_asked_for(database: Database) -> None:
    ada_has_a_guide(database)
    assert answered(database)
    assert answered(database) is None
    with database.writing() as connection:
        later = now(connection) + timedelta(hours=2)
        connection.execute(update(GRANT).where(GRANT.c.id == "old").values(asked_at=later))
    assert answered(database)


def test_of_two_links_of_one_reader_the_second_waits(database: Database) -> None:
    made = ada_has_a_guide(database)
    with database.writing() as connection:
        moment = now(connection)
        connection.execute(
            insert(GRANT).values(
                id="older", delivery_id=made, expires_at=moment, max_downloads=1,
                created_at=moment, asked_at=moment,
            )
        )  # fmt: skip
    assert answered(database)
    assert answered(database)
    assert answered(database) is None


def test_nobody_is_written_to_who_was_erased(database: Database) -> None:
    ada_has_a_guide(database)
    with database.writing() as connection:
        connection.execute(update(DELIVERY).values(address=None, address_key=None))
    assert answered(database) is None


def test_each_is_asked_once(database: Database) -> None:
    take_in(database, "email\nada@example.org\ngrace@example.org\n", proven=False)
    name = invited(database)
    assert name
    assert ["ready", "ready"] == [row.state for row in letters(database, name)]
    assert invited(database) is None
    take_in(database, "email\nada@example.org\nhedy@example.org\n", proven=False)
    name = invited(database)
    assert name
    assert ["hedy@example.org"] == [row.address for row in letters(database, name)]


def test_who_asked_for_nothing_more_is_not_asked(plain: Operator, postfix_server: Postfix) -> None:
    plain.smtp = postfix_server.port
    plain.subscribes(("Ada", 5, "2027-01-04"), confirmed=False)
    database = Database.at(plain.database)
    with database.writing() as connection:
        key = Address.of(plain.address("Ada")).key
        own = Keys.of(plain.environment["PUBLISHER_SECRET_KEYS"]).address_hashes(key)
        suppress(connection, own, "guides", "unsubscribed")
    database.close()
    plain.types("subscribers", "invite", "--yes")
    assert [] == mails(postfix_server.maildir(), plain.tag)


def test_from_a_yes_to_a_fresh_link(plain: Operator, postfix_server: Postfix) -> None:
    """Asked, confirmed, a guide, its link at an end, a fresh one: four letters, each once."""
    plain.smtp = postfix_server.port
    plain.subscribes(("Ada", 5, "2027-01-04"), confirmed=False)
    plain.types("subscribers", "invite", "--yes")
    plain.types("subscribers", "invite", "--yes")
    (asking,) = sent(plain, postfix_server, 1)
    assert asking.message["List-Unsubscribe"] is None
    assert "auto-generated" == asking.message["Auto-Submitted"]
    assert 1 == plain.types("campaign", "list").count("\n")
    plain.types("campaign", "create", "c", "--edition", "guide", status=1)
    with plain.serves() as client:
        press(client, confirm_link(asking.text))
        plain.types("campaign", "create", "c", "--edition", "guide")
        plain.types("campaign", "send", "c", "--yes")
        guide = next(each for each in sent(plain, postfix_server, 2) if each.wire != asking.wire)
        assert 2 == len(download(client, guide.link))
        end_all_links(plain)
        press(client, guide.link, "/fresh")
        plain.types("outbox")
        plain.types("outbox")
        known = {asking.wire, guide.wire}
        (fresh,) = [each for each in sent(plain, postfix_server, 3) if each.wire not in known]
        assert fresh.link != guide.link
        names = "".join(download(client, fresh.link))
        assert "cartographer-for-surveyor-ada.pdf" in names
        assert "cartographer-for-surveyor-ada.epub" in names


def sent(operator: Operator, postfix: Postfix, count: int) -> list[Any]:
    until(lambda: len(mails(postfix.maildir(), operator.tag)) >= count)
    found = mails(postfix.maildir(), operator.tag)
    assert count == len(found)
    return found


def confirm_link(text: str) -> str:
    return next(word for word in text.split() if "/c/" in word)


def press(client: httpx.Client, link: str, beyond: str = "") -> None:
    """Press the button on the page behind a link."""
    page = client.get(link)
    answer = client.post(link + beyond, data={"form": hidden(page.text)})
    assert answer.status_code == 200, answer.text


def end_all_links(operator: Operator) -> None:
    database = Database.at(operator.database)
    with database.writing() as connection:
        connection.execute(update(GRANT).values(expires_at=now(connection)))
    database.close()
