"""Digests of what a book says, which tell an edit that touches it from one that does not."""

from collections.abc import Mapping, Sequence

from publisher.build.book import furniture_jobs
from publisher.build.digests import digest_of
from publisher.build.orders import Order
from publisher.build.workshop import Workshop
from publisher.editions.edition import Edition
from publisher.rendering.xhtml import Page

LENGTH = 16
"""Hexadecimal digits of a section's digest: enough to see a change by."""


def section_digests(edition: Edition, pages: Sequence[Page], workshop: Workshop) -> dict[str, str]:
    """Section to a digest of what it says in either format, and of what repeats on the pages."""
    digests = {
        page.section.slug: digest_of([workshop.job(page, edition).key, page.xhtml.decode()])
        for page in pages
    }
    digests |= {group: job.key for group, job in furniture_jobs(edition, workshop).items()}
    return {slug: digest[:LENGTH] for slug, digest in digests.items()}


def content_digest(edition: Edition, order: Order, sections: Mapping[str, str]) -> str:
    """A digest of everything that an order's files are made of, and of how they are made."""
    return digest_of([
        order.inputs["code"], order.inputs["theme"], *sorted(order.formats),
        edition.title, edition.subtitle, edition.description, edition.identifier,
        str(edition.date), edition.publisher, edition.language, edition.running_foot,
        *(f"{slug} {digest}" for slug, digest in sections.items()),
        *(f"{name} {text}" for name, text in edition.attachments.items()),
    ])  # fmt: skip
