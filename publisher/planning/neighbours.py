"""Careers next door that fit somebody's answers better, and why."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from publisher.planning.answers import Answers, assessment_of
from publisher.planning.effort import Months, months_for
from publisher.planning.fit import Fit
from publisher.planning.gap import gap
from publisher.planning.selection import select
from publisher.planning.self_rating import Standing
from publisher.records.catalogue import Catalogue
from publisher.records.models.assessment import NeighbourRule, Thresholds
from publisher.records.models.career import Career


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A career or track that fits better. With records it has a score and months, else neither.

    `has_path` tells whether a guide from the own background is written.
    """

    title: str
    why: str
    career: str | None = None
    track: str | None = None
    score: int | None = None
    months: Months | None = None
    has_path: bool = False


def neighbours_of(
    answers: Answers, standing: Standing, catalogue: Catalogue, fit: Fit, others: Sequence[Fit]
) -> Iterator[Neighbour]:
    """First the tracks that score higher, the best first, then the careers to which rules point."""
    thresholds = assessment_of(catalogue).thresholds
    for other in others:
        if fit.score is not None and other.score is not None:
            better = other.score - fit.score
            if better >= thresholds.better_by:
                yield _track(other, better, standing)
    for rule in assessment_of(catalogue).neighbours:
        if rule.career == fit.career and _holds(rule, answers, standing, fit, thresholds):
            career = catalogue.careers[rule.career].career
            yield Neighbour(rule.title, f"{rule.because} {_better_when(career, rule.title)}")


def _track(other: Fit, better: int, standing: Standing) -> Neighbour:
    here = other.here
    career = here.records.career
    track = career.tracks[other.track]
    return Neighbour(
        title=f"{career.title}, {track.name}",
        why=f"By your answers it fits better by {better} points. {track.summary}",
        career=other.career,
        track=other.track,
        score=other.score,
        months=months_for(sum(need.hours for need in select(here)), here.hours_per_week),
        has_path=standing.background in here.records.paths,
    )


def _holds(
    rule: NeighbourRule, answers: Answers, standing: Standing, fit: Fit, thresholds: Thresholds
) -> bool:
    said, under = answers.scales, rule.when.readiness_under
    unready = standing.known and 100 * gap(fit.here).readiness < (under or 0)
    return (
        all(slug in said and said[slug] <= thresholds.low for slug in rule.when.low)
        and all(slug in said and said[slug] >= thresholds.high for slug in rule.when.high)
        and (under is None or unready)
    )


def _better_when(career: Career, title: str) -> str:
    related = next(each for each in career.related if each.title == title)
    return f"It is the better choice if this is true: {related.better_when}"
