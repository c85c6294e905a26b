"""publisher bounces."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from publisher.cli.ledger import ledger
from publisher.cli.workplace import settings
from publisher.settings import Settings

if TYPE_CHECKING:  # loading the database takes longer than --help
    from publisher.delivery.feedback.mailboxes.imap import Account
    from publisher.delivery.feedback.mailboxes.mailbox import Mailbox
    from publisher.delivery.feedback.processing import Summary

IMAP_FORM = "imaps://USER@HOST/MAILBOX"

SHOWN = 20
"""Mails left that are named on a terminal; the others are counted."""


@click.group("bounces")
def command() -> None:
    """Read the bounces and complaints that came back."""


@command.command("process")
@click.option("--maildir", type=click.Path(path_type=Path), help="A Maildir that they come to.")
@click.option("--imap", metavar="URL", help=f"{IMAP_FORM}, that they come to; the password is "
              "PUBLISHER_BOUNCE_PASSWORD, or in PUBLISHER_BOUNCE_PASSWORD_FILE.")  # fmt: skip
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text")
def process(maildir: Path | None, imap: str | None, form: str) -> None:
    """Act on what came back: a dead address or a complainer is never written to again.

    Each mail is marked as read when that is durable; none is ever removed. What is neither a
    bounce nor a complaint stays as it is, and is named. Exit status 1 if a mail cannot be read.
    """
    if (maildir is None) == (imap is None):
        raise click.UsageError("give --maildir or --imap, one of them")
    from publisher.delivery.feedback.matching import Ours  # noqa: PLC0415
    from publisher.delivery.feedback.processing import process as process_mails  # noqa: PLC0415

    places = settings()
    with _mailbox(maildir, imap, places) as mailbox, ledger(places) as found:
        summary = process_mails(found.database, mailbox, Ours(found.keys, places.bounce_domain))
    click.echo(_as_json(summary) if form == "json" else _as_text(summary))
    sys.exit(0 if summary.well else 1)


@contextmanager
def _mailbox(maildir: Path | None, imap: str | None, places: Settings) -> Iterator["Mailbox"]:
    """Raises `click.ClickException` when the mailbox fails, now or in the block."""
    from publisher.delivery.feedback.mailboxes.imap import opened  # noqa: PLC0415
    from publisher.delivery.feedback.mailboxes.mailbox import MailboxError  # noqa: PLC0415
    from publisher.delivery.feedback.mailboxes.maildir import Maildir  # noqa: PLC0415

    try:
        if maildir is not None:
            yield Maildir.at(maildir)
        else:
            with opened(_account(imap or "", places)) as mailbox:
                yield mailbox
    except MailboxError as error:
        raise click.ClickException(str(error)) from error


def _account(url: str, places: Settings) -> "Account":
    from publisher.delivery.feedback.mailboxes.imap import Account  # noqa: PLC0415

    try:
        return Account.of(url, _password(places))
    except ValueError as error:
        raise click.UsageError(f"--imap: {error}") from error


def _password(places: Settings) -> str | None:
    """The password, or None if there is none. Raises `ValueError` when its file is unreadable."""
    if places.bounce_password:
        return places.bounce_password.get_secret_value()
    file = places.bounce_password_file
    if file is None:
        return None
    try:
        return file.read_text("utf-8").strip()
    except (OSError, UnicodeError) as error:
        raise ValueError(f"{file}, PUBLISHER_BOUNCE_PASSWORD_FILE, cannot be read") from error


def _as_json(summary: "Summary") -> str:
    shown = {
        "mails": summary.mails,
        "counts": dict(sorted(summary.counts.items())),
        "left": [asdict(each) for each in summary.left],
        "paused": summary.paused,
    }
    return json.dumps(shown, indent=1, ensure_ascii=False)


def _as_text(summary: "Summary") -> str:
    counts = (f"{count} {word}" for word, count in sorted(summary.counts.items()))
    lines = [f"{each.place}: {each.why}" for each in summary.left[:SHOWN]]
    if len(summary.left) > SHOWN:
        lines.append(f"and {len(summary.left) - SHOWN} more; --format json names them")
    lines += [f"campaign {name} paused: {why}" for name, why in summary.paused.items()]
    mails = f"{summary.mails} mail{'' if summary.mails == 1 else 's'}"
    return "\n".join([*lines, ", ".join((mails, *counts))])
