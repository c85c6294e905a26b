"""E-mail addresses: what is one, and when two are the same."""

import unicodedata
from dataclasses import dataclass

from email_validator import EmailNotValidError, validate_email


@dataclass(frozen=True, slots=True)
class Address:
    """An address.

    `written` is what mail is sent to: the local part as it was given, the domain as A-labels.
    `key` is equal for two addresses that are taken for the same. `domain` is in A-labels.
    `needs_utf8` says whether the local part is not ASCII (SMTPUTF8, RFC 6531).
    """

    written: str
    key: str
    domain: str
    needs_utf8: bool

    @classmethod
    def of(cls, text: str) -> "Address":
        """The address in `text`. Raises `ValueError` with what is wrong, without the address."""
        try:
            # No look-up: an address is judged by its form here, and by its mail server later.
            found = validate_email(
                text, check_deliverability=False, strict=True, test_environment=True
            )
        except EmailNotValidError as error:
            raise ValueError(str(error).replace(text, "the address")) from None
        domain = found.ascii_domain.lower()
        local = unicodedata.normalize("NFC", found.local_part)
        written = f"{local}@{domain}"
        return cls(written, f"{local.casefold()}@{domain}", domain, not local.isascii())
