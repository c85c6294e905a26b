"""The header fields that tell list mail from an answer, and how to leave a list."""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from publisher.delivery.letter import Letter
from publisher.delivery.messages import headers
from publisher.delivery.messages.words import one_line

HERE = ("127.0.0.1", "localhost", "::1")
"""Hosts whose links work without TLS, so that one can try everything on one machine."""

LONGEST_SENDER = 15
"""Characters of the last part of Feedback-ID, which Gmail takes from 5 to 15 of."""


def list_headers(letter: Letter, domain: str) -> Iterator[str]:
    """List-Id and one-click unsubscribing, or Auto-Submitted for what a reader asked for just now.

    RFC 2919, RFC 2369, RFC 8058, RFC 3834. Raises `ValueError`.
    """
    if letter.unsubscribe is None:
        yield headers.plain("Auto-Submitted", "auto-generated")
        return
    if not is_secure(letter.unsubscribe):
        raise ValueError(
            "the link to unsubscribe is to begin with https://; see PUBLISHER_BASE_URL"
        )
    yield headers.plain("List-Id", _list_id(letter, domain))
    yield headers.uris("List-Unsubscribe", letter.unsubscribe)
    yield headers.plain("List-Unsubscribe-Post", "List-Unsubscribe=One-Click")


def is_secure(link: str) -> bool:
    """Whether a link is https, or leads to this machine."""
    try:
        parts = urlsplit(link)
    except ValueError:  # brackets that are no IPv6 address
        return False
    if parts.scheme == "http":
        return parts.hostname in HERE
    return parts.scheme == "https" and bool(parts.hostname)


def feedback_id(letter: Letter, domain: str) -> str:
    """`campaign:list:type:sender`, by which Gmail counts complaints."""
    sender = _token(domain)[:LONGEST_SENDER].ljust(5, "-")
    return f"{_token(letter.campaign)}:{_token(letter.list_slug)}:{letter.kind}:{sender}"


def _list_id(letter: Letter, domain: str) -> str:
    if not letter.list_slug or not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", letter.list_slug):
        raise ValueError("a letter that can be unsubscribed from needs the slug of its list")
    title = one_line(letter.list_title or "")
    identifier = f"<{letter.list_slug}.{domain}>"
    # Words outside ASCII would have to be encoded, and some programs do not decode this field.
    shown = title and headers.ATOMS.fullmatch(title) and not headers.must_be_encoded(title)
    return f"{title} {identifier}" if shown else identifier


def _token(value: str | None) -> str:
    return re.sub(r"[^A-Za-z0-9_-]+", "-", value or "").strip("-")[:60]
