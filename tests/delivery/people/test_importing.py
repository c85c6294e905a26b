"""Subscribers come from files; nobody is taken in against their will, and nothing twice."""

import json
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, update

from publisher.delivery.keys import Keys
from publisher.delivery.people.outcomes import Outcome
from publisher.delivery.people.wishes import keep_off
from publisher.delivery.store.database import Database, now
from publisher.delivery.store.states import SubscriberState
from publisher.delivery.store.tables import EVENT, SUBSCRIBER
from publisher.records.diagnostics import DiagnosedError
from tests.delivery.people.rows import (
    ADA,
    ADA_LINE,
    BOB_LINE,
    HEADER,
    KEYS,
    all_rows,
    campaign,
    everyone,
    take_in,
)

FILE = HEADER + ADA_LINE + BOB_LINE


def test_people_are_kept_with_what_they_agreed_to(database: Database) -> None:
    imported = take_in(database, FILE)
    assert ({Outcome.ADDED: 2, Outcome.NO_BACKGROUND: 1}, []) == (imported.counts, imported.found)
    ada, bob = everyone(database)
    assert ("ada@inbox.example", "Ada Lovelace", "surveyor", "cartographer") == (
        ada.address, ada.name, ada.background, ada.career,
    )  # fmt: skip
    assert {"skills": {"drawing": 1}} == ada.answers
    assert (datetime(2026, 11, 1, 9, tzinfo=UTC), "fair", "v2") == (
        ada.consent_time, ada.consent_source, ada.consent_text,
    )  # fmt: skip
    assert SubscriberState.CONFIRMED == ada.state
    assert ada.confirmed_at == ada.created_at
    assert (None, {}, None) == (bob.background, bob.answers, bob.consent_text)
    assert ada.token != bob.token


def test_json_lines_are_the_same_people(database: Database) -> None:
    take_in(database, FILE)
    lines = [
        {"email": "ada@inbox.example", "name": "Ada Lovelace", "background": "surveyor",
         "skills": {"drawing": 1}, "consent_time": "2026-11-01T10:00:00+01:00",
         "consent_source": "fair", "consent_text": "v2"},
        {"email": "bob@inbox.example", "name": "Bob", "consent_time": "2026-11-02",
         "consent_source": "fair"},
    ]  # fmt: skip
    imported = take_in(database, "\n".join(map(json.dumps, lines)), file="people.jsonl")
    assert {Outcome.UNCHANGED: 2, Outcome.NO_BACKGROUND: 1} == imported.counts


@pytest.mark.parametrize("delimiter", [";", "\t"])
@pytest.mark.parametrize("ending", ["\r", "\r\n"])
def test_csv_of_every_kind_is_read(database: Database, delimiter: str, ending: str) -> None:
    text = "\ufeff" + FILE.replace(",", delimiter).replace("\n", ending)
    assert 2 == take_in(database, text).counts[Outcome.ADDED]


def test_importing_twice_changes_nothing(database: Database) -> None:
    take_in(database, FILE)
    before = everyone(database), all_rows(database, EVENT)
    again = take_in(database, FILE)
    assert {Outcome.UNCHANGED: 2, Outcome.NO_BACKGROUND: 1} == again.counts
    assert before == (everyone(database), all_rows(database, EVENT))


def test_those_who_did_not_prove_their_consent_wait_for_it(database: Database) -> None:
    take_in(database, "email\nada@inbox.example\n", proven=False)
    (ada,) = everyone(database)
    assert (SubscriberState.PENDING, None, None) == (ada.state, ada.confirmed_at, ada.consent_time)


def test_proof_confirms_who_waited_and_its_lack_takes_nothing_back(database: Database) -> None:
    take_in(database, FILE, proven=False)
    assert {SubscriberState.PENDING} == {each.state for each in everyone(database)}
    assert 2 == take_in(database, FILE).counts[Outcome.UPDATED]
    assert {SubscriberState.CONFIRMED} == {each.state for each in everyone(database)}
    assert 2 == take_in(database, FILE, proven=False).counts[Outcome.UNCHANGED]
    assert {SubscriberState.CONFIRMED} == {each.state for each in everyone(database)}


def test_what_a_known_person_says_anew_is_kept_and_the_rest_stays(database: Database) -> None:
    take_in(database, FILE)
    text = "email,hours_per_week,name\nADA@inbox.example,7,\n"
    assert {Outcome.UPDATED: 1} == take_in(database, text, proven=False).counts
    ada = everyone(database)[0]
    assert ({"skills": {"drawing": 1}, "hours_per_week": 7.0}, "Ada Lovelace", "fair") == (
        ada.answers, ada.name, ada.consent_source,
    )  # fmt: skip
    assert "ada@inbox.example" == ada.address
    (event,) = (each for each in all_rows(database, EVENT) if each.kind == "subscriber-updated")
    assert (ada.id, {"by": "import", "fields": ["answers"]}) == (event.subscriber_id, event.detail)


