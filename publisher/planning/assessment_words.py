"""The result of an assessment in sentences, for a terminal and for a page."""

from collections.abc import Iterator

from publisher.planning.assessment import Result
from publisher.planning.deadline import DeadlineAnswer
from publisher.planning.fit import DimensionScore, Fit
from publisher.planning.neighbours import Neighbour
from publisher.planning.plan import Plan
from publisher.planning.recommendation import Recommendation, Shortcut

CERTAINTY = {
    "firm": "The score is firm",
    "fair": "The score is fairly certain",
    "open": "The score is still open",
}

NO_PATH_YET = "Name a background or rate your skills, and a path with its months stands here."

NOTHING_FITS_BETTER = "No track and no neighbouring career fits your answers better."


def title(fit: Fit) -> str:
    """The career and the track that a fit is about."""
    career = fit.here.records.career
    return f"{career.title}, {career.tracks[fit.track].name}"


def verdict(result: Result) -> str:
    """The score in a line."""
    fit = result.fit
    if fit.score is None or fit.band is None:
        return f"{title(fit)}: no score yet"
    return f"{title(fit)}: {fit.score} of 100, {fit.band.name.lower()}"


def verdict_texts(result: Result) -> Iterator[str]:
    """What the score means, and how sure it is."""
    fit = result.fit
    answered = f"You answered {result.answered} of {result.asked} questions."
    if fit.score is None or fit.band is None:
        yield (
            f"{answered} That is too little for a score: answer some on what you like and how you "
            "work. What is said below holds nevertheless."
        )
        return
    if not result.goal_named:
        yield "You named no goal, so this is the track that your answers fit best."
    yield f"{fit.band.text}{_conditions(fit)}{_to_try(fit)}"
    yield f"{answered} {_certainty(result)}"


def points(dimension: DimensionScore) -> str:
    """The score of a dimension, and its weight."""
    score = "no answer" if dimension.score is None else f"{dimension.score} of 100"
    return f"{score}, weighs {dimension.share} per cent"


def path(made: Recommendation, fit: Fit) -> str:
    """From where to where."""
    background = made.plan.here.catalogue.backgrounds[made.reader.background].name
    return f"Path: from {background} to {title(fit)}"


def effort(plan: Plan) -> str:
    """Hours, months and days of a plan."""
    months = plan.months
    return (
        f"{plan.hours:g} hours of study at {plan.here.hours_per_week:g} a week: {months.likely} "
        f"months ({months.low} to {months.high}), from {plan.here.start} to {plan.finish}"
    )


def deadline(answer: DeadlineAnswer) -> str:
    """Whether a plan ends in time; if not, `ways_out` completes the sentence."""
    if answer.fits:
        return f"That is before your deadline, {answer.day}."
    return f"That is after your deadline, {answer.day}. It would fit"


def ways_out(plan: Plan) -> Iterator[str]:
    """What would make a plan fit that does not end in time."""
    answer, here = plan.deadline, plan.here
    if answer is None or answer.fits:
        return
    if answer.hours_per_week:
        yield f"at {answer.hours_per_week:g} hours a week"
    if answer.track:
        yield f"on the {here.records.career.tracks[answer.track].name}"
    if answer.leave_out:
        names = "; ".join(here.catalogue.skills[skill].name for skill in answer.leave_out)
        yield f"with these left for later: {names}"
    if not (answer.hours_per_week or answer.track or answer.leave_out):
        yield "with a later day; no pace up to 40 hours a week meets this one"


def shortcut(each: Shortcut, made: Recommendation) -> str:
    """What a change would save."""
    if each.kind == "skill":
        saved = made.plan.hours - each.hours
        return f"{saved:g} hours less, if this is true of you already. {each.text}"
    return f"{each.text}: {each.months} months"


def related(fit: Fit) -> str:
    """Where to look around when nothing is known to fit; empty if something is."""
    if fit.band and fit.band.try_first:
        titles = "; ".join(each.title for each in fit.here.records.career.related)
        return f"Worth reading about: {titles}."
    return ""


def neighbour(each: Neighbour) -> str:
    """A career next door, with its figures if there are any."""
    if each.score is None or each.months is None:
        return each.title
    path = "" if each.has_path else "; no path from your background is written yet"
    return f"{each.title}: {each.score} of 100, {each.months.likely} months{path}"


def other_tracks(result: Result) -> str:
    """The scores of all other tracks; empty if there are none."""
    scored = [f"{title(other)} {other.score}" for other in result.others if other.score is not None]
    return f"All other tracks by your answers: {'; '.join(scored)}." if scored else ""


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
