"""Works through a mailbox: each mail is committed first, and marked as read then."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from sqlalchemy import select

from publisher.delivery.feedback.findings import Verdict
from publisher.delivery.feedback.mailboxes.mailbox import Mail, Mailbox
from publisher.delivery.feedback.matching import Ours
from publisher.delivery.feedback.parts import digest_of
from publisher.delivery.feedback.reading import read
from publisher.delivery.feedback.reports import Report
from publisher.delivery.feedback.verdicts import judge
from publisher.delivery.store.database import Database
from publisher.delivery.store.tables import CAMPAIGN

WHY_IT_STAYS = {
    Verdict.OTHER: "neither a bounce nor a complaint; read it, then mark it as read",
    Verdict.WAITING: "its message is being sent at this moment; it is taken up next time",
}


@dataclass(frozen=True, slots=True)
class Left:
    """A mail that stays as it is, where it is, and why."""

    place: str
    why: str
    readable: bool = True


@dataclass(slots=True)
class Summary:
    """What became of the mails of a mailbox."""

    mails: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    """Verdicts; a mail about several deliveries has several."""
    left: list[Left] = field(default_factory=list)
    paused: dict[str, str] = field(default_factory=dict)
    """Campaigns that were stopped, by name, and why."""

    @property
    def well(self) -> bool:
        """Whether every mail could be read."""
        return all(each.readable for each in self.left)


def process(database: Database, mailbox: Mailbox, ours: Ours) -> Summary:
    """Read what is new in a mailbox and act on it.

    A process that is killed in between counts nothing twice: what is committed is known by its
    digest. Raises `MailboxError` when the mailbox fails, `sqlalchemy.exc.SQLAlchemyError` when the
    database does; what was not committed is still unread then.
    """
    summary = Summary()
    for mail in mailbox.unread():
        summary.mails += 1
        try:
            report = _read(mail)
        except ValueError as error:
            summary.counts["unreadable"] += 1
            summary.left.append(Left(mail.place, str(error), readable=False))
            continue
        with database.writing() as connection:
            outcome = judge(connection, report, digest_of(mail.content), ours)
        summary.counts.update(each.value for each in outcome.verdicts)
        summary.paused.update(_causes(database, outcome.paused))
        if outcome.stays:
            summary.left.append(Left(mail.place, WHY_IT_STAYS[outcome.verdicts[0]]))
        else:
            mailbox.mark(mail)
    return summary


def _read(mail: Mail) -> Report:
    """Raises `ValueError` with why the mail cannot be read."""
    if mail.trouble:
        raise ValueError(mail.trouble)
    return read(mail.content)


def _causes(database: Database, campaigns: Iterable[int]) -> dict[str, str]:
    if not campaigns:
        return {}
    with database.reading() as connection:
        wanted = select(CAMPAIGN.c.name, CAMPAIGN.c.cause).where(CAMPAIGN.c.id.in_(campaigns))
        return {row.name: row.cause for row in connection.execute(wanted)}
