"""The four dimensions of a fit: where each value lies, and why."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from publisher.planning.answers import Answers
from publisher.planning.gap import Gap, GapRow, gap
from publisher.planning.self_rating import HIGHEST, Levels, Standing
from publisher.planning.situation import Situation
from publisher.records.models.assessment import UNSURE, Assessment, Target

SHOWN = 3
"""So many skills are named."""


@dataclass(frozen=True, slots=True)
class Part:
    """A dimension: its value from 0 to 1 (None if nothing is known) and the bounds of it.

    The bounds are what the value could become by answering what was left open. `reasons` are
    sentences, at least one.
    """

    value: Fraction | None
    low: Fraction
    high: Fraction
    answered: int
    asked: int
    reasons: tuple[str, ...]


def scales_part(dimension: str, answers: Answers, assessment: Assessment, target: Target) -> Part:
    """Interest or style."""
    scales = {s: q for s, q in assessment.scales.items() if q.dimension == dimension}
    weights = {slug: target.questions[slug] for slug in scales}
    thresholds = assessment.thresholds
    said: dict[str, list[str]] = {"Speaks for it": [], "Speaks against it": [], "In between": []}
    for slug in _answered(weights, answers.scales):
        level = answers.scales[slug]
        side = "Speaks for it" if level >= thresholds.high else "In between"
        side = "Speaks against it" if level <= thresholds.low else side
        said[side].append(f"{scales[slug].topic} ({level} of {HIGHEST})")
    reasons = [f"{side}: {', '.join(topics)}." for side, topics in said.items() if topics]
    topics = {slug: scale.topic for slug, scale in scales.items()}
    return _mean(answers.scales, weights, reasons, topics)


def tasks_part(answers: Answers, assessment: Assessment, target: Target) -> Part:
    """Aptitude."""
    tasks = assessment.tasks
    weights = {slug: target.questions[slug] for slug in tasks}
    points = points_of_tasks(answers, assessment)
    reasons = []
    right = [tasks[s].topic for s in _answered(weights, points) if points[s] == HIGHEST]
    if right:
        reasons.append(f"Right: {', '.join(right)}.")
    for slug in _answered(weights, points):
        if points[slug] < HIGHEST:
            word = "Not sure yet" if answers.tasks[slug] == UNSURE else "Not yet"
            reasons.append(f"{word}: {tasks[slug].topic}. {tasks[slug].explanation}")
    return _mean(points, weights, reasons, {slug: task.topic for slug, task in tasks.items()})


def points_of_tasks(answers: Answers, assessment: Assessment) -> dict[str, int]:
    """Each answered task to its points: 4 if right, those of `unsure`, or 0."""
    unsure, tasks = assessment.thresholds.unsure, assessment.tasks
    return {
        slug: HIGHEST if option == tasks[slug].right else unsure * (option == UNSURE)
        for slug, option in answers.tasks.items()
    }


def skills_part(answers: Answers, standing: Standing, here: Situation) -> Part:
    """Readiness for the track of `here`."""
    groups = {row.group for row in gap(here).rows if row.need}
    return Part(
        value=_readiness(here, standing.levels) if standing.known else None,
        low=_readiness(here, standing.lowest),
        high=_readiness(here, standing.highest),
        answered=len(groups & answers.groups.keys()),
        asked=len(groups),
        reasons=tuple(_skill_reasons(answers, standing, here, groups)),
    )


def _answered(weights: Mapping[str, int], points: Mapping[str, int]) -> list[str]:
    return [slug for slug, weight in weights.items() if weight and slug in points]


def _mean(
    points: Mapping[str, int],
    weights: Mapping[str, int],
    reasons: Sequence[str],
    topics: Mapping[str, str],
) -> Part:
    """The weighted mean of what was answered, with its reasons and what was left open."""
    answered = _answered(weights, points)
    asked = [slug for slug, weight in weights.items() if weight]
    left = [topics[slug] for slug in asked if slug not in answered]
    got = sum(weights[slug] * points[slug] for slug in answered)
    known, most = sum(weights[slug] for slug in answered), sum(weights.values())
    nothing = [] if answered else ["Nothing is answered yet, so it counts for nothing."]
    open_ = [*nothing, f"Left open: {', '.join(left)}."] if left else []
    return Part(
        value=Fraction(got, known * HIGHEST) if known else None,
        low=Fraction(got, most * HIGHEST) if most else Fraction(0),
        high=Fraction(got + (most - known) * HIGHEST, most * HIGHEST) if most else Fraction(1),
        answered=len(answered),
        asked=len(asked),
        reasons=(*reasons, *open_) or ("Nothing is asked for it on this track.",),
    )


def _readiness(here: Situation, levels: Levels) -> Fraction:
    """As `Gap.readiness`, exact and for other levels."""
    needs, targets = here.records.career.needs, here.targets
    need = sum(needs[skill].importance * level for skill, level in targets.items())
    met = sum(
        needs[skill].importance * min(level, levels.get(skill, 0))
        for skill, level in targets.items()
    )
    return Fraction(met, need) if need else Fraction(1)


def _skill_reasons(
    answers: Answers, standing: Standing, here: Situation, groups: set[str]
) -> Iterator[str]:
    if not standing.known:
        yield "You named no background and rated no group, so nothing is known of your skills."
        return
    found = gap(here)
    yield f"You meet {_per_cent(found)} per cent of the target, weighted by importance."
    name = here.catalogue.skills
    met = sorted(found.met, key=lambda row: -row.importance * row.need)[:SHOWN]
    if met:
        yield f"Enough already: {', '.join(name[row.skill].name for row in met)}."
    if found.open:
        shown = ", ".join(_shown(row, name[row.skill].name) for row in found.open[:SHOWN])
        yield f"Widest gaps: {shown}."
    rated = len(groups & answers.groups.keys())
    if rated < len(groups):
        counted = f"You rated {rated} of the {len(groups)} groups of skills that count here"
        yield f"{counted}; {_rest(standing, here)}."


def _per_cent(found: Gap) -> int:
    return int(100 * found.readiness + 0.5)


def _shown(row: GapRow, name: str) -> str:
    return f"{name} ({row.have} of {row.need})"


def _rest(standing: Standing, here: Situation) -> str:
    if standing.background is None:
        return "of the others nothing is known, and they count as 0"
    plural = here.catalogue.backgrounds[standing.background].plural
    return f"the others have the levels that are typical of {plural}"
