"""Claims of the records that only the planner can confirm."""

from collections.abc import Iterator

from publisher.planning.plan import Plan, plan
from publisher.planning.reader import Reader
from publisher.records.catalogue import Catalogue
from publisher.records.diagnostics import Diagnostic
from publisher.records.entries import Entries
from publisher.records.models.career_path import CareerPath


def unconfirmed_claims(entries: Entries, catalogue: Catalogue) -> Iterator[Diagnostic]:
    """Headlines ("8 months") that differ from what the planner computes, or miss a track."""
    for entry, path in entries.valid(CareerPath):
        career = entry.document.file.split("/")[-3]
        for track in catalogue.careers[career].career.tracks:
            computed = _computed(entry.slug, career, track, path, catalogue)
            months = path.headline.months.get(track)
            if months == computed.months.likely:
                continue
            takes = (
                f"the plan takes {computed.months.likely} ({computed.hours:g} hours at "
                f"{computed.here.hours_per_week:g} a week on track {track!r})"
            )
            hint = f"write {track}: {computed.months.likely}, or mend the levels or modules"
            if months is None:
                text = f"the headline names no months for track {track!r}; {takes}"
                yield entry.finding("R304", text, ("headline", "months"), hint)
            else:
                text = f"the headline says {months} months; {takes}"
                yield entry.finding("R304", text, ("headline", "months", track), hint)


def _computed(
    background: str, career: str, track: str, path: CareerPath, catalogue: Catalogue
) -> Plan:
    hours = path.headline.hours_per_week
    reader = Reader(background=background, career=career, track=track, hours_per_week=hours)
    return plan(reader, catalogue)
