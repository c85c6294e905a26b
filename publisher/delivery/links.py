"""Addresses of the web part: opaque, signed for one purpose each, and short enough for mail."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from itsdangerous import BadData
from itsdangerous.encoding import base64_decode, base64_encode

from publisher.delivery.keys import Keys

DOWNLOAD, UNSUBSCRIBE, CONFIRM, FILE, REQUEST = "d", "u", "c", "f", "g"
"""The first part of the path, which is also the purpose that a link is signed for."""


@dataclass(frozen=True, slots=True)
class Links:
    """Makes links below `base_url`, and reads what came back from one."""

    base_url: str
    keys: Keys

    @property
    def prefix(self) -> str:
        """The path of the public address, below which everything is; mostly nothing."""
        return urlsplit(self.base_url).path.rstrip("/")

    def download(self, grant: str) -> str:
        """Where a reader finds the files of a grant."""
        return self._link(DOWNLOAD, grant)

    def unsubscribe(self, token: str) -> str:
        """Where the recipient of the delivery with this token leaves its list."""
        return self._link(UNSUBSCRIBE, token)

    def confirm(self, token: str) -> str:
        """Where a reader agrees to be written to."""
        return self._link(CONFIRM, token)

    def request(self, token: str) -> str:
        """Where somebody says that it was they who asked for a guide."""
        return self._link(REQUEST, token)

    def file(self, identifier: str) -> str:
        """Where the bytes of one file are for some minutes."""
        return self._link(FILE, identifier)

    def read(self, purpose: str, signed: str) -> str:
        """What was signed. Raises `ValueError` when it was not, or for another purpose."""
        try:
            _check_spelling(signed)
            return self.keys.signer(purpose).unsign(signed).decode("ascii")
        except (BadData, ValueError):
            raise ValueError("this link is not one of ours") from None

    def _link(self, purpose: str, identifier: str) -> str:
        signed = self.keys.signer(purpose).sign(identifier).decode("ascii")
        return f"{self.base_url.rstrip('/')}/{purpose}/{signed}"


def _check_spelling(signed: str) -> None:
    """Raises `ValueError` for a signature in another spelling than the one that we write.

    Its last character has two bits that say nothing (RFC 4648, section 3.5), and signs that are
    not of the alphabet would be read over.
    """
    signature = signed.rpartition(".")[2].encode()
    if base64_encode(base64_decode(signature)) != signature:
        raise ValueError("another spelling")
