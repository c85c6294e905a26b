"""RFC 6376 and 8301: statements B16 to B19, by dkimpy and by mailauth."""

import re

import dkim
import pytest
from cryptography.hazmat.primitives.asymmetric import ed25519
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from publisher.delivery.letter import Kind
from publisher.delivery.messages.builder import build
from publisher.delivery.messages.identity import Identity
from publisher.delivery.messages.signer import Signer
from tests.delivery.messages.letters import (
    BULK,
    KINDS,
    PDF,
    a_letter,
    a_signer,
    an_identity,
    raw_fields,
)
from tests.validators.mail import Records, mail_reports


def records(*signers: Signer) -> Records:
    """What DNS holds of the signers, and how strict receivers are to be."""
    keys = {each.place: {"TXT": [each.record]} for each in signers}
    return {**keys, "_dmarc.guides.example": {"TXT": ["v=DMARC1; p=reject; adkim=s"]}}


def dkimpy(wire: bytes, *signers: Signer) -> bool:
    zone = {f"{each.place}.".encode(): each.record.encode() for each in signers}
    verified: bool = dkim.verify(wire, dnsfunc=lambda name, timeout=5: zone.get(name))  # noqa: ARG005  # dkimpy's
    return verified


def mailauth(messages: list[bytes], *signers: Signer) -> list[tuple[list[str], str | None]]:
    """For each message the result of each of its signatures, and of DMARC."""
    reports = mail_reports(messages, records(*signers))
    return [([each["result"] for each in report["dkim"]], report["dmarc"]) for report in reports]


def tags(wire: bytes) -> dict[str, str]:
    value = raw_fields(wire)["dkim-signature"]
    pairs = (each.strip().partition("=") for each in value.split(";"))
    return {name: re.sub(r"\s+", "", text) for name, _, text in pairs}


def test_b16_algorithm_and_canonical_forms(identity: Identity) -> None:
    found = tags(build(a_letter(), identity).wire)
    assert ("1", "rsa-sha256", "relaxed/relaxed", "guides.example", "s1") == tuple(
        found[name] for name in "vacds"
    )
    assert "l" not in found


def test_b16_the_signature_is_of_the_moment_of_the_letter(identity: Identity) -> None:
    letter = a_letter()
    assert str(int(letter.date.timestamp())) == tags(build(letter, identity).wire)["t"]


def test_b16_short_keys_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """No library makes a key of less than 1024 bits any more, so the limit is raised instead."""
    assert 1024 == a_signer(bits=1024).key.key_size
    monkeypatch.setattr("publisher.delivery.messages.signer.SHORTEST_KEY", 1025)
    with pytest.raises(ValueError, match="RSA of 2048 bits"):
        a_signer(bits=1024)


@pytest.mark.parametrize("domain", ["other.example", "example", "ides.example"])
def test_b16_a_domain_that_is_not_the_senders_is_refused(domain: str) -> None:
    with pytest.raises(ValueError, match="DKIM signs for"):
        an_identity(a_signer(domain=domain))


def test_b16_a_domain_above_the_senders_is_aligned() -> None:
    signer = a_signer(domain="guides.example")
    identity = Identity.of("G <a@mail.guides.example>", an_identity().templates, signers=[signer])
    assert dkimpy(build(a_letter(), identity).wire, signer)


@pytest.mark.parametrize("kind", BULK)
def test_b17_what_is_signed(kind: Kind, identity: Identity) -> None:
    listed = tags(build(a_letter(kind), identity).wire)["h"].split(":")
    assert 2 == listed.count("from")
    assert {
        "from", "to", "subject", "date", "message-id", "mime-version", "content-type", "reply-to",
        "list-id", "list-unsubscribe", "list-unsubscribe-post", "feedback-id",
    } == set(listed)  # fmt: skip


def test_b17_answers_too(identity: Identity) -> None:
    assert "auto-submitted" in tags(build(a_letter("confirm"), identity).wire)["h"].split(":")


