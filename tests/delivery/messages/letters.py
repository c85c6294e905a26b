"""Letters of every kind, as a campaign or a page would write them."""

from collections.abc import Mapping
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from publisher.delivery.letter import Attachment, Kind, Letter
from publisher.delivery.messages.identity import Identity
from publisher.delivery.messages.signer import Signer
from publisher.delivery.messages.templates import Templates

MAIL_THEME = Path(__file__).parents[3] / "themes" / "mail"
BASE = "https://guides.example"
LINK = f"{BASE}/d/Zk3vJ0pQx1Yy.4fLq8sVtW2mNbRcDeFgHiJkLmNoPqRsTuVwXyZ0"
UNSUBSCRIBE = f"{BASE}/u/Zk3vJ0pQx1Yy.9aBcDeFgHiJkLmNoPqRsTuVwXyZ0123456789abcde"
PDF = Attachment("guide.pdf", "application/pdf", b"%PDF-2.0\n" * 100)

KINDS: tuple[Kind, ...] = ("guide", "handbook", "confirm", "fresh-link", "request")
BULK: tuple[Kind, ...] = ("guide", "handbook")
ASKED_FOR: tuple[Kind, ...] = ("confirm", "fresh-link", "request")

FILES = [
    {"format": "PDF", "size": 1_234_567, "pages": 84},
    {"format": "EPUB", "size": 401_000},
]
FACTS: Mapping[Kind, Mapping[str, Any]] = {
    "guide": {
        "background": "Software Engineer",
        "career": "Vector Database Engineer",
        "months": 8,
        "hours_per_week": 10,
        "start": "2027-01-04",
        "finish": "2027-08-22",
        "first_module": "How PostgreSQL plans, indexes and keeps versions",
        "files": FILES,
        "valid_until": "2026-12-23",
    },
    "handbook": {
        "career": "Vector Database Engineer",
        "article": "a",
        "edition": "Second edition",
        "edition_date": "2026-11-23",
        "paths": 12,
        "files": FILES,
        "valid_until": "2026-12-23",
    },
    "confirm": {"valid_until": "2026-12-07"},
    "request": {
        "title": "From Software Engineer to Vector Database Engineer",
        "news": True,
        "valid_until": "2026-12-07",
    },
    "fresh-link": {
        "title": "From Software Engineer to Vector Database Engineer",
        "files": FILES,
        "valid_until": "2026-12-23",
    },
}


def a_letter(kind: Kind = "guide", **changes: Any) -> Letter:
    """A letter to Ada; list mail if its kind belongs to a campaign."""
    bulk = kind in BULK
    values = {
        "kind": kind,
        "recipient": "ada@example.org",
        "name": "Ada Lovelace",
        "message_id": "7hT2kQ@guides.example",
        "date": datetime(2026, 11, 23, 12, tzinfo=UTC),
        "token": "7hT2kQ",
        "link": LINK,
        "unsubscribe": UNSUBSCRIBE if bulk else None,
        "list_slug": "career-guides",
        "list_title": "Career guides",
        "campaign": "Edition 2: all" if bulk else None,
        "facts": FACTS[kind],
    }
    return Letter(**{**values, **changes})


def an_identity(*signers: Signer, **changes: Any) -> Identity:
    """Who writes the letters."""
    values: dict[str, Any] = {
        "reply_to": "help@guides.example",
        "bounce_domain": "bounces.guides.example",
        "postal_address": "Career Transition Guides, 12 Example Street, Example Town EX1 2MP",
        "signers": signers,
    }
    sender = "Career Transition Guides <letters@guides.example>"
    return Identity.of(sender, Templates(MAIL_THEME), **{**values, **changes})


def a_signer(selector: str = "s1", bits: int = 2048, domain: str = "guides.example") -> Signer:
    """A signer with a new key."""
    key = rsa.generate_private_key(65537, bits)
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return Signer.of(domain, selector, pem)


def parsed(wire: bytes) -> EmailMessage:
    """A message as the standard library reads it."""
    message = message_from_bytes(wire, policy=policy.default)
    assert isinstance(message, EmailMessage)
    return message


def raw_fields(wire: bytes) -> dict[str, str]:
    """Names in lower case, and values as they go over the wire, unfolded."""
    head = wire.partition(b"\r\n\r\n")[0].decode("utf-8").replace("\r\n ", " ")
    pairs = (line.partition(": ") for line in head.split("\r\n"))
    return {name.lower(): value for name, _, value in pairs}
