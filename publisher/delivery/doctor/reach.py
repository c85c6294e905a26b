"""The relay: whether it answers, with TLS and a certificate, and takes our word for us."""

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import suppress

from publisher.delivery.doctor.finding import Finding, failed, ok, unknown, warning
from publisher.delivery.sending.relay import Relay

CHECK = "relay"
PATIENCE = 15
"""Seconds for each answer."""

LARGEST = 10_000_000
"""Octets of a message that we may send."""


def check_relay(relay: Relay | None) -> Iterator[Finding]:
    """Greets the relay and leaves again; nothing is sent."""
    if relay is None:
        yield failed(CHECK, "none is set", "set PUBLISHER_SMTP, as smtp://user:password@host:587")
        return
    context = ssl.create_default_context(cafile=relay.ca and str(relay.ca))
    try:
        client = _connected(relay, context)
    except ssl.SSLError as error:
        yield _tls_failed(relay, error)
    except (OSError, smtplib.SMTPException) as error:
        text = f"{relay} does not answer: {_reason(error)}"
        yield failed(
            CHECK, text, "see that it runs, that the port is right, and that no wall is between"
        )
    else:
        yield ok(CHECK, f"{relay} answers")
        try:
            yield from _talk(client, relay, context)
        except (OSError, smtplib.SMTPException) as error:
            yield failed(CHECK, f"{relay} breaks off: {_reason(error)}", "look into its log")
        finally:
            with suppress(OSError, smtplib.SMTPException):
                client.quit()


def _connected(relay: Relay, context: ssl.SSLContext) -> smtplib.SMTP:
    if relay.tls_from_start:
        client: smtplib.SMTP = smtplib.SMTP_SSL(
            relay.host, relay.port, timeout=PATIENCE, context=context
        )
    else:
        client = smtplib.SMTP(relay.host, relay.port, timeout=PATIENCE)
    client.ehlo_or_helo_if_needed()
    return client


def _talk(client: smtplib.SMTP, relay: Relay, context: ssl.SSLContext) -> Iterator[Finding]:
    secret = relay.tls_from_start
    if not secret and client.has_extn("starttls"):
        try:
            client.starttls(context=context)  # EHLO comes again (RFC 3207, section 4.2)
        except ssl.SSLError as error:
            yield _tls_failed(relay, error)
            return
        client.ehlo()
        secret = True
    if secret:
        yield ok("tls", f"{relay} speaks TLS, and its certificate is good")
    elif relay.is_here:
        yield ok("tls", f"{relay} is this machine, and needs none")
    else:
        advice = "turn it on there, or write smtps:// for a port that begins with TLS"
        yield failed("tls", f"{relay} offers no STARTTLS, so nothing is sent", advice)
        return
    yield from _login(client, relay)
    yield from _abilities(client, relay)


def _login(client: smtplib.SMTP, relay: Relay) -> Iterator[Finding]:
    if relay.user is None or relay.password is None:
        return
    if not client.has_extn("auth"):
        text = f"{relay} takes no password, and one is set"
        yield failed(
            "login", text, "take user and password out of PUBLISHER_SMTP, or use its other port"
        )
        return
    try:
        client.login(relay.user, relay.password.get_secret_value())
    except smtplib.SMTPAuthenticationError as error:
        text = f"{relay} refuses user or password ({error.smtp_code})"
        yield failed(
            "login", text, "see PUBLISHER_SMTP; write signs such as @ and / as %40 and %2F"
        )
    except smtplib.SMTPException:
        yield failed("login", f"{relay} knows no way to log in that we know", "use another relay")
    else:
        yield ok("login", f"{relay} knows us")


def _abilities(client: smtplib.SMTP, relay: Relay) -> Iterator[Finding]:
    """SIZE (RFC 1870) and SMTPUTF8 (RFC 6531)."""
    size = client.esmtp_features.get("size", "")
    if size.isdigit() and 0 < int(size) < LARGEST:
        text = f"{relay} takes messages of {int(size):,} octets"
        yield warning("size", text, "do not attach files, or raise its limit to 10 MB")
    if not client.has_extn("smtputf8"):
        text = f"{relay} does not offer SMTPUTF8"
        yield unknown("smtputf8", text, "addresses with letters outside ASCII cannot be written to")


def _tls_failed(relay: Relay, error: ssl.SSLError) -> Finding:
    reason = getattr(error, "verify_message", "") or error.reason or "no TLS"
    advice = "use the name that is in its certificate; a private authority is named by ?ca=FILE"
    return failed("tls", f"the certificate of {relay} is not good: {reason}", advice)


def _reason(error: Exception) -> str:
    """Without what a server said: that may repeat a user's name."""
    if isinstance(error, smtplib.SMTPResponseException):
        return f"reply {error.smtp_code}"
    return (error.strerror if isinstance(error, OSError) else None) or type(error).__name__
