"""Addresses of the web part: opaque, signed for one purpose each, and short enough for mail."""

from dataclasses import dataclass

from itsdangerous import BadSignature

from publisher.delivery.keys import Keys

DOWNLOAD, UNSUBSCRIBE, CONFIRM = "d", "u", "c"
"""The first part of the path, which is also the purpose that a link is signed for."""


@dataclass(frozen=True, slots=True)
class Links:
    """Makes links below `base_url`, and reads what came back from one."""

    base_url: str
    keys: Keys

    def download(self, grant: str) -> str:
        """Where a reader finds the files of a grant."""
        return self._link(DOWNLOAD, grant)

    def unsubscribe(self, token: str) -> str:
        """Where the recipient of the delivery with this token leaves its list."""
        return self._link(UNSUBSCRIBE, token)

    def confirm(self, token: str) -> str:
        """Where a reader agrees to be written to."""
        return self._link(CONFIRM, token)

    def read(self, purpose: str, signed: str) -> str:
        """What was signed. Raises `ValueError` when it was not, or for another purpose."""
        try:
            return self.keys.signer(purpose).unsign(signed).decode("ascii")
        except (BadSignature, UnicodeError):
            raise ValueError("this link is not one of ours") from None

    def _link(self, purpose: str, identifier: str) -> str:
        signed = self.keys.signer(purpose).sign(identifier).decode("ascii")
        return f"{self.base_url.rstrip('/')}/{purpose}/{signed}"
