"""Cross-checks: small functions from entries to diagnostics, run over all records at once."""

from collections.abc import Callable, Iterable

from publisher.records.checks.assessment import assessment_is_sound
from publisher.records.checks.figures import figures_have_sources
from publisher.records.checks.links import links_lead_somewhere
from publisher.records.checks.prose import prose_is_plain
from publisher.records.checks.references import references_exist
from publisher.records.checks.slugs import slugs_are_unique
from publisher.records.checks.teaching import teaching_is_sound
from publisher.records.checks.usage import everything_is_used
from publisher.records.diagnostics import Diagnostic
from publisher.records.entries import Entries

CHECKS: tuple[Callable[[Entries], Iterable[Diagnostic]], ...] = (
    slugs_are_unique,
    references_exist,
    links_lead_somewhere,
    teaching_is_sound,
    everything_is_used,
    figures_have_sources,
    assessment_is_sound,
    prose_is_plain,
)
