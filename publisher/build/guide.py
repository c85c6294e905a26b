"""One reader's guide, from the catalogue to files."""

import hashlib
from collections.abc import Collection, Mapping
from pathlib import Path

from publisher.build.book import Workshop, composed, epub_of, pdf_of
from publisher.build.store import write_whole
from publisher.editions.guide import personal_guide
from publisher.planning.export import plan_json
from publisher.planning.plan import Plan
from publisher.records.diagnostics import DiagnosedError, Diagnostic
from publisher.rendering.calendar import calendar_text


def make_guide(plan: Plan, formats: Collection[str], workshop: Workshop) -> dict[str, bytes]:
    """The guide of a plan: format ("pdf", "epub") to bytes. Raises `DiagnosedError`."""
    record = plan_json(plan)
    identifier = f"urn:sha256:{hashlib.sha256(record.encode()).hexdigest()}"
    attachments = {"plan.json": record, "plan.ics": calendar_text(plan)}
    edition = personal_guide(plan, attachments, identifier)
    workshop.reporter.step(f"{edition.title}: {len(edition.sections)} sections")
    pages = composed(edition, plan.here.catalogue, workshop.theme)
    makers = {"pdf": pdf_of, "epub": epub_of}
    return {name: makers[name](edition, pages, workshop) for name in formats}


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