@pytest.mark.validator
def test_b18_two_programs_verify_every_kind(identity: Identity, signer: Signer) -> None:
    wires = [
        build(a_letter(kind, name=name, attachments=files), identity).wire
        for kind in KINDS
        for name in ("Ada Lovelace", "王小明 =?utf-8?q?x?=", "ü" * 120)
        for files in ((), (PDF,))
    ]
    wires.append(build(a_letter(recipient="zoë@example.org"), identity).wire)
    assert [True] * len(wires) == [dkimpy(wire, signer) for wire in wires]
    assert [(["pass"], "pass")] * len(wires) == mailauth(wires, signer)


@pytest.mark.validator
def test_b18_any_change_is_seen(identity: Identity, signer: Signer) -> None:
    """One signed field or the text changed, or one of the guarded fields put in front."""
    wire = build(a_letter(), identity).wire
    changed = [
        re.sub(rb"(\r\n%s: )(\w|<|\")" % name, rb"\g<1>X\g<2>", wire, count=1)
        for name in (
            b"From", b"To", b"Subject", b"Date", b"Message-ID", b"MIME-Version", b"Content-Type",
            b"Reply-To", b"List-Id", b"List-Unsubscribe", b"List-Unsubscribe-Post", b"Feedback-ID",
        )
    ]  # fmt: skip
    changed.append(wire.replace(b"Hello", b"Hallo", 1))
    changed.append(wire + b"More.\r\n")
    changed += [
        name + b": x@example.org\r\n" + wire for name in (b"From", b"Subject", b"To", b"Reply-To")
    ]
    assert wire not in changed
    assert not any(dkimpy(each, signer) for each in changed)
    assert all(results != ["pass"] for results, _ in mailauth(changed, signer))


@pytest.mark.validator
def test_b18_what_relays_do_changes_nothing(identity: Identity, signer: Signer) -> None:
    """They put fields in front, and may fold and space those that are there otherwise."""
    wire = build(a_letter(), identity).wire
    relayed = b"Received: from a by b; Mon, 23 Nov 2026 12:00:01 +0000\r\n" + wire
    folded = relayed.replace(b"\r\nSubject: Your", b"\r\nSUBJECT:  Your", 1) + b"\r\n"
    assert wire != folded.removeprefix(b"Received: from")
    assert dkimpy(relayed, signer)
    assert dkimpy(folded, signer)
    assert [(["pass"], "pass")] * 2 == mailauth([relayed, folded], signer)


@pytest.mark.validator
def test_b19_two_selectors_while_keys_are_changed(signer: Signer) -> None:
    """What the old key has signed verifies while both stand in DNS; the first one signs."""
    new = a_signer("s2")
    before = build(a_letter(), an_identity(signer)).wire
    after = build(a_letter(), an_identity(new, signer)).wire
    assert ["s1", "s2"] == [tags(before)["s"], tags(after)["s"]]
    assert dkimpy(before, signer, new)
    assert dkimpy(after, signer, new)
    assert [(["pass"], "pass")] * 2 == mailauth([before, after], signer, new)
    assert not dkimpy(before, new)


def test_without_a_key_nothing_is_signed() -> None:
    assert "dkim-signature" not in raw_fields(build(a_letter(), an_identity()).wire)


def test_a_key_is_never_shown(signer: Signer, identity: Identity) -> None:
    secret = signer.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    for shown in (repr(signer), str(signer), repr(identity)):
        assert "PRIVATE" not in shown
        assert "RSA" not in shown
    with pytest.raises(ValueError, match="no private key in PEM") as error:
        Signer.of("guides.example", "s1", secret[:-200])
    assert secret[40:60].decode() not in str(error.value)


def test_a_key_of_another_kind_is_refused() -> None:
    """Not every receiver verifies Ed25519, and one signature is all that there is."""
    key = ed25519.Ed25519PrivateKey.generate()
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    with pytest.raises(ValueError, match="RSA of 2048 bits"):
        Signer.of("guides.example", "s1", pem)


def test_both_forms_of_a_key_are_read(signer: Signer) -> None:
    """PKCS#1, as older programs write it, and PKCS#8."""
    for form in (PrivateFormat.TraditionalOpenSSL, PrivateFormat.PKCS8):
        pem = signer.key.private_bytes(Encoding.PEM, form, NoEncryption())
        assert signer.public_key == Signer.of("guides.example", "s1", pem).public_key
