"""One reader's guide, from the catalogue to files."""

import hashlib
from collections.abc import Collection

from publisher.build.book import Book, make_book
from publisher.build.workshop import Workshop
from publisher.editions.edition import Edition
from publisher.editions.guide import personal_guide
from publisher.planning.export import plan_json
from publisher.planning.plan import Plan
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
