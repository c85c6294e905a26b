"""Who writes the letters: names, addresses, keys, and the look."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from email.utils import getaddresses

from publisher.delivery.addresses import Address
from publisher.delivery.messages.signer import Signer
from publisher.delivery.messages.templates import Templates
from publisher.delivery.messages.words import one_line

FREE_MAIL = re.compile(r"(gmail|googlemail|yahoo|ymail|outlook|hotmail|live|msn)\.[a-z.]+")
"""Domains whose owners tell receivers to refuse mail that others send in their name."""

BOUNCE = "b+"
"""How the local part of an envelope sender begins; the token of a delivery stands behind it."""


@dataclass(frozen=True, slots=True)
class Identity:
    """The sender of letters. `of` makes one from what an operator writes.

    `imprint` stands at the foot of each letter; the first of `signers` signs, and the others are
    kept while letters are under way that they have signed.
    """

    name: str
    address: str
    domain: str
    bounce_domain: str
    imprint: str
    templates: Templates
    reply_to: str | None = None
    signers: tuple[Signer, ...] = ()

    @classmethod
    def of(
        cls,
        sender: str,
        templates: Templates,
        *,
        reply_to: str | None = None,
        bounce_domain: str | None = None,
        postal_address: str | None = None,
        signers: Sequence[Signer] = (),
    ) -> "Identity":
        """The identity of `Name <address>`.

        The bounce domain is the one of the address if it is left out. Raises `ValueError`.
        """
        name, address = _mailbox(sender)
        if FREE_MAIL.fullmatch(address.domain):
            raise ValueError(
                f"{address.domain} lets nobody else send in its name; "
                "give an address of a domain that is yours"
            )
        for signer in signers:
            if not aligned(signer.domain, address.domain):
                raise ValueError(
                    f"DKIM signs for {signer.domain}, and the sender is of {address.domain}"
                )
        return cls(
            name,
            address.written,
            address.domain,
            _domain(bounce_domain or address.domain),
            one_line(postal_address or f"{name}, {address.written}"),
            templates,
            _reply_to(reply_to),
            tuple(signers),
        )

    def message_id(self, token: str) -> str:
        """The Message-ID of a delivery, without angle brackets."""
        return f"{token}@{self.domain}"

    def envelope_sender(self, token: str) -> str:
        """Where a bounce of the delivery with this token comes to (VERP)."""
        return f"{BOUNCE}{token}@{self.bounce_domain}"

    def token_of(self, address: str) -> str | None:
        """The token in an envelope sender, if it is one of ours; it may still be forged."""
        local, at, domain = address.strip().removeprefix("<").removesuffix(">").rpartition("@")
        ours = at and domain.lower() == self.bounce_domain
        if not ours or local[: len(BOUNCE)].lower() != BOUNCE:
            return None
        token = local[len(BOUNCE) :]
        return token if re.fullmatch(r"[A-Za-z0-9_-]{1,64}", token) else None


def aligned(signing: str, sending: str) -> bool:
    """Whether one domain is the other or lies below it.

    That is RFC 9989's relaxed alignment without its walk to where an organisation begins.
    """
    nearer, further = sorted((signing.lower(), sending.lower()), key=len)
    return "." in nearer and (further == nearer or further.endswith(f".{nearer}"))


def _mailbox(text: str) -> tuple[str, Address]:
    found_all = getaddresses([one_line(text)])
    if len(found_all) != 1 or not found_all[0][1]:
        raise ValueError("the sender is to be one address, written as Name <address>")
    ((name, address),) = found_all
    found = _address(address)
    if found.needs_utf8:
        raise ValueError("the sender's address is to be plain ASCII, so that all can answer it")
    return one_line(name) or found.domain, found


def _address(text: str) -> Address:
    try:
        return Address.of(text)
    except ValueError as error:
        raise ValueError(f"the sender is to be written as Name <address>: {error}") from None


def _reply_to(text: str | None) -> str | None:
    if not text:
        return None
    return _mailbox(text)[1].written


def _domain(text: str) -> str:
    try:
        return Address.of(f"b@{text}").domain
    except ValueError as error:
        raise ValueError(f"the bounce domain {text!r} is none: {error}") from None
