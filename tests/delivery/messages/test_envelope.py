"""The envelope: statements B26 and B27."""

import pytest

from publisher.delivery.messages.builder import build
from publisher.delivery.messages.identity import Identity
from tests.delivery.messages.letters import a_letter, an_identity, parsed


def test_b26_a_local_part_outside_ascii_needs_smtputf8(identity: Identity) -> None:
    """RFC 6532: the address stands in UTF-8 in To; all else stays in seven bits."""
    message = build(a_letter(recipient="Zoë.Ångström@example.org", name="Zoë"), identity)
    assert message.needs_utf8
    assert "Zoë.Ångström@example.org" == message.recipient
    lines = [line for line in message.wire.split(b"\r\n") if not line.isascii()]
    assert ["To: =?utf-8?q?Zo=C3=AB?= <Zoë.Ångström@example.org>".encode()] == lines


def test_b26_a_domain_outside_ascii_does_not(identity: Identity) -> None:
    """It is sent as an A-label, and the case of the local part is kept."""
    message = build(a_letter(recipient="Ada.Lovelace@bücher.example"), identity)
    assert not message.needs_utf8
    assert "Ada.Lovelace@xn--bcher-kva.example" == message.recipient
    assert message.wire.isascii()
    assert "Ada.Lovelace@xn--bcher-kva.example" == parsed(message.wire)["To"].addresses[0].addr_spec


@pytest.mark.parametrize("address", ["", "ada", "ada@", "a b@example.org", "a@b@c", "ada@-x.org"])
def test_b26_a_recipient_that_is_none_is_refused(address: str, identity: Identity) -> None:
    with pytest.raises(ValueError, match=r"."):
        build(a_letter(recipient=address), identity)


def test_b27_bounces_come_back_with_the_token(identity: Identity) -> None:
    message = build(a_letter(), identity)
    assert "b+7hT2kQ@bounces.guides.example" == message.sender
    assert "7hT2kQ" == identity.token_of(message.sender)
    assert "Return-Path" not in parsed(message.wire)


@pytest.mark.parametrize(
    ("address", "token"),
    [("<b+x_Y-1@bounces.guides.example>", "x_Y-1"),
     (" B+abc@BOUNCES.Guides.Example ", "abc"),
     ("b+abc@guides.example", None), ("b+@bounces.guides.example", None),
     ("abc@bounces.guides.example", None), ("b+a b@bounces.guides.example", None),
     ("b+ü@bounces.guides.example", None), ("b+abc@x.org@bounces.guides.example", None),
     ("", None), ("<>", None), ("@", None), ("b+" + "a" * 65 + "@bounces.guides.example", None)],
)  # fmt: skip
def test_b27_only_our_own_addresses_have_a_token(
    address: str, token: str | None, identity: Identity
) -> None:
    assert token == identity.token_of(address)


def test_b27_the_bounce_domain_is_that_of_the_sender_if_none_is_given() -> None:
    identity = an_identity(bounce_domain=None)
    assert "b+x@guides.example" == identity.envelope_sender("x")


@pytest.mark.parametrize("domain", ["no domain", "a..b", "x@y.org", "[127.0.0.1]", "-"])
def test_b27_a_bounce_domain_that_is_none_is_refused(domain: str) -> None:
    with pytest.raises(ValueError, match="bounce domain"):
        an_identity(bounce_domain=domain)
