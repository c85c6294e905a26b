"""What the letters of a campaign say: facts from plans and records, ready to be kept as JSON."""

from collections.abc import Sequence
from datetime import date

from publisher.delivery.messages.facts import File, GuideFacts, HandbookFacts
from publisher.planning.plan import Plan
from publisher.records.catalogue import Catalogue


def guide_facts(plan: Plan, files: Sequence[File], valid_until: date) -> dict[str, object]:
    """The facts of a letter with a personal guide; its link works through `valid_until`."""
    here = plan.here
    modules = [here.catalogue.modules[module.slug].title for module in plan.modules[:1]]
    facts = GuideFacts(
        background=here.catalogue.backgrounds[here.reader.background].name,
        career=here.records.career.title,
        months=plan.months.likely,
        hours_per_week=here.hours_per_week,
        start=here.start,
        finish=plan.finish,
        first_module=modules[0] if modules else None,
        files=tuple(files),
        valid_until=valid_until,
    )
    return facts.model_dump(mode="json")


def handbook_facts(
    catalogue: Catalogue, career: str, files: Sequence[File], valid_until: date
) -> dict[str, object]:
    """The facts of a letter with the handbook of a career, given by its slug."""
    records = catalogue.careers[career]
    facts = HandbookFacts(
        career=records.career.title,
        article=records.career.article,
        edition=catalogue.publication.edition,
        edition_date=catalogue.publication.date,
        paths=len(records.paths),
        files=tuple(files),
        valid_until=valid_until,
    )
    return facts.model_dump(mode="json")