def test_only_a_later_consent_replaces_one(database: Database) -> None:
    take_in(database, FILE)
    older, newer = "2026-10-01,post,v1", "2026-11-05,web,v3"
    consent = "email,consent_time,consent_source,consent_text\nada@inbox.example,"
    assert {Outcome.UNCHANGED: 1} == take_in(database, consent + older).counts
    assert {Outcome.UPDATED: 1} == take_in(database, consent + newer).counts
    ada = everyone(database)[0]
    assert ("web", "v3", 5) == (ada.consent_source, ada.consent_text, ada.consent_time.day)


@pytest.mark.parametrize("proven", [True, False])
def test_who_unsubscribed_stays_so(database: Database, proven: bool) -> None:
    take_in(database, FILE)
    with database.writing() as connection:
        keep_off(connection, KEYS, ADA.key, "all", "unsubscribed")
    before = everyone(database)
    imported = take_in(database, FILE.replace("drawing=1", ""), proven=proven)
    assert {Outcome.KEPT_OUT: 1, Outcome.UNCHANGED: 1, Outcome.NO_BACKGROUND: 1} == imported.counts
    assert before == everyone(database)


@pytest.mark.parametrize("keys", [KEYS, Keys.of("a newer secret key,a secret of the tests")])
def test_who_is_suppressed_is_not_even_kept(database: Database, keys: Keys) -> None:
    """Also if they were never a subscriber, or were erased, or the secret key is a new one."""
    with database.writing() as connection:
        keep_off(connection, KEYS, ADA.key, "all", "dead-address")
    imported = take_in(database, FILE, keys=keys)
    assert 1 == imported.counts[Outcome.KEPT_OUT]
    assert ["bob@inbox.example"] == [each.address for each in everyone(database)]


def test_who_left_a_list_is_kept_and_counted(database: Database) -> None:
    with database.writing() as connection:
        keep_off(connection, KEYS, ADA.key, "guides", "unsubscribed")
    counts = take_in(database, FILE).counts
    assert (2, 1) == (counts[Outcome.ADDED], counts[Outcome.OFF_A_LIST])


def test_one_who_is_erased_does_not_lend_their_number_to_another(database: Database) -> None:
    """Or the next one's export would show what happened to them."""
    take_in(database, HEADER + ADA_LINE)
    (ada,) = everyone(database)
    with database.writing() as connection:
        connection.execute(delete(SUBSCRIBER))
    take_in(database, HEADER + BOB_LINE)
    assert ada.id < everyone(database)[0].id


# Mistakes

LINES = [
    ("email,name\n,Ada\n", [(2, 1, "D101")], "email is missing"),
    ("email,name\nada.example,Ada\n", [(2, 1, "D102")], "@-sign"),
    ("email,name\na@b@c.example,Ada\n", [(2, 1, "D102")], ""),
    ('email,name\n"a b"@c.example,Ada\n', [(2, 1, "L006")], ""),
    ('email,name\n"""a b""@c.example",Ada\n', [(2, 1, "D102")], "Quoting"),
    ('email\n"a@b.example\r\nBcc: c@d.example"\n', [(2, 1, "L008")], "U+000D"),
    ('email,name\na@b.example,"A\nBcc: c"\n', [(2, 13, "L008")], "U+000A"),
    ("email\na@b.example\nb@b.example\nA@B.example\n", [(4, 1, "D103")], "line 2"),
    ("email,consent_time\na@b.example,soon\n", [(2, 13, "D104")], "no day or time"),
    ("email,consent_time\na@b.example,2026-02-30\n", [(2, 13, "D104")], "no such day"),
    ("email,consent_time\na@b.example,2099-01-01\n", [(2, 13, "D104")], "in the future"),
    ("email,consent_time\na@b.example,1969-01-01\n", [(2, 13, "D104")], "before 1970"),
    ("email,consent_time\na@b.example,0001-01-01T00:00:00+05:00\n", [(2, 13, "D104")], ""),
    (f"email,consent_source\na@b.example,{'x' * 201}\n", [(2, 13, "D106")], "200"),
    (f"email,consent_text\na@b.example,{'x' * 81}\n", [(2, 13, "D106")], "80"),
    ("email,background\na@b.example,nowhere\n", [(2, 13, "L203")], "nowhere"),
    ("email,track\na@b.example,nowhere\n", [(2, 13, "L211")], "nowhere"),
    ("email,career\na@b.example,nowhere\n", [(2, 13, "L206")], "nowhere"),
    ("email,skills,name\na@,x=1,b\n", [(2, 1, "D102"), (2, 4, "L201")], "@-sign"),
    ("email,name\na@b.example,Byron, George\n", [(2, 19, "L007")], "this is one too many"),
]


