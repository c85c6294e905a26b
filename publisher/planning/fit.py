"""How well a track fits somebody's answers: a score by dimension, each with its reasons.

The rule is that of the fact sheet (8.3), an editorial estimate that nobody has validated: interest
and style are the weighted means of their answers, aptitude that of the tasks, skills the readiness
for the track; the score is their mean by the shares of the track. What is left open is left out of
the mean, and widens the range in which the score may lie.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from publisher.planning.answers import Answers, assessment_of
from publisher.planning.fit_parts import Part, scales_part, skills_part, tasks_part
from publisher.planning.prospect import prospect
from publisher.planning.self_rating import Standing
from publisher.planning.situation import Situation
from publisher.records.catalogue import Catalogue
from publisher.records.models.assessment import Assessment, Band, Target

WHOLE = 100

LOWEST = 2
"""So many answers are named as those that count most against a track."""


@dataclass(frozen=True, slots=True)
class DimensionScore:
    """One part of a score. Scores are 0 to 100, `share` is its weight in per cent.

    `score` is None if nothing was answered; `low` and `high` are the bounds of what it could be
    with every answer given. There is always a reason.
    """

    dimension: str
    name: str
    summary: str
    share: int
    score: int | None
    low: int
    high: int
    answered: int
    asked: int
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Fit:
    """How well one track of a career fits, 0 to 100; the score is None if too little is known.

    `lowest` are the topics, with the level chosen, of the answers that count most against it.
    """

    career: str
    track: str
    score: int | None
    low: int
    high: int
    band: Band | None
    dimensions: tuple[DimensionScore, ...]
    lowest: tuple[tuple[str, int], ...]
    here: Situation


def fit_of(
    answers: Answers, standing: Standing, catalogue: Catalogue, career: str, track: str
) -> Fit:
    """The fit of one track."""
    assessment = assessment_of(catalogue)
    target = assessment.targets[career][track]
    here = prospect(answers, standing, catalogue, career, track)
    parts = {
        "interest": scales_part("interest", answers, assessment, target),
        "style": scales_part("style", answers, assessment, target),
        "aptitude": tasks_part(answers, assessment, target),
        "skills": skills_part(answers, standing, here),
    }
    shares: dict[str, int] = target.dimensions.model_dump()
    score = _score(parts, shares, assessment.thresholds.least_share)
    return Fit(
        career=career,
        track=track,
        score=score,
        low=_points(sum((shares[n] * p.low for n, p in parts.items()), Fraction(0)) / WHOLE),
        high=_points(sum((shares[n] * p.high for n, p in parts.items()), Fraction(0)) / WHOLE),
        band=None if score is None else _band(score, assessment),
        dimensions=tuple(_dimension(n, shares[n], p, assessment) for n, p in parts.items()),
        lowest=_lowest(answers, assessment, target),
        here=here,
    )


def _score(parts: Mapping[str, Part], shares: Mapping[str, int], least: int) -> int | None:
    """The mean of what is known; a dimension without any answer is left out.

    None if what is known weighs less than `least`: skills alone say nothing of what one likes.
    """
    known = {name: part.value for name, part in parts.items() if part.value is not None}
    share = sum(shares[name] for name in known)
    if not share or share < least:
        return None
    return _points(sum((shares[n] * value for n, value in known.items()), Fraction(0)) / share)


def _points(value: Fraction) -> int:
    """Of a hundred, rounded half up."""
    return int(value * WHOLE + Fraction(1, 2))


def _band(score: int, assessment: Assessment) -> Band:
    return next(band for band in assessment.thresholds.bands if score >= band.least)


def _dimension(name: str, share: int, part: Part, assessment: Assessment) -> DimensionScore:
    topic = getattr(assessment.dimensions, name)
    return DimensionScore(
        dimension=name,
        name=topic.name,
        summary=topic.summary,
        share=share,
        score=None if part.value is None else _points(part.value),
        low=_points(part.low),
        high=_points(part.high),
        answered=part.answered,
        asked=part.asked,
        reasons=part.reasons,
    )


def _lowest(
    answers: Answers, assessment: Assessment, target: Target
) -> tuple[tuple[str, int], ...]:
    """Of the scales that weigh, the lowest answers that do not speak for the work."""
    weights, high = target.questions, assessment.thresholds.high
    below = [
        (scale.topic, answers.scales[slug], weights[slug])
        for slug, scale in assessment.scales.items()
        if weights[slug] and answers.scales.get(slug, high) < high
    ]
    below.sort(key=lambda each: (each[1], -each[2]))
    return tuple((topic, level) for topic, level, _ in below[:LOWEST])
