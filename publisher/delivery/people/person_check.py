"""Whether what a line says is a person who may be written to one day."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from publisher.delivery.addresses import Address
from publisher.delivery.people.codes import SUBSCRIBER_REMEDIES
from publisher.delivery.people.person import ANSWERS, CONSENT, Consent, Person
from publisher.planning.reader import Reader, reader_problems
from publisher.planning.reader_check import ANYWHERE, checked
from publisher.planning.reader_rows import Row
from publisher.records.catalogue import Catalogue

MOMENT = re.compile(
    r"\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(Z|[+-]\d{2}:?\d{2})?)?", re.ASCII
)
"""The part of ISO 8601 that people write: a day, or a day and a time with or without its zone."""

EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)
SLACK = timedelta(days=1)
"""A day without a zone may have begun elsewhere; nobody agrees later than that."""

LONGEST = {"consent_source": 200, "consent_text": 80}


@dataclass(frozen=True, slots=True)
class Rules:
    """What a line is held against. `proven`: each line must prove that the person agreed."""

    catalogue: Catalogue
    moment: datetime
    proven: bool


def checked_person(row: Row, rules: Rules) -> Person | None:
    """The person of a row, or None with every mistake reported in the row."""
    if not row.readable:
        return None
    own = {name: row.values.pop(name, None) for name in ("email", *CONSENT)}
    address = _address(row, own["email"])
    consent = _consent(row, own, rules)
    given = {*ANSWERS} & {*row.values}
    if "background" not in given:  # a reader must say it; those who do not can have a handbook
        row.spoilt.add("background")
    reader = checked(row, rules.catalogue)
    if not (reader and address and consent):
        return None
    return Person(row, address, reader.model_dump(mode="json", include=given), consent)


def problem_of(answers: Mapping[str, Any], catalogue: Catalogue) -> str | None:
    """What keeps answers that were given at different times from belonging to one reader."""
    try:
        reader = Reader.model_validate_json(json.dumps({"background": ANYWHERE, **answers}))
    except ValueError:  # the records, or the rules for answers, are not what they were
        return "an answer that is kept is no longer one"
    found = (
        f"{field}: {problem}"
        for field, problem, _ in reader_problems(reader, catalogue)
        if field != "background" or "background" in answers
    )
    return next(found, None)


def report(row: Row, code: str, text: str, name: str) -> None:
    """Remember a mistake with the remedy of its code."""
    row.report(code, text, name, SUBSCRIBER_REMEDIES[code])


def _address(row: Row, value: Any) -> Address | None:
    if value is None:
        if "email" not in row.spoilt:
            report(row, "D101", "email is missing", "email")
        return None
    try:
        if not isinstance(value, str):
            raise ValueError("it must be a text")  # noqa: TRY301, TRY004  # told as all others are
        return Address.of(value)
    except ValueError as error:
        report(row, "D102", f"email: {error}", "email")
        return None


def _consent(row: Row, own: Mapping[str, Any], rules: Rules) -> Consent | None:
    time = _time(row, own["consent_time"], rules.moment)
    source, text = (_words(row, name, own[name]) for name in ("consent_source", "consent_text"))
    proof = {"consent_time": time, "consent_source": source}
    for name, value in proof.items():
        if rules.proven and not value and name not in row.spoilt:
            report(row, "D105", f"{name} is missing", name)
    return None if row.spoilt & {*CONSENT} else Consent(time, source, text)


def _time(row: Row, value: Any, now: datetime) -> datetime | None:
    if value is None:
        return None
    try:
        moment = _moment(str(value))
    except ValueError as error:
        report(row, "D104", f"consent_time: {error}", "consent_time")
        return None
    if not EARLIEST <= moment <= now + SLACK:
        when = "in the future" if moment > now else "before 1970"
        report(row, "D104", f"consent_time lies {when}", "consent_time")
        return None
    return moment


def _moment(text: str) -> datetime:
    if not MOMENT.fullmatch(text):
        raise ValueError("this is no day or time")
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError("there is no such day or time") from None
    try:
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except OverflowError:
        raise ValueError("this is out of reach") from None


def _words(row: Row, name: str, value: Any) -> str | None:
    if value is None:
        return None
    words = value.strip() if isinstance(value, str) else ""
    if not words:
        report(row, "D106", f"{name} must be a text, and not empty", name)
    elif len(words) > LONGEST[name]:
        report(row, "D106", f"{name} has more than {LONGEST[name]} characters", name)
    else:
        return words
    return None
