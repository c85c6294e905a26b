"""The result of an assessment as lines for a terminal."""

import textwrap
from collections.abc import Iterator

from publisher.planning.assessment import Result
from publisher.planning.fit import DimensionScore, Fit
from publisher.planning.neighbours import Neighbour
from publisher.planning.plan import Plan
from publisher.planning.recommendation import Recommendation, Shortcut

WIDTH = 78

CERTAINTY = {
    "firm": "The score is firm",
    "fair": "The score is fairly certain",
    "open": "The score is still open",
}


def result_text(result: Result) -> str:
    """What fits and why, what to do next, and what to make of it."""
    parts = [
        _verdict(result),
        _reasons(result.fit),
        _next(result),
        _neighbours(result),
        _remarks(result),
        _limits(result),
    ]
    return "\n\n".join("\n".join(lines) for lines in map(list, parts) if lines)


def _verdict(result: Result) -> Iterator[str]:
    fit = result.fit
    title = _title(fit)
    answered = f"You answered {result.answered} of {result.asked} questions."
    if fit.score is None or fit.band is None:
        yield f"{title}: no score yet"
        yield from _wrapped(
            f"{answered} That is too little for a score: answer some on what you like and how you "
            "work. What is said below holds nevertheless."
        )
        return
    yield f"{title}: {fit.score} of 100, {fit.band.name.lower()}"
    if not result.goal_named:
        yield from _wrapped("You named no goal, so this is the track that your answers fit best.")
    yield from _wrapped(f"{fit.band.text}{_conditions(fit)}{_to_try(fit)}")
    yield from _wrapped(f"{answered} {_certainty(result)}")


def _title(fit: Fit) -> str:
    career = fit.here.records.career
    return f"{career.title}, {career.tracks[fit.track].name}"


def _conditions(fit: Fit) -> str:
    if not fit.band or not fit.band.name_lowest or not fit.lowest:
        return ""
    topics = " and ".join(f"{topic} ({level} of 4)" for topic, level in fit.lowest)
    return f" Lowest among your answers: {topics}."


def _to_try(fit: Fit) -> str:
    if not fit.band or not fit.band.try_first:
        return ""
    assessment = fit.here.catalogue.assessment
    assert assessment is not None  # noqa: S101  # there is a fit, so there is one
    slug = assessment.targets[fit.career][fit.track].try_first
    project = fit.here.records.projects[slug]
    return f" A piece of work to try: {project.title} ({project.hours:g} hours)."


def _certainty(result: Result) -> str:
    fit = result.fit
    if fit.low == fit.high:
        return f"{CERTAINTY[result.certainty]}."
    return (
        f"{CERTAINTY[result.certainty]}: with every question answered and every skill rated, the "
        f"score would lie between {fit.low} and {fit.high}."
    )


def _reasons(fit: Fit) -> Iterator[str]:
    yield "WHY"
    for dimension in fit.dimensions:
        yield _dimension(dimension)
        for reason in dimension.reasons:
            yield from _wrapped(reason, "    ")


def _dimension(dimension: DimensionScore) -> str:
    score = "no answer" if dimension.score is None else f"{dimension.score} of 100"
    return f"  {dimension.name}: {score}, weighs {dimension.share} per cent"


def _next(result: Result) -> Iterator[str]:
    made = result.recommendation
    yield "WHAT YOU COULD DO NEXT"
    if made is None:
        yield from _wrapped(
            "Name a background or rate your skills, and a path with its months stands here.", "  "
        )
        return
    plan = made.plan
    background = plan.here.catalogue.backgrounds[made.reader.background].name
    yield from _wrapped(f"Path: from {background} to {_title(result.fit)}", "  ")
    months = plan.months
    yield from _wrapped(
        f"{plan.hours:g} hours of study at {plan.here.hours_per_week:g} a week: {months.likely} "
        f"months ({months.low} to {months.high}), from {plan.here.start} to {plan.finish}",
        "  ",
    )
    for note in made.notes:
        yield from _wrapped(note, "  ")
    yield from _deadline(plan)
    yield from _first(made)
    yield from _shorter(made)


