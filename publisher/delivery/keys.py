"""The secret keys: they sign links and blind addresses. The first signs, all verify."""

import hashlib
import hmac
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from itsdangerous import Signer

SHORTEST = 16
"""Characters that a secret key has at least."""


@dataclass(frozen=True, slots=True, repr=False)
class Keys:
    """Secret keys, newest first. They are never printed."""

    values: tuple[str, ...]

    @classmethod
    def of(cls, text: str) -> "Keys":
        """Keys separated by commas. Raises `ValueError` without showing them."""
        values = tuple(part.strip() for part in text.split(",") if part.strip())
        if not values or min(map(len, values)) < SHORTEST:
            raise ValueError(
                f"give secret keys of at least {SHORTEST} characters, with commas between"
            )
        return cls(values)

    @classmethod
    def kept_in(cls, file: Path) -> "Keys":
        """The keys of a file, made with mode 600 if it is not there. Raises `OSError`."""
        file.parent.mkdir(parents=True, exist_ok=True)
        try:
            handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            return cls.of(file.read_text("ascii"))
        with os.fdopen(handle, "w", encoding="ascii") as stream:
            stream.write(secrets.token_hex(32))
        return cls.of(file.read_text("ascii"))

    def signer(self, purpose: str) -> Signer:
        """Signs for one purpose; what is signed for another is refused."""
        oldest_first = list(reversed(self.values))  # itsdangerous signs with the last
        return Signer(
            oldest_first, salt=purpose, key_derivation="hmac", digest_method=hashlib.sha256
        )

    def address_hash(self, address_key: str) -> str:
        """An address blinded: HMAC-SHA256 in hexadecimal, with the newest key."""
        return _hash(self.values[0], address_key)

    def address_hashes(self, address_key: str) -> tuple[str, ...]:
        """What an address may be kept as, under the newest or an older key."""
        return tuple(_hash(key, address_key) for key in self.values)


def _hash(key: str, address_key: str) -> str:
    return hmac.new(key.encode(), address_key.encode(), hashlib.sha256).hexdigest()
