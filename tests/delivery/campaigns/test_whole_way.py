"""From a file of people to what they read: real Postfix, real server, both kinds of database."""

import io
import json

import dkim
import httpx
import pikepdf
import pytest
from sqlalchemy import create_engine, text

from publisher.delivery.messages.signer import Signer, new_key
from tests.delivery.campaigns.operator import Mail, Operator, download, mails
from tests.runs import until
from tests.servers.postfix import Postfix
from tests.validators.mail import mail_reports

PEOPLE = (("Ada", 5, "2027-01-04"), ("Grace", 7, "2027-02-01"), ("Hedy", 9, "2027-03-01"))


@pytest.fixture
def signer(operator: Operator) -> Signer:
    """A key, which the operator signs with."""
    pem = new_key()
    file = operator.folder / "dkim.pem"
    file.write_bytes(pem)
    operator.settings["PUBLISHER_DKIM_KEYS"] = json.dumps({"s1": str(file)})
    return Signer.of("guides.example", "s1", pem)


def sent(operator: Operator, postfix: Postfix, count: int) -> list[Mail]:
    until(lambda: len(mails(postfix.maildir(), operator.tag)) >= count)
    found = mails(postfix.maildir(), operator.tag)
    assert count == len(found)
    return found


def plan_in(files: dict[str, bytes]) -> dict[str, object]:
    """The plan that a PDF carries."""
    (content,) = (each for name, each in files.items() if ".pdf" in name)
    with pikepdf.open(io.BytesIO(content)) as pdf:
        plan = json.loads(pdf.attachments["plan.json"].get_file().read_bytes())
    assert isinstance(plan, dict)
    return plan


def status(operator: Operator, name: str) -> dict[str, int]:
    found = json.loads(operator.types("campaign", "status", name, "--format", "json"))
    assert ["name", "state", "counts", "total"] == list(found)
    assert sum(found["counts"].values()) == found["total"]
    return {state: count for state, count in found["counts"].items() if count}


def traces(operator: Operator, *words: str) -> list[str]:
    """Where a word still stands: files of the operator, and tables."""
    places = [
        str(path.relative_to(operator.folder))
        for path in operator.folder.rglob("*")
        if path.is_file() and not path.name.startswith("people-")
        and any(word.encode() in path.read_bytes() for word in words)
    ]  # fmt: skip
    engine = create_engine(operator.database)
    with engine.connect() as connection:
        for table in ("subscriber", "delivery", "event", "attempt", "artifact", "campaign"):
            rows = connection.execute(text(f'SELECT * FROM "{table}"')).all()  # noqa: S608  # a name of ours
            places += [table for row in rows if any(word in str(row) for word in words)]
    engine.dispose()
    return places


@pytest.mark.validator
def test_the_whole_way(operator: Operator, postfix_server: Postfix, signer: Signer) -> None:
    operator.smtp = postfix_server.port
    operator.subscribes(*PEOPLE)
    operator.types("campaign", "create", "spring", "--edition", "guide")
    assert {"planned": 3} == status(operator, "spring")
    operator.types("campaign", "send", "spring", "--yes")
    assert {"sent": 3} == status(operator, "spring")
    found = sent(operator, postfix_server, 3)
    assert [operator.address(name) for name, *_ in PEOPLE] == [each.to for each in found]
    _are_signed(found, signer)
    with operator.serves() as client:
        _lead_each_to_their_own(client, found)
        answer = client.post(found[0].unsubscribe, data={"List-Unsubscribe": "One-Click"})
        assert answer.status_code == 200
    assert ["receipts"] != [path.name for path in operator.files.rglob("*.json")]
    operator.types("campaign", "create", "summer", "--edition", "guide")
    assert {"planned": 2} == status(operator, "summer")
    operator.types("subscribers", "suppress", operator.address("Grace"))
    operator.types("campaign", "send", "summer", "--yes")
    assert {"suppressed": 1, "sent": 1} == status(operator, "summer")
    sent(operator, postfix_server, 4)
    assert traces(operator, "Hedy", operator.address("Hedy"))
    operator.types("subscribers", "erase", operator.address("Hedy"), "--yes")
    assert [] == traces(operator, "Hedy", operator.address("Hedy"))
    assert {"suppressed": 1, "sent": 1} == status(operator, "summer")


def _are_signed(found: list[Mail], signer: Signer) -> None:
    """By two programs, of what Postfix has delivered."""
    zone = {f"{signer.place}.".encode(): signer.record.encode()}
    for each in found:
        assert dkim.verify(each.wire, dnsfunc=lambda name, timeout=5: zone.get(name))  # noqa: ARG005  # dkimpy's
    records = {
        signer.place: {"TXT": [signer.record]},
        "_dmarc.guides.example": {"TXT": ["v=DMARC1; p=reject; adkim=s"]},
    }
    for report in mail_reports([each.wire for each in found], records):
        assert ["pass"] == [each["result"] for each in report["dkim"]]
        assert "pass" == report["dmarc"]


def _lead_each_to_their_own(client: httpx.Client, found: list[Mail]) -> None:
    assert len({each.link for each in found}) == len(PEOPLE)
    for mail, (name, hours, first) in zip(found, PEOPLE, strict=True):
        files = download(client, mail.link)
        assert 2 == len(files)
        plan = plan_in(files)
        reader = plan["reader"]
        assert isinstance(reader, dict)
        assert (name, hours, first) == (reader["name"], plan["hours_per_week"], plan["start"])
        assert f"Hello {name}," in mail.text


def test_a_handbook_is_made_once_for_all(plain: Operator, postfix_server: Postfix) -> None:
    plain.smtp = postfix_server.port
    plain.subscribes(*PEOPLE[:2])
    plain.types("campaign", "create", "book", "--edition", "handbook", "--attach")
    plain.types("campaign", "send", "book", "--yes", "--workers", "2", "--rate", "100/s")
    made = {f"cartographer-handbook{path.suffix}": path for path in plain.files.rglob("*.*")}
    assert 2 == len(made)
    found = sent(plain, postfix_server, 2)
    for each in found:
        for part in each.message.iter_attachments():
            content = part.get_content()
            assert content == made[str(part.get_filename())].read_bytes()
    with plain.serves() as client:
        contents = set(download(client, found[0].link).values())
    assert {path.read_bytes() for path in made.values()} == contents