def _deadline(plan: Plan) -> Iterator[str]:
    answer = plan.deadline
    if answer is None:
        return
    if answer.fits:
        yield from _wrapped(f"That is before your deadline, {answer.day}.", "  ")
        return
    yield from _wrapped(f"That is after your deadline, {answer.day}. It would fit", "  ")
    if answer.hours_per_week:
        yield f"    - at {answer.hours_per_week:g} hours a week"
    if answer.track:
        name = plan.here.records.career.tracks[answer.track].name
        yield f"    - on the {name}"
    if answer.leave_out:
        names = "; ".join(plan.here.catalogue.skills[skill].name for skill in answer.leave_out)
        yield from _wrapped(f"with these left for later: {names}", "    - ", "      ")
    if not (answer.hours_per_week or answer.track or answer.leave_out):
        yield "    - with a later day; no pace up to 40 hours a week meets this one"


def _first(made: Recommendation) -> Iterator[str]:
    yield "  Begin with"
    modules = made.plan.here.catalogue.modules
    for number, module in enumerate(made.first, start=1):
        record = modules[module.slug]
        yield from _wrapped(f"{number}. {record.title} ({module.hours:g} h)", "    ", "       ")


def _shorter(made: Recommendation) -> Iterator[str]:
    if not made.shortcuts:
        return
    yield "  What would shorten it"
    for shortcut in made.shortcuts:
        yield from _wrapped(_shortcut(shortcut, made), "    - ", "      ")


def _shortcut(shortcut: Shortcut, made: Recommendation) -> str:
    saved = made.plan.hours - shortcut.hours
    if shortcut.kind == "skill":
        return f"{saved:g} hours less, if this is true of you already. {shortcut.text}"
    return f"{shortcut.text}: {shortcut.months} months"


def _neighbours(result: Result) -> Iterator[str]:
    yield "NEXT DOOR"
    if not result.neighbours:
        yield from _wrapped("No track and no neighbouring career fits your answers better.", "  ")
        yield from _related(result.fit)
    for each in result.neighbours:
        yield from _wrapped(f"{each.title}{_figures(each)}", "  ")
        yield from _wrapped(each.why, "    ")
    scored = [
        f"{_title(other)} {other.score}" for other in result.others if other.score is not None
    ]
    if scored:
        yield from _wrapped(f"All other tracks by your answers: {'; '.join(scored)}.", "  ")


def _related(fit: Fit) -> Iterator[str]:
    """Where to look around when nothing is known to fit."""
    if fit.band and fit.band.try_first:
        related = "; ".join(each.title for each in fit.here.records.career.related)
        yield from _wrapped(f"Worth reading about: {related}.", "  ")


def _figures(each: Neighbour) -> str:
    if each.score is None or each.months is None:
        return ""
    path = "" if each.has_path else "; no path from your background is written yet"
    return f": {each.score} of 100, {each.months.likely} months{path}"


def _remarks(result: Result) -> Iterator[str]:
    if result.remarks:
        yield "LOOK ONCE MORE"
        for remark in result.remarks:
            yield from _wrapped(remark, "  - ", "    ")


def _limits(result: Result) -> Iterator[str]:
    yield "WHAT THIS MEASURES, AND WHAT NOT"
    for text in result.assessment.measures:
        yield from _wrapped(text, "  + ", "    ")
    for text in result.assessment.does_not_measure:
        yield from _wrapped(text, "  - ", "    ")
    yield from _wrapped(result.assessment.estimate, "  ")


def _wrapped(text: str, lead: str = "", rest: str | None = None) -> list[str]:
    indent = lead if rest is None else rest
    return textwrap.wrap(text, WIDTH, initial_indent=lead, subsequent_indent=indent)
