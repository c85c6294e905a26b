"""Claims of the records that only the planner can confirm."""

from collections.abc import Iterator

from publisher.planning.plan import plan
from publisher.planning.reader import Reader
from publisher.records.catalogue import Catalogue
from publisher.records.diagnostics import Diagnostic
from publisher.records.entries import Entries
from publisher.records.models.career_path import CareerPath


def unconfirmed_claims(entries: Entries, catalogue: Catalogue) -> Iterator[Diagnostic]:
    """Headlines ("8 months") that differ from what the planner computes for the background."""
    for entry, path in entries.valid(CareerPath):
        career = entry.document.file.split("/")[-3]
        headline = path.headline
        reader = Reader(
            background=entry.slug,
            career=career,
            track=headline.track,
            hours_per_week=headline.hours_per_week,
        )
        computed = plan(reader, catalogue)
        if computed.months.likely != headline.months:
            text = (
                f"the headline says {headline.months} months; the plan takes "
                f"{computed.months.likely} ({computed.hours:g} hours at "
                f"{headline.hours_per_week:g} a week on track {headline.track!r})"
            )
            hint = f"write months: {computed.months.likely}, or mend the levels or modules"
            yield entry.finding("R304", text, ("headline", "months"), hint)
