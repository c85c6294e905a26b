"""The result of an assessment as lines for a terminal."""

import textwrap
from collections.abc import Iterator

from publisher.planning import assessment_words as words
from publisher.planning.assessment import Result
from publisher.planning.fit import Fit
from publisher.planning.plan import Plan
from publisher.planning.recommendation import Recommendation

WIDTH = 78


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
    yield words.verdict(result)
    for text in words.verdict_texts(result):
        yield from _wrapped(text)


def _reasons(fit: Fit) -> Iterator[str]:
    yield "WHY"
    for dimension in fit.dimensions:
        yield f"  {dimension.name}: {words.points(dimension)}"
        for reason in dimension.reasons:
            yield from _wrapped(reason, "    ")


def _next(result: Result) -> Iterator[str]:
    made = result.recommendation
    yield "WHAT YOU COULD DO NEXT"
    if made is None:
        yield from _wrapped(words.NO_PATH_YET, "  ")
        return
    yield from _wrapped(words.path(made, result.fit), "  ")
    yield from _wrapped(words.effort(made.plan), "  ")
    for note in made.notes:
        yield from _wrapped(note, "  ")
    yield from _deadline(made.plan)
    yield from _first(made)
    yield from _shorter(made)


def _deadline(plan: Plan) -> Iterator[str]:
    if plan.deadline is None:
        return
    yield from _wrapped(words.deadline(plan.deadline), "  ")
    for way in words.ways_out(plan):
        yield from _wrapped(way, "    - ", "      ")


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
        yield from _wrapped(words.shortcut(shortcut, made), "    - ", "      ")


def _neighbours(result: Result) -> Iterator[str]:
    yield "NEXT DOOR"
    if not result.neighbours:
        yield from _wrapped(words.NOTHING_FITS_BETTER, "  ")
        yield from _wrapped(words.related(result.fit), "  ")
    for each in result.neighbours:
        yield from _wrapped(words.neighbour(each), "  ")
        yield from _wrapped(each.why, "    ")
    yield from _wrapped(words.other_tracks(result), "  ")


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