@pytest.fixture
def sqlite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """A database for tests whose matter is what a line says."""
    opened = Database.at(f"sqlite:///{tmp_path_factory.mktemp('lines') / 'delivery.sqlite'}")
    yield opened
    opened.close()


@pytest.mark.parametrize(("text", "places", "words"), LINES)
def test_a_mistake_is_found_where_it_stands(
    sqlite: Database, text: str, places: list[tuple[int, int, str]], words: str
) -> None:
    imported = take_in(sqlite, text, proven=False)
    assert sorted(places) == sorted(imported.places)
    assert words in imported.found[0].text
    assert all(each.hint for each in imported.found)
    assert 1 == imported.counts[Outcome.REFUSED]


@pytest.mark.parametrize(("value", "code"), [("5", "D102"), ("[]", "D102"), ("null", "D101")])
def test_an_address_is_a_text(sqlite: Database, value: str, code: str) -> None:
    imported = take_in(sqlite, f'{{"email": {value}, "consent_time": "2026-01-01"}}', file="-")
    assert [code, "D105"] == sorted(each.code for each in imported.found)


@pytest.mark.parametrize(("name", "value"), [("consent_source", "7"), ("consent_text", '" "')])
def test_words_on_the_consent_are_texts(sqlite: Database, name: str, value: str) -> None:
    line = f'{{"email": "a@b.example", "{name}": {value}}}'
    assert ["D106"] == [each.code for each in take_in(sqlite, line, file="-", proven=False).found]


def test_with_confirmed_each_line_proves_it(sqlite: Database) -> None:
    text = f"{HEADER}a@b.example,,,,,,\nb@b.example,,,,2026-01-01,,\nc@b.example,,,,x,fair,\n"
    imported = take_in(sqlite, text + ADA_LINE)
    codes = [(each.line, each.code, each.text.split()[0]) for each in imported.found]
    assert [
        (2, "D105", "consent_time"), (2, "D105", "consent_source"),
        (3, "D105", "consent_source"), (4, "D104", "consent_time:"),
    ] == codes  # fmt: skip
    assert ["ada@inbox.example"] == [each.address for each in everyone(sqlite)]


def test_answers_must_go_with_those_that_are_known(sqlite: Database) -> None:
    take_in(sqlite, "email,start\na@b.example,2027-03-01\n", proven=False)
    imported = take_in(sqlite, "email,deadline\na@b.example,2027-02-01\n", proven=False)
    assert [(2, 1, "D107")] == imported.places
    assert "deadline: 2027-02-01 is not after the start" in imported.found[0].text
    assert {"start": "2027-03-01"} == everyone(sqlite)[0].answers


def test_an_answer_that_the_records_no_longer_know_is_told_and_mended(sqlite: Database) -> None:
    take_in(sqlite, "email,done\na@b.example,\n", proven=False)
    with sqlite.writing() as connection:
        connection.execute(update(SUBSCRIBER).values(answers={"done": ["gone"], "paper": "a3"}))
    line = "email,hours_per_week{}\na@b.example,7{}\n"
    (told,) = take_in(sqlite, line.format("", ""), proven=False).found
    assert "no longer one" in told.text
    mended = take_in(sqlite, line.format(",paper", ",a4"), proven=False)
    assert "done: unknown module 'gone'" in mended.found[0].text


def test_names_that_look_encoded_or_computed_are_plain_texts(sqlite: Database) -> None:
    names = ["=?utf-8?q?Bcc=3A?=", "=SUM(A1)", "<b>Ada</b>", "{{ 7*7 }}", "O'Hara; DROP TABLE"]
    rows = "".join(f'a{n}@b.example,"{name}"\n' for n, name in enumerate(names))
    assert [] == take_in(sqlite, f"email,name\n{rows}", proven=False).found
    assert names == [each.name for each in everyone(sqlite)]


def test_international_addresses_are_kept_as_they_are_written(sqlite: Database) -> None:
    text = "email\nJürgen.O@Bücher.example\nJÜRGEN.o@xn--bcher-kva.example\n"
    imported = take_in(sqlite, text, proven=False)
    assert [(3, 1, "D103")] == imported.places
    assert "Jürgen.O@xn--bcher-kva.example" == everyone(sqlite)[0].address


