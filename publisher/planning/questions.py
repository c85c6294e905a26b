"""The questions of the assessment in the order in which they are asked, for any kind of form."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import count
from typing import Any, Literal, TypeVar

from pydantic import ValidationError

from publisher.planning.answers import Answers, answer_problems, assessment_of
from publisher.records.catalogue import Catalogue
from publisher.records.models.assessment import UNSURE
from publisher.records.shape import fault_of

T = TypeVar("T")

ItemKind = Literal["choice", "hours", "day"]

UNSURE_TEXT = "Not sure"


@dataclass(frozen=True, slots=True)
class Option:
    """A value to choose, and what it stands for."""

    value: str
    text: str


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to ask. Nothing has to be answered.

    `field` names it in a form and is the way to its value in `Answers`; `number` counts the
    questions from 1, and the parts of one question share it. `section` is the dimension that it
    counts in, or `plan` if it only sets up the plan. A choice has options; hours have proposals.
    """

    field: str
    number: int
    section: str
    text: str
    kind: ItemKind
    options: tuple[Option, ...] = ()
    part: str = ""
    why: str = ""


class AnswerError(ValueError):
    """What is wrong with a form: `Item.field` to a text, at least one."""

    def __init__(self, errors: Mapping[str, str]) -> None:
        super().__init__("; ".join(f"{field}: {text}" for field, text in errors.items()))
        self.errors = errors


def questions(catalogue: Catalogue) -> tuple[Item, ...]:
    """Everything that is asked. Raises `LookupError` if the records hold no assessment."""
    numbers = count(1)
    return tuple(
        item
        for make in (_background, _scales, _tasks, _skills, _hours, _dates, _goal)
        for item in make(catalogue, numbers)
    )


def answers_from(fields: Mapping[str, str], catalogue: Catalogue) -> Answers:
    """The answers of a form: `Item.field` to what was entered; blank is left open.

    Other fields are passed over. Raises `AnswerError` that names every field that is wrong.
    """
    data: dict[str, Any] = {}
    errors: dict[str, str] = {}
    for item in questions(catalogue):
        text = fields.get(item.field, "").strip()
        if not text:
            continue
        first, _, rest = item.field.partition(".")
        try:
            value = _value(item, text)
        except ValueError as error:
            errors[item.field] = str(error)
        else:
            (data.setdefault(first, {}) if rest else data)[rest or first] = value
    try:
        answers = Answers.model_validate(data)
    except ValidationError as error:
        errors |= _refused(error)
    else:
        for key, _, problem, hint in answer_problems(answers, catalogue):
            errors[".".join(map(str, key))] = f"{problem}; {hint}" if hint else problem
    if errors:
        raise AnswerError(errors)
    return answers


def _refused(error: ValidationError) -> Iterator[tuple[str, str]]:
    for detail in error.errors(include_url=False):
        way = detail["loc"]
        _, text, _ = fault_of(Answers, detail["type"], way, dict(detail), of_key=False)
        yield ".".join(map(str, way)), text


def _value(item: Item, text: str) -> str | int | float | date:
    """What a text stands for. Raises `ValueError` with what to write instead."""
    if item.kind == "hours":
        return _parsed(float, text, "give a number, such as 8")
    if item.kind == "day":
        return _parsed(date.fromisoformat, text, "give a day, such as 2027-01-04")
    if text not in {option.value for option in item.options}:
        raise ValueError("choose one of the options")
    return int(text) if item.field.startswith(("scales.", "groups.")) else text


def _parsed(parse: Callable[[str], T], text: str, wanted: str) -> T:
    try:
        return parse(text)
    except ValueError:
        raise ValueError(wanted) from None


def _background(catalogue: Catalogue, numbers: Iterator[int]) -> Iterator[Item]:
    asked = assessment_of(catalogue).background
    options = tuple(Option(slug, each.name) for slug, each in catalogue.backgrounds.items())
    yield Item(
        "background", next(numbers), "plan", asked.question, "choice", options, why=asked.why
    )


def _scales(catalogue: Catalogue, numbers: Iterator[int]) -> Iterator[Item]:
    for slug, scale in assessment_of(catalogue).scales.items():
        options = _levels(scale.levels)
        yield Item(
            f"scales.{slug}", next(numbers), scale.dimension, scale.question, "choice", options
        )


def _tasks(catalogue: Catalogue, numbers: Iterator[int]) -> Iterator[Item]:
    for slug, task in assessment_of(catalogue).tasks.items():
        texts = {**task.options, UNSURE: UNSURE_TEXT}
        options = tuple(Option(value, text) for value, text in texts.items())
        yield Item(f"tasks.{slug}", next(numbers), "aptitude", task.question, "choice", options)


def _skills(catalogue: Catalogue, numbers: Iterator[int]) -> Iterator[Item]:
    asked, number = assessment_of(catalogue).skills, next(numbers)
    for group, record in catalogue.groups.items():
        if group in asked.groups:
            options = _levels(asked.groups[group])
            yield Item(
                f"groups.{group}", number, "skills", asked.question, "choice", options,
                part=record.name, why=asked.why,
            )  # fmt: skip


def _hours(catalogue: Catalogue, numbers: Iterator[int]) -> Iterator[Item]:
    asked = assessment_of(catalogue).hours
    options = tuple(Option(str(hours), f"{hours} hours") for hours in asked.choices)
    yield Item(
        "hours_per_week", next(numbers), "plan", asked.question, "hours", options, why=asked.why
    )


def _dates(catalogue: Catalogue, numbers: Iterator[int]) -> Iterator[Item]:
    asked, number = assessment_of(catalogue).dates, next(numbers)
    for field, part in (("start", "First day"), ("deadline", "Deadline")):
        yield Item(field, number, "plan", asked.question, "day", part=part, why=asked.why)


def _goal(catalogue: Catalogue, numbers: Iterator[int]) -> Iterator[Item]:
    asked = assessment_of(catalogue).goal
    options = tuple(Option(slug, goal.text) for slug, goal in asked.options.items())
    yield Item("goal", next(numbers), "plan", asked.question, "choice", options, why=asked.why)


def _levels(examples: tuple[str, ...]) -> tuple[Option, ...]:
    return tuple(Option(str(level), text) for level, text in enumerate(examples))
