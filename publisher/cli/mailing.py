"""What the commands that send share: who writes, through which relay, and the sending itself."""

import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import click

from publisher.cli.ledger import Ledger
from publisher.cli.sender import identity_from
from publisher.settings import Settings

if TYPE_CHECKING:  # they take longer to load than --help
    from publisher.delivery.campaigns.letters import Letters
    from publisher.delivery.campaigns.printing import Printer
    from publisher.delivery.keys import Keys
    from publisher.delivery.sending.claim import Compose
    from publisher.delivery.sending.pace import Pace
    from publisher.delivery.sending.relay import Relay
    from publisher.delivery.sending.team import Sent

HOW_TO_TRY = """\
{setting} is not set, so nothing can be sent. To try it on this machine, let

    python -m aiosmtpd -n -l 127.0.0.1:8025 -c aiosmtpd.handlers.Mailbox try-mail

run (pip install 'career-guides[try-mail]'), which keeps all mail in the folder try-mail, and set

    PUBLISHER_SMTP=smtp://127.0.0.1:8025
    PUBLISHER_SENDER='Career guides <letters@guides.example>'"""

UNITS = {"s": 1, "m": 60, "h": 3600}


class RateOption(click.ParamType[float]):
    """Messages in a time, as 10/s, 100/m or 2000/h."""

    name = "N/s"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        """Messages a second."""
        found = re.fullmatch(r"(\d{1,6}(?:\.\d{1,3})?)/([smh])", str(value))
        if not found or not float(found[1]):
            wrong = f"{str(value)[:40]!r} is no rate; write one as 10/s, 100/m or 2000/h"
            self.fail(wrong, param, ctx)
        return float(found[1]) / UNITS[found[2]]


@dataclass(frozen=True, repr=False)
class MakeLetters:
    """Makes the writer of letters in the process that sends them."""

    places: Settings
    keys: "Keys"
    title: str

    @property
    def letters(self) -> "Letters":
        """The writer. Raises `click.UsageError`."""
        from publisher.delivery.campaigns.letters import Letters  # noqa: PLC0415
        from publisher.delivery.links import Links  # noqa: PLC0415

        links = Links(self.places.base_url, self.keys)
        return Letters(identity_from(self.places), links, self.places.files, self.title)

    def __call__(self) -> "Compose":
        """What a worker composes with."""
        return self.letters.compose


@dataclass(frozen=True)
class Mailing:
    """Sends campaigns through the relay of the settings."""

    places: Settings
    ledger: Ledger
    relay: "Relay"
    make: MakeLetters
    pace: "Pace" = field(repr=False)
    workers: int = 1

    @classmethod
    def of(
        cls,
        places: Settings,
        ledger: Ledger,
        title: str,
        *,
        rate: float | None = None,
        domain_rate: float | None = None,
        workers: int = 1,
        wait: bool = False,
    ) -> "Mailing":
        """With all that is needed checked. Raises `click.UsageError` that says what to set."""
        from publisher.delivery.messages.lists import is_secure  # noqa: PLC0415
        from publisher.delivery.sending.pace import Pace, Rates  # noqa: PLC0415

        relay = relay_of(places)
        if not places.sender:
            raise click.UsageError(HOW_TO_TRY.format(setting="PUBLISHER_SENDER"))
        if not is_secure(places.base_url):
            raise click.UsageError("PUBLISHER_BASE_URL has to begin with https://")
        make = MakeLetters(places, ledger.keys, title)
        _ = make.letters  # so that a wrong key is told now, and not by each worker
        pace = Pace(rates=Rates(rate, domain_rate))
        if wait:
            pace = Pace(rates=pace.rates, patience=float("inf"))
        return cls(places, ledger, relay, make, pace, workers)

    @property
    def domain(self) -> str:
        """What Message-IDs end in."""
        return domain_of(self.places)

    def send(self, campaign_id: int, total: int) -> "Sent":
        """Send what is due of a campaign, and show how far it is."""
        from publisher.cli.progress import watching  # noqa: PLC0415
        from publisher.delivery.sending.course import counts  # noqa: PLC0415
        from publisher.delivery.sending.team import Job, send  # noqa: PLC0415
        from publisher.delivery.store.states import OPEN  # noqa: PLC0415

        def settled() -> int:
            with self.ledger.database.reading() as connection:
                found = counts(connection, campaign_id)
            return sum(number for state, number in found.items() if state not in OPEN)

        job = Job(
            self.places.database, campaign_id, self.relay, self.make,
            self.places.journal.absolute(), self.pace,
        )  # fmt: skip
        with watching(settled, total):
            return send(job, self.workers)


def relay_of(places: Settings) -> "Relay":
    """The relay of the settings. Raises `click.UsageError`, also when there is none."""
    from publisher.delivery.sending.relay import Relay  # noqa: PLC0415

    if places.smtp is None:
        raise click.UsageError(HOW_TO_TRY.format(setting="PUBLISHER_SMTP"))
    try:
        return Relay.at(places.smtp.get_secret_value())
    except ValueError as error:
        raise click.UsageError(f"PUBLISHER_SMTP: {error}") from error


def domain_of(places: Settings) -> str:
    """The sender's domain, or that of the web part while there is no sender."""
    if places.sender:
        return identity_from(places).domain
    return urlsplit(places.base_url).hostname or "localhost"


def printer_of(places: Settings, workers: int | None) -> "Printer":
    """What makes the books of campaigns. Raises `DiagnosedError`."""
    from publisher.build.press import Sources, cores  # noqa: PLC0415
    from publisher.build.worker import Place  # noqa: PLC0415
    from publisher.cli.output import new_workshop  # noqa: PLC0415
    from publisher.delivery.campaigns.printing import Printer  # noqa: PLC0415
    from publisher.records.catalogue import load_catalogue  # noqa: PLC0415

    # Before the records are loaded, so that an edit in between is noticed.
    sources = Sources.of(places.guides, places.theme)
    catalogue = load_catalogue(places.guides)
    place = Place.of(places, str(places.files))
    return Printer(catalogue, sources, place, new_workshop(places, workers), workers or cores())


def sure(question: str, *, yes: bool) -> None:
    """Ask on a terminal. Raises `click.UsageError` elsewhere, unless `yes`."""
    if yes:
        return
    if not sys.stdin.isatty():
        raise click.UsageError("nobody is here to be asked; give --yes")
    click.confirm(question, abort=True)


@contextmanager
def told() -> Iterator[None]:
    """What cannot be done, as one line and exit status 1."""
    from publisher.delivery.campaigns.campaign import CampaignError  # noqa: PLC0415
    from publisher.delivery.campaigns.preparing import PreparingError  # noqa: PLC0415
    from publisher.delivery.sending.course import CountsError, CourseError  # noqa: PLC0415
    from publisher.delivery.sending.instance import StrangerError  # noqa: PLC0415
    from publisher.delivery.sending.resolve import NotUnknownError  # noqa: PLC0415
    from publisher.delivery.sending.team import SendingError  # noqa: PLC0415

    try:
        yield
    except StrangerError as error:
        raise click.ClickException(f"{error} (`publisher campaign adopt`)") from error
    except (CampaignError, CourseError, NotUnknownError) as error:
        raise click.ClickException(str(error)) from error
    except (CountsError, PreparingError, SendingError) as error:
        raise click.ClickException(str(error)) from error
    except OSError as error:
        place = f"{error.filename}: " if error.filename else ""
        raise click.ClickException(f"{place}{error.strerror or error}") from error
