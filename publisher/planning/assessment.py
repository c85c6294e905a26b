"""The career assessment: from answers to a fit with its reasons and to what to do next.

It says what fits and why, never that somebody cannot; weights and thresholds stand in the records
and are editorial (fact sheet 8.3).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from publisher.planning.answers import Answers, assessment_of
from publisher.planning.fit import Fit, fit_of
from publisher.planning.fit_parts import points_of_tasks
from publisher.planning.neighbours import Neighbour, neighbours_of
from publisher.planning.recommendation import Recommendation, recommend
from publisher.planning.self_rating import Standing, distance, nearest_background, standing
from publisher.records.catalogue import Catalogue
from publisher.records.models.assessment import Assessment

Certainty = Literal["firm", "fair", "open"]

CLEARLY = 2
"""Another background is named only if the own one is so many times as far from the ratings."""

FEW = 3
"""Of so many equal answers or fewer nothing is concluded."""


@dataclass(frozen=True, slots=True)
class Result:
    """What the assessment says to somebody.

    `fit` is that of the goal, or the best one if no goal was named (`goal_named`); `others` are
    those of all other tracks, the best first. `remarks` are doubts about single answers.
    `recommendation` is None if neither a background nor any skill is known.
    """

    answers: Answers
    assessment: Assessment
    fit: Fit
    others: tuple[Fit, ...]
    goal_named: bool
    certainty: Certainty
    answered: int
    recommendation: Recommendation | None
    neighbours: tuple[Neighbour, ...]
    remarks: tuple[str, ...]

    @property
    def asked(self) -> int:
        """How many questions there are."""
        return self.assessment.count


def assess(answers: Answers, catalogue: Catalogue) -> Result:
    """The result of answers that have no `answer_problems`. The same answers give the same result.

    Raises `LookupError` if the records hold no assessment.
    """
    assessment = assessment_of(catalogue)
    stand = standing(answers, catalogue, assessment.thresholds.typical_spread)
    fits = [
        fit_of(answers, stand, catalogue, career, track)
        for career, tracks in assessment.targets.items()
        for track in tracks
    ]
    best_first = sorted(fits, key=lambda fit: -1 if fit.score is None else fit.score, reverse=True)
    fit = _chosen(answers, assessment, best_first)
    others = tuple(each for each in best_first if each is not fit)
    return Result(
        answers=answers,
        assessment=assessment,
        fit=fit,
        others=others,
        goal_named=answers.goal is not None,
        certainty=_certainty(fit, assessment),
        answered=answers.given(assessment),
        recommendation=recommend(answers, stand, catalogue, fit.career, fit.track),
        neighbours=tuple(neighbours_of(answers, stand, catalogue, fit, others)),
        remarks=tuple(_remarks(answers, stand, catalogue, fit)),
    )


def _chosen(answers: Answers, assessment: Assessment, best_first: Sequence[Fit]) -> Fit:
    if answers.goal is None:
        return best_first[0]
    goal = assessment.goal.options[answers.goal]
    wanted = (goal.career, goal.track)
    return next(fit for fit in best_first if (fit.career, fit.track) == wanted)


def _certainty(fit: Fit, assessment: Assessment) -> Certainty:
    width = fit.high - fit.low
    if width <= assessment.thresholds.firm_within:
        return "firm"
    return "fair" if width <= assessment.thresholds.fair_within else "open"


def _remarks(answers: Answers, stand: Standing, catalogue: Catalogue, fit: Fit) -> Iterator[str]:
    yield from _all_alike(answers)
    yield from _doubted_claims(answers, stand, catalogue)
    yield from _other_background(stand, catalogue, fit)


def _all_alike(answers: Answers) -> Iterator[str]:
    """Answers that are all the same tell little apart (fact sheet 8.3)."""
    for ratings, what in ((answers.scales, "examples"), (answers.groups, "groups of skills")):
        if len(ratings) > FEW and len(set(ratings.values())) == 1:
            level = next(iter(ratings.values()))
            yield (
                f"You chose {level} for all {len(ratings)} {what}. Equal answers tell little "
                "apart; look once more at those that you were least sure of."
            )


def _doubted_claims(answers: Answers, stand: Standing, catalogue: Catalogue) -> Iterator[str]:
    """A high level beside a wrong task: one level lower may be nearer (fact sheet 8.3)."""
    assessment = assessment_of(catalogue)
    points = points_of_tasks(answers, assessment)
    for slug, task in assessment.tasks.items():
        level = stand.levels.get(task.skill, 0)
        claimed = task.skill in stand.rated and level >= assessment.thresholds.claim
        if claimed and points.get(slug) == 0:
            name = catalogue.skills[task.skill].name
            yield (
                f"By your rating you have level {level} in {name}, and the task on {task.topic} "
                f"went wrong. If that was no slip, {level - 1} may be nearer."
            )


def _other_background(stand: Standing, catalogue: Catalogue, fit: Fit) -> Iterator[str]:
    """Ratings that look more like another background (fact sheet 8.3)."""
    records = catalogue.careers[fit.career]
    own = stand.background
    needs = records.career.needs
    if own is None or 2 * len(stand.rated & needs.keys()) < len(needs):
        return  # a few ratings look like anybody's
    near = nearest_background(stand, catalogue, records)
    if near is None:
        return
    nearer, off = (distance(each, stand, catalogue, records) for each in (near, own))
    if CLEARLY * nearer < off:
        names = catalogue.backgrounds
        yield (
            f"Your ratings look more like those of {names[near].plural} than of "
            f"{names[own].plural}. The plan counts with your ratings; if the other name suits you "
            "better, its path will speak more to you."
        )
