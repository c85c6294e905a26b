"""The servers that the other tests stand on."""

import smtplib

import psycopg
import pytest
from sqlalchemy import func, select

from publisher.delivery.store.database import Database
from publisher.delivery.store.tables import DELIVERY
from tests.runs import until
from tests.servers.postfix import Postfix
from tests.servers.postgres import postgresql


def test_each_test_has_an_empty_database(database: Database) -> None:
    with database.reading() as connection:
        assert 0 == connection.execute(select(func.count()).select_from(DELIVERY)).scalar_one()


def test_what_is_committed_outlives_the_killing_of_postgresql() -> None:
    with postgresql() as server, server.database() as url:
        address = url.replace("+psycopg", "")
        with psycopg.connect(address) as connection:
            connection.execute("CREATE TABLE kept (n int)")
        with psycopg.connect(address) as connection:
            server.kill()
            with pytest.raises(psycopg.OperationalError):
                connection.execute("SELECT 1")
        server.start()
        with psycopg.connect(address) as connection:
            assert [] == connection.execute("SELECT * FROM kept").fetchall()


def test_postfix_delivers_and_brings_back(postfix_server: Postfix) -> None:
    with smtplib.SMTP("127.0.0.1", postfix_server.port) as client:
        sender = "b+token@guides.example"
        client.sendmail(sender, ["ada@inbox.example"], "Subject: delivered\r\n\r\nHello\r\n")
        client.sendmail(sender, ["ada@hard.example"], "Subject: returned\r\n\r\nHello\r\n")
    until(lambda: any(b"delivered" in each.read_bytes() for each in postfix_server.mails()))
    until(lambda: any(b"5.1.1" in each.read_bytes() for each in postfix_server.mails("guides")))