SECRETS = ("Lovelace", "ada", "inbox")


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("a.csv", "Ada Lovelace,ada@inbox.example\n"),
        ("a.csv", 'email,name\n"ada@inbox.example,Lovelace\n'),
        ("a.csv", "email,name\nada@inbox.example,Lovelace,ada\n"),
        ("a.csv", 'email,name\nada@inbox.example,"Lo\x00velace"\n'),
        ("a.csv", f"email,name\nada@inbox.example,{'Lovelace' * 20}\n"),
        ("a.csv", "email,name\nada@inbox,Lovelace\n"),
        ("a.csv", "email,name\nada@in box.example,Lovelace\n"),
        ("a.csv", f"email,name\nada@inbox.example,Lovelace\n{'x' * 100_001}\n"),
        ("a.csv", "email,name\nada@inbox.example,Lovelace\nada@inbox.example,Lovelace\n"),
        ("a.jsonl", "ada@inbox.example,Ada Lovelace\n"),
        ("a.jsonl", '{"email": "ada@inbox.example", "name": "Lovelace\\n"}\n'),
        ("a.jsonl", '{"email": "ada@inbox.example", "name": ["Lovelace"]}\n'),
        ("a.jsonl", '{"email": "ada@inbox.example" "name": "Lovelace"}\n'),
    ],
)
def test_no_name_or_address_is_repeated_in_what_is_told(
    sqlite: Database, file: str, text: str
) -> None:
    try:
        found = list(take_in(sqlite, text, file=file, proven=False).found)
    except DiagnosedError as error:
        found = error.diagnostics
    assert found
    assert not [word for each in found for word in SECRETS if word in str(each).removeprefix(file)]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "L003"),
        (b"email,name\n", "L003"),
        (b"name\nAda\n", "L102"),
        (b"email,nmae\na@b.example,x\n", "L101"),
        (b"email,out_name\na@b.example,x\n", "L101"),
        (b"email\na@b.example\nb\xff@b.example\n", "L002"),
        (b"email\na@b.example\n" * 600_000 + b"\xff", "L002"),
    ],
)
def test_of_a_file_of_no_use_nothing_is_kept(sqlite: Database, content: bytes, code: str) -> None:
    with pytest.raises(DiagnosedError) as refused:
        take_in(sqlite, content, proven=False)
    assert code == refused.value.diagnostics[0].code
    assert [] == everyone(sqlite)


def test_more_people_than_a_transaction_holds(database: Database) -> None:
    rows = [f"p{n}@b.example,{'x@' if n % 400 == 399 else ''}\n" for n in range(1300)]
    text = "email,background\n" + "".join(rows) + "p7@b.example,\n"
    imported = take_in(database, text, proven=False)
    assert Counter(L203=3, D103=1) == Counter(
        "L203" if each.code == "L110" else each.code for each in imported.found
    )
    assert 1297 == len(everyone(database)) == imported.counts[Outcome.ADDED]
    kinds = Counter(each.kind for each in all_rows(database, EVENT))
    assert Counter({"subscriber-added": 1297}) == kinds


TEXTS = st.lists(
    st.sampled_from(["email", "name", "consent_time", ",", ";", '"', "\r", "\n", "a@b.example",
                     "{", "}", ":", '"email"', "2026-01-01", "=", "\x00", "\ufeff", "ü"])
    | st.text(max_size=3),
    max_size=30,
).map("".join)  # fmt: skip


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.sampled_from(["", "email,name,consent_time\n", '{"email": "a@b.example"}\n']), TEXTS)
def test_whatever_a_file_holds_is_people_or_findings(
    sqlite: Database, head: str, text: str
) -> None:
    try:
        imported = take_in(sqlite, (head + text).encode(), file="-", proven=False)
    except DiagnosedError:
        return
    assert sum(imported.counts.values()) > 0


def test_the_clock_is_the_databases(database: Database) -> None:
    with database.reading() as connection:
        moment = now(connection)
    soon = (moment + timedelta(hours=12)).isoformat()
    late = (moment + timedelta(hours=36)).isoformat()
    rows = f"email,consent_time\na@b.example,{soon}\nb@b.example,{late}\n"
    assert [(3, 13, "D104")] == take_in(database, rows, proven=False).places


def test_a_person_of_whom_there_are_deliveries_is_still_the_same(database: Database) -> None:
    take_in(database, FILE)
    with database.writing() as connection:
        campaign(connection, "first")
    first = everyone(database)[0]
    take_in(database, "email,name\nada@inbox.example,Ada King\n", proven=False)
    ada = everyone(database)[0]
    assert (first.id, first.token, "Ada King") == (ada.id, ada.token, ada.name)
