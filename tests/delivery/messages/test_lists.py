"""RFC 2369, 2919, 8058, 3834 and Feedback-ID: statements B10, B13 to B15, B35, B38."""

import re

import pytest

from publisher.delivery.keys import Keys
from publisher.delivery.letter import Kind
from publisher.delivery.links import Links
from publisher.delivery.messages.builder import build
from publisher.delivery.messages.identity import Identity
from publisher.records.diagnostics import DiagnosedError
from tests.delivery.messages.letters import (
    ASKED_FOR,
    BULK,
    KINDS,
    UNSUBSCRIBE,
    a_letter,
    an_identity,
    parsed,
    raw_fields,
)


@pytest.mark.parametrize("length", [20, 72, 76, 200, 900])
@pytest.mark.parametrize("kind", BULK)
def test_b10_list_mail_can_be_left_with_one_click(
    kind: Kind, length: int, identity: Identity
) -> None:
    """The address stands byte for byte in one line, however long it is."""
    address = "https://guides.example/u/".ljust(length, "x")
    wire = build(a_letter(kind, unsubscribe=address), identity).wire
    assert f"\r\nList-Unsubscribe: <{address}>\r\n".encode() in wire
    assert b"\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n" in wire
    assert b"\r\nList-Id: Career guides <career-guides.guides.example>\r\n" in wire
    assert 1 == raw_fields(wire)["list-unsubscribe"].count("https://")


@pytest.mark.parametrize(
    "address",
    ["http://guides.example/u/x", "mailto:a@guides.example", "ftp://127.0.0.1/", "x", "",
     "https:///u/x", "https://[x/u",
     "https://guides.example/u/ü", "https://guides.example/u/a b", "https://guides.example/<x>",
     "https://guides.example/" + "x" * 1000],
)  # fmt: skip
def test_b10_only_https(address: str, identity: Identity) -> None:
    with pytest.raises(ValueError, match=r"https|ASCII|longer"):
        build(a_letter(unsubscribe=address), identity)


@pytest.mark.parametrize("host", ["127.0.0.1:8000", "localhost:8000", "[::1]:8000"])
def test_b10_this_machine_needs_no_tls(host: str, identity: Identity) -> None:
    """So that everything can be tried before there is a certificate."""
    address = f"http://{host}/u/x"
    fields = raw_fields(build(a_letter(unsubscribe=address), identity).wire)
    assert f"<{address}>" == fields["list-unsubscribe"]
    assert "List-Unsubscribe=One-Click" == fields["list-unsubscribe-post"]


def test_b12_the_link_stands_in_the_letter_too(identity: Identity) -> None:
    message = parsed(build(a_letter(), identity).wire)
    for kind in ("plain", "html"):
        body = message.get_body((kind,))
        assert body
        assert UNSUBSCRIBE in body.get_content()


@pytest.mark.parametrize("kind", BULK)
def test_b13_the_signature_covers_how_to_leave(kind: Kind, identity: Identity) -> None:
    signature = raw_fields(build(a_letter(kind), identity).wire)["dkim-signature"]
    listed = re.split(r":\s*", re.findall(r"h=([^;]*);", signature)[0])
    assert "list-unsubscribe" in listed
    assert "list-unsubscribe-post" in listed


def test_b14_the_link_names_nobody(identity: Identity) -> None:
    link = Links("https://guides.example", Keys(("0123456789abcdef",))).unsubscribe("7hT2kQ")
    value = raw_fields(build(a_letter(unsubscribe=link), identity).wire)["list-unsubscribe"]
    assert "@" not in value
    assert "ada" not in value.lower()


@pytest.mark.parametrize("where", ["?to=ada@example.org", "?to=ada%40example.org"])
def test_b14_a_link_with_an_address_is_refused(where: str, identity: Identity) -> None:
    with pytest.raises(DiagnosedError, match="M204"):
        build(a_letter(unsubscribe=f"{UNSUBSCRIBE}{where}"), identity)


@pytest.mark.parametrize("kind", KINDS)
def test_b15_an_answer_is_no_list_mail(kind: Kind, identity: Identity) -> None:
    """Also a guide that somebody has just asked for."""
    fields = raw_fields(build(a_letter(kind, unsubscribe=None), identity).wire)
    assert "auto-generated" == fields["auto-submitted"]
    assert not {"list-id", "list-unsubscribe", "list-unsubscribe-post"} & set(fields)


@pytest.mark.parametrize("kind", BULK)
def test_b15_list_mail_is_no_automatic_answer(kind: Kind, identity: Identity) -> None:
    assert "auto-submitted" not in raw_fields(build(a_letter(kind), identity).wire)


@pytest.mark.parametrize(
    ("kind", "expected"),
    [("guide", "Edition-2-all:career-guides:guide:guides-example"),
     ("confirm", ":career-guides:confirm:guides-example")],
)  # fmt: skip
def test_b35_feedback_id(kind: Kind, expected: str, identity: Identity) -> None:
    """Four fields, whatever a campaign is called; the sender's has 5 to 15 characters."""
    value = raw_fields(build(a_letter(kind), identity).wire)["feedback-id"]
    assert expected == value
    assert 5 <= len(value.rpartition(":")[2]) <= 15


@pytest.mark.parametrize("kind", KINDS)
def test_b38_postal_address_in_each_letter(kind: Kind, identity: Identity) -> None:
    message = parsed(build(a_letter(kind), identity).wire)
    for part in ("plain", "html"):
        body = message.get_body((part,))
        assert body
        assert "12 Example Street, Example Town EX1 2MP" in body.get_content()


@pytest.mark.parametrize("kind", KINDS)
def test_b38_without_one_the_sender_is_named(kind: Kind) -> None:
    message = parsed(build(a_letter(kind), an_identity(postal_address=None)).wire)
    body = message.get_body(("plain",))
    assert body
    assert "Career Transition Guides, letters@guides.example\r\n" in body.get_content()


@pytest.mark.parametrize("slug", [None, "", "Career Guides", "a>b", "a\r\nb"])
def test_a_list_has_a_slug(slug: str | None, identity: Identity) -> None:
    with pytest.raises(ValueError, match="slug of its list"):
        build(a_letter(list_slug=slug), identity)


@pytest.mark.parametrize("kind", ASKED_FOR)
def test_answers_are_not_left_by_a_link(kind: Kind, identity: Identity) -> None:
    assert b"Had enough" not in build(a_letter(kind), identity).wire
