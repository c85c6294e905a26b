"""One reader's guide, from the catalogue to files."""

import hashlib
from collections.abc import Collection, Mapping
from pathlib import Path

from publisher.build.book import Book, make_book
from publisher.build.store import write_whole
from publisher.build.workshop import Workshop
from publisher.editions.edition import Edition
from publisher.editions.guide import personal_guide
from publisher.planning.export import plan_json
from publisher.planning.plan import Plan
from publisher.records.diagnostics import DiagnosedError, Diagnostic
from publisher.rendering.calendar import calendar_text


def make_guide(plan: Plan, formats: Collection[str], workshop: Workshop) -> Book:
    """The guide of a plan. Raises `DiagnosedError`."""
    return make_book(guide_edition(plan), plan.here.catalogue, formats, workshop)


def guide_edition(plan: Plan) -> Edition:
    """The edition of a plan, which carries the plan with it."""
    record = plan_json(plan)
    identifier = f"urn:sha256:{hashlib.sha256(record.encode()).hexdigest()}"
    attachments = {"plan.json": record, "plan.ics": calendar_text(plan)}
    return personal_guide(plan, attachments, identifier)


def write_files(files: Mapping[Path, bytes]) -> None:
    """Write finished files, each whole or not at all.

    Raises `DiagnosedError` (B203) when one cannot be written.
    """
    for path, content in files.items():
        try:
            write_whole(path, content)
        except OSError as error:
            reason = error.strerror or str(error)
            found = Diagnostic(str(path), 0, 0, "B203", f"cannot be written: {reason}")
            raise DiagnosedError([found]) from error
