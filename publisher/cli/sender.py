"""Who writes the letters, as the settings say it."""

from typing import TYPE_CHECKING

import click

from publisher.settings import Settings

if TYPE_CHECKING:  # loading these takes longer than --help
    from publisher.delivery.messages.identity import Identity
    from publisher.delivery.messages.signer import Signer


def identity_from(places: Settings) -> "Identity":
    """The identity that the settings describe. Raises `click.UsageError` that names the setting."""
    from publisher.delivery.messages.identity import Identity  # noqa: PLC0415
    from publisher.delivery.messages.templates import Templates  # noqa: PLC0415

    if not places.sender:
        raise click.UsageError("set PUBLISHER_SENDER to who writes the letters, as Name <address>")
    domain = signing_domain(places)
    signers = [_signer(places, domain, selector) for selector in places.dkim_keys]
    try:
        return Identity.of(
            places.sender,
            Templates(places.mail_theme),
            reply_to=places.reply_to,
            bounce_domain=places.bounce_domain,
            postal_address=places.postal_address,
            signers=signers,
        )
    except ValueError as error:
        raise click.UsageError(f"settings of the sender: {error}") from error


def signing_domain(places: Settings) -> str:
    """The domain that DKIM signs for: as set, or else the sender's; empty if there is none."""
    return (places.dkim_domain or (places.sender or "").rpartition("@")[2]).strip(" <>").lower()


def _signer(places: Settings, domain: str, selector: str) -> "Signer":
    from publisher.delivery.messages.signer import Signer  # noqa: PLC0415

    path = places.dkim_keys[selector]
    try:
        return Signer.of(domain, selector, path.read_bytes())
    except OSError as error:
        raise click.UsageError(f"PUBLISHER_DKIM_KEYS: {path}: {error.strerror}") from error
    except ValueError as error:
        raise click.UsageError(f"PUBLISHER_DKIM_KEYS: {path}: {error}") from error
