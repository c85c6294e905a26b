"""DKIM (RFC 6376): signs a message so that a receiver knows whom it is from.

dkimpy writes the moment of signing into the signature, and takes 8 ms for one. A letter that is
sent again must be the same bytes, so the signature is put together here from dkimpy's canonical
forms and the RSA of `cryptography`, with the moment of the letter.
"""

import base64
import hashlib
import re
import textwrap
from dataclasses import dataclass, field
from datetime import datetime

from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)
from dkim.canonicalization import CanonicalizationPolicy

SHORTEST_KEY, NEW_KEY = 1024, 2048
"""Bits (RFC 8301, section 3.2)."""

NAME = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*")
"""A selector, or a domain in A-labels."""

GUARDED = (
    "from", "to", "subject", "date", "message-id", "mime-version", "content-type", "reply-to",
)  # fmt: skip
"""Fields that are signed once more than they stand there, so that none can be added."""

SIGNED = (
    "auto-submitted", "list-id", "list-unsubscribe", "list-unsubscribe-post", "feedback-id",
)  # fmt: skip
"""Fields that are signed where they are; a relay may add one of its own, as some do."""

FIELD = re.compile(rb"([!-9;-~]+):((?:[^\r]|\r\n[ \t])*)\r\n")
RELAXED = CanonicalizationPolicy.from_c_value(b"relaxed/relaxed")


@dataclass(frozen=True, slots=True)
class Signer:
    """Signs for a domain with the key that stands in DNS at a selector."""

    domain: str
    selector: str
    key: RSAPrivateKey = field(repr=False)

    @classmethod
    def of(cls, domain: str, selector: str, pem: bytes) -> "Signer":
        """With the private key in `pem` (PKCS#1 or PKCS#8). Raises `ValueError` without it."""
        if not NAME.fullmatch(selector) or not NAME.fullmatch(domain):
            raise ValueError("selector and domain of DKIM are to be names in DNS, in lower case")
        try:
            key = load_pem_private_key(pem, password=None)
        except (ValueError, TypeError):
            text = "is no private key in PEM; `publisher doctor mail --new-key FILE` makes one"
            raise ValueError(f"the DKIM key of {selector!r} {text}") from None
        if not isinstance(key, RSAPrivateKey) or key.key_size < SHORTEST_KEY:
            raise ValueError(f"the DKIM key of {selector!r} is to be RSA of 2048 bits")
        return cls(domain, selector, key)

    @property
    def place(self) -> str:
        """The name in DNS where receivers look for the public key."""
        return f"{self.selector}._domainkey.{self.domain}"

    @property
    def public_key(self) -> str:
        """The public key as a record has it: DER in base64 (RFC 6376, section 3.6.1)."""
        der = self.key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        return base64.b64encode(der).decode("ascii")

    @property
    def record(self) -> str:
        """What is to stand in DNS at `place`."""
        return f"v=DKIM1; k=rsa; p={self.public_key}"

    def sign(self, wire: bytes, moment: datetime) -> bytes:
        """The message with its signature in front. The same message gives the same bytes."""
        head, _, body = wire.partition(b"\r\n\r\n")
        fields = [(match[1], match[2]) for match in FIELD.finditer(head + b"\r\n")]
        relaxed = dict(RELAXED.canonicalize_headers(fields))
        names = _names(relaxed)
        digest = hashlib.sha256(RELAXED.canonicalize_body(body)).digest()
        start = self._start(names, digest, moment)
        signed = b"".join(name + b":" + relaxed[name] for name in dict.fromkeys(names)
                          if name in relaxed)  # fmt: skip
        ((_, own),) = RELAXED.canonicalize_headers([(b"dkim-signature", start.encode("ascii"))])
        signed += b"dkim-signature:" + own.rstrip(b"\r\n")
        signature = self.key.sign(signed, PKCS1v15(), SHA256())
        return f"DKIM-Signature:{start}{_folded(signature)}\r\n".encode("ascii") + wire

    def _start(self, names: list[bytes], digest: bytes, moment: datetime) -> str:
        """Everything but the signature itself, which stands last."""
        listed = textwrap.wrap(b": ".join(names).decode("ascii"), 70, break_on_hyphens=False)
        lines = [
            f" v=1; a=rsa-sha256; c=relaxed/relaxed; t={int(moment.timestamp())};",
            f"d={self.domain}; s={self.selector};",
            "h=" + "\r\n  ".join(listed) + ";",
            f"bh={base64.b64encode(digest).decode('ascii')};",
            "b=",
        ]
        return "\r\n ".join(lines)


def new_key() -> bytes:
    """A new private key: PKCS#8 in PEM, which openssl and other signers read too."""
    key = generate_private_key(65537, NEW_KEY)
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def _names(present: dict[bytes, bytes]) -> list[bytes]:
    """The names that h= lists (RFC 6376, section 5.4.2)."""
    guarded = [name.encode() for name in GUARDED]
    listed = [name for name in guarded if name in present]
    listed += [name.encode() for name in SIGNED if name.encode() in present]
    return listed + guarded


def _folded(signature: bytes) -> str:
    return "\r\n ".join(textwrap.wrap(base64.b64encode(signature).decode("ascii"), 72))
