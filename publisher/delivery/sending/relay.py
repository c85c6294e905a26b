"""The server that takes our messages and carries them on."""

import ipaddress
import socket
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from pydantic import SecretStr

FORM = "smtp://[USER:PASSWORD@]HOST[:PORT] or smtps://…"
PORTS = {"smtp": 587, "smtps": 465}
"""Submission (RFC 6409) and submission over TLS (RFC 8314)."""


@dataclass(frozen=True, slots=True)
class TimeOuts:
    """Seconds to wait for a reply (RFC 5321, section 4.5.3.2); only tests change them."""

    command: float = 300
    data: float = 120
    block: float = 180
    """For each MiB of a message, beside `end`."""
    end: float = 600
    """For the reply after a message; whoever waits for less long sends twice."""


@dataclass(frozen=True, slots=True)
class Relay:
    """Where messages go, and how. Its text never shows the password."""

    host: str
    port: int
    tls_from_start: bool = False
    user: str | None = None
    password: SecretStr | None = None
    ca: Path | None = None
    """PEM file of a private authority that has signed the server's certificate."""
    times: TimeOuts = field(default_factory=TimeOuts)

    @classmethod
    def at(cls, url: str) -> "Relay":
        """The relay of a URL; `?ca=FILE` names a private authority.

        Raises `ValueError`, which does not show the URL, since it may hold a password.
        """
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError as error:
            raise ValueError(f"the URL of the relay is broken ({error}); write {FORM}") from None
        if parts.scheme not in PORTS or not parts.hostname or parts.path not in ("", "/"):
            raise ValueError(f"this is no URL of a relay; write {FORM}")
        options = dict(parse_qsl(parts.query, keep_blank_values=True))
        ca = options.pop("ca", None)
        if options:
            raise ValueError(f"a relay has no option {', '.join(sorted(options))!r}, only ca")
        if ca is not None and not Path(ca).is_file():
            raise ValueError(f"there is no file {ca!r} with the relay's certificate authority")
        if (parts.username is None) != (parts.password is None):
            raise ValueError("the relay has a user or a password, but needs both or none")
        return cls(
            parts.hostname,
            PORTS[parts.scheme] if port is None else port,
            parts.scheme == "smtps",
            None if parts.username is None else unquote(parts.username),
            None if parts.password is None else SecretStr(unquote(parts.password)),
            None if ca is None else Path(ca),
        )

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"

    @property
    def key(self) -> str:
        """What its rates and rests are kept under."""
        return f"relay:{self}"

    @property
    def is_here(self) -> bool:
        """Whether it is on this machine, where nobody listens between."""
        if self.host == "localhost":
            return True
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return False

    def options(self) -> dict[str, Any]:
        """What `aiosmtplib.SMTP` takes.

        A relay elsewhere must offer STARTTLS and prove who it is; nothing goes there in clear.
        """
        return {
            "hostname": self.host,
            "port": self.port,
            "use_tls": self.tls_from_start,
            "start_tls": not self.tls_from_start and (not self.is_here or self.ca is not None),
            "username": self.user,
            "password": self.password and self.password.get_secret_value(),
            "cert_bundle": self.ca and str(self.ca),
            "timeout": self.times.command,
            "local_hostname": _own_name(),
        }


@cache
def _own_name() -> str:
    """The name that we greet with; it may need a look-up, so it is asked for once."""
    return socket.getfqdn()
