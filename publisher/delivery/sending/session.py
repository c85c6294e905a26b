"""One connection to the relay: a message's envelope first, and its text only when we may."""

import re
import ssl
from collections.abc import Callable
from contextlib import suppress
from time import monotonic

from aiosmtplib import (
    SMTP,
    SMTPAuthenticationError,
    SMTPException,
    SMTPResponseException,
)

from publisher.delivery.letter import Message
from publisher.delivery.sending.pace import Pace
from publisher.delivery.sending.relay import Relay
from publisher.delivery.sending.verdict import (
    CLOSING,
    Phase,
    Verdict,
    no_answer,
    of_reply,
    unknown,
)
from publisher.delivery.store.states import DeliveryState

PERMANENT, BEYOND = 500, 600
"""Replies that are final (RFC 5321, section 4.2.1) lie between."""

START_INPUT = 354
FIRST_DOT = re.compile(rb"^\.", re.MULTILINE)
MIB = 1024 * 1024

Lost = (SMTPException, OSError)
"""A connection that is lost, a reply that does not come or is none."""


class RelayRestsError(Exception):
    """The relay takes no connection now."""


class RelayRefusesError(Exception):
    """The relay will not take our mail until somebody changes something."""


class Session:
    """A connection that is opened when it is needed, and closed when it cannot be trusted."""

    def __init__(self, relay: Relay, pace: Pace) -> None:
        self._relay = relay
        self._pace = pace
        self._client: SMTP | None = None
        self._used = 0
        self._spoke = monotonic()

    async def offer(self, message: Message) -> Verdict | None:
        """Name sender and recipient; None when the relay takes both.

        Raises `RelayRestsError` and `RelayRefusesError`.
        """
        reused = await self._open()
        verdict = await self._envelope(message)
        if reused and verdict and verdict.cause == "no-answer":
            # The relay had closed a connection that waited; that says nothing on this message.
            await self._open()
            return await self._envelope(message)
        return verdict

    async def hand_over(
        self, message: Message, begins: Callable[[], None], left: Callable[[], None]
    ) -> Verdict:
        """Send the text of the message that was offered.

        `begins` is called just before it, and `left` when it is on its way.
        """
        verdict = await self._data(message, begins, left)
        if verdict.cause in ("no-answer", "cut-in-data"):
            self._drop()  # what comes late must not be read as the reply to something else
        return verdict

    async def withdraw(self) -> None:
        """Take back what was offered."""
        if self._client:
            try:
                await self._client.rset()
            except Lost:
                self._drop()

    async def close(self) -> None:
        """Part in peace."""
        if self._client:
            with suppress(*Lost):
                await self._client.quit(timeout=5)
        self._drop()

    async def _open(self) -> bool:
        """Have a connection; whether it was there already."""
        if self._used >= self._pace.per_connection:
            await self.close()
        if self._client and monotonic() - self._spoke > self._pace.idle:
            try:
                await self._client.noop()
            except Lost:
                self._drop()
        if self._client and self._client.is_connected:
            return True
        self._drop()
        self._client = await self._connected()
        return False

    async def _connected(self) -> SMTP:
        client = SMTP(**self._relay.options())
        try:
            await client.connect()
            if client.is_ehlo_or_helo_needed:
                await client.ehlo()
        except ssl.SSLError as error:
            raise self._refused(f"cannot prove who it is: {error.reason}") from error
        except SMTPResponseException as error:
            if PERMANENT <= error.code < BEYOND:
                login = isinstance(error, SMTPAuthenticationError)
                why = "does not take the user and password" if login else f"answers {error.code}"
                raise self._refused(why) from error
            raise RelayRestsError(f"the relay {self._relay} answers {error.code}") from error
        except (SMTPException, OSError) as error:
            if isinstance(error.__cause__, ssl.SSLError):
                raise self._refused(f"cannot prove who it is: {error.__cause__.reason}") from error
            if "STARTTLS extension" in str(error):
                raise self._refused("offers no STARTTLS, without which nothing is sent") from error
            if type(error) is SMTPException:  # AUTH is not offered, or in no way that we know
                raise self._refused("offers no way to log in") from error
            raise RelayRestsError(f"the relay {self._relay} does not answer") from error
        return client

    def _refused(self, why: str) -> RelayRefusesError:
        return RelayRefusesError(f"the relay {self._relay} {why}; see `publisher doctor mail`")

    async def _envelope(self, message: Message) -> Verdict | None:
        client = self._client
        assert client  # noqa: S101  # _open has made it
        options = [f"SIZE={len(message.wire)}"] if client.supports_extension("size") else []
        if message.needs_utf8:
            if not client.supports_extension("smtputf8"):
                return _message_fault("5.6.7", "the relay takes no address that is not ASCII")
            options.append("SMTPUTF8")
        largest = client.esmtp_extensions.get("size", "")
        if largest.isdigit() and 0 < int(largest) < len(message.wire):
            return _message_fault("5.3.4", f"the relay takes {largest} bytes at most")
        encoding = "utf-8" if message.needs_utf8 else "ascii"
        phase: Phase = "mail"
        try:
            await client.mail(message.sender, options=options, encoding=encoding)
            phase = "rcpt"
            await client.rcpt(message.recipient, encoding=encoding)
        except SMTPResponseException as error:
            verdict = of_reply(error.code, error.message, phase, message.recipient)
            await self._after(verdict)
            return verdict
        except Lost as error:
            self._drop()
            return no_answer(phase, type(error).__name__)
        self._spoke = monotonic()
        return None

    async def _after(self, refusal: Verdict) -> None:
        """Keep the connection for the next message if it is sound."""
        if refusal.cause == "no-answer":
            self._drop()
        elif self._client and self._client.is_connected:
            await self.withdraw()
        self._spoke = monotonic()

    async def _data(
        self, message: Message, begins: Callable[[], None], left: Callable[[], None]
    ) -> Verdict:
        client, times = self._client, self._relay.times
        if client is None or client.protocol is None:
            return no_answer("data", "the connection was closed")
        try:
            reply = await client.execute_command(b"DATA", timeout=times.data)
        except Lost as error:
            return no_answer("data", type(error).__name__)
        if reply.code != START_INPUT:
            verdict = of_reply(reply.code, reply.message, "data", message.recipient)
            if verdict.state == DeliveryState.SENT:
                return no_answer("data", "the relay did not ask for the text")
            await self._after(verdict)
            return verdict
        begins()
        self._used += 1
        patience = times.end + times.block * (len(message.wire) // MIB)
        try:
            client.protocol.write(_dotted(message.wire) + b".\r\n")
            left()
            reply = await client.protocol.read_response(timeout=patience)
        except Lost as error:
            return unknown(type(error).__name__)
        self._spoke = monotonic()
        verdict = of_reply(reply.code, reply.message, "data", message.recipient)
        if reply.code == CLOSING:
            self._drop()
        # Something was said, but neither yes nor no.
        return unknown("garbled reply") if verdict.cause == "no-answer" else verdict

    def _drop(self) -> None:
        if self._client:
            self._client.close()
        self._client = None
        self._used = 0


def _message_fault(enhanced: str, text: str) -> Verdict:
    return Verdict(DeliveryState.FAILED, "mail", None, enhanced, text, "message-fault")


def _dotted(wire: bytes) -> bytes:
    """A text in which no line is the end of it (RFC 5321, section 4.5.2)."""
    end = b"" if wire.endswith(b"\r\n") else b"\r\n"
    return FIRST_DOT.sub(b"..", wire) + end
