"""What pages say of themselves to machines, as schema.org has it: only what the records say."""

from collections.abc import Mapping, Sequence
from typing import Any

from publisher.planning.plan import Plan
from publisher.records.catalogue import CareerRecords, Catalogue
from publisher.records.models.publication import Publication

Data = Mapping[str, Any]
CONTEXT = "https://schema.org"


def organisation(publication: Publication) -> Data:
    """Who publishes."""
    found = {"@type": "Organization", "name": publication.publisher}
    return found | ({"url": publication.website} if publication.website else {})


def website(publication: Publication, address: str) -> Data:
    """The site as a whole."""
    return {
        "@context": CONTEXT, "@type": "WebSite", "name": publication.title, "url": address,
        "inLanguage": publication.language, "publisher": organisation(publication),
    }  # fmt: skip


def occupation(catalogue: Catalogue, records: CareerRecords) -> Data:
    """A career. Pay is left out: the records have it for other, official occupations only."""
    career = records.career
    skills = [catalogue.skills[slug].name for slug in career.needs]
    return {
        "@context": CONTEXT, "@type": "Occupation", "name": career.title,
        "description": career.summary, "skills": ", ".join(skills),
    }  # fmt: skip


def course(catalogue: Catalogue, records: CareerRecords, background: str, plan: Plan) -> Data:
    """A path, with the time that a typical reader needs as an estimate."""
    career, name = records.career, catalogue.backgrounds[background].name
    return {
        "@context": CONTEXT, "@type": "Course",
        "name": f"From {name} to {career.title}",
        "description": records.paths[background].summary,
        "provider": organisation(catalogue.publication),
        "inLanguage": catalogue.publication.language,
        "timeRequired": f"P{plan.months.likely}M",
        "coursePrerequisites": name,
        "teaches": [catalogue.skills[row.skill].name for row in plan.gap.open],
    }  # fmt: skip


def learning_resource(
    title: str, summary: str, hours: float, kind: str, teaches: Sequence[str] = ()
) -> Data:
    """A module or a project."""
    found = {
        "@context": CONTEXT, "@type": "LearningResource", "name": title, "description": summary,
        "learningResourceType": kind, "timeRequired": _hours(hours),
    }  # fmt: skip
    return found | ({"teaches": list(teaches)} if teaches else {})


def breadcrumbs(trail: Sequence[tuple[str, str]]) -> Data:
    """The way to a page: titles and full addresses, from the home page on."""
    return {
        "@context": CONTEXT, "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": number, "name": name, "item": address}
            for number, (name, address) in enumerate(trail, start=1)
        ],
    }  # fmt: skip


def _hours(value: float) -> str:
    """`6.5` hours as `PT6H30M` (ISO 8601)."""
    minutes = round(value * 60)
    rest = f"{minutes % 60}M" if minutes % 60 else ""
    return f"PT{minutes // 60}H{rest}"
