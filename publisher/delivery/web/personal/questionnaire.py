"""The assessment as a form: its questions in sections, and what was answered before."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby

from publisher.delivery.web.personal.entered import Entered
from publisher.planning.answers import assessment_of
from publisher.planning.questions import Item, questions
from publisher.records.catalogue import Catalogue

PLAN = "plan"
PLAN_TITLES = ("Where you come from", "Your time and your goal")
"""Of the questions that only set up the plan: those before the others, and those after."""

MANY = 8
"""More options than these are a list to choose from."""


@dataclass(frozen=True, slots=True)
class Part:
    """One thing to answer, with what was answered and what is wrong with it."""

    item: Item
    value: str
    error: str

    @property
    def id(self) -> str:
        """What the field is called in the page."""
        return f"q-{self.item.field.replace('.', '-')}"

    @property
    def is_list(self) -> bool:
        """Whether the options are shown as a list."""
        return len(self.item.options) > MANY


@dataclass(frozen=True, slots=True)
class Question:
    """A question with its parts, mostly one."""

    number: int
    text: str
    why: str
    parts: tuple[Part, ...]

    @property
    def id(self) -> str:
        """The anchor of the question."""
        return f"question-{self.number}"


@dataclass(frozen=True, slots=True)
class Chapter:
    """Questions on one subject."""

    id: str
    title: str
    summary: str
    questions: tuple[Question, ...]


def chapters(said: Entered, catalogue: Catalogue, errors: Mapping[str, str]) -> tuple[Chapter, ...]:
    """All questions in their order. Raises `LookupError` if the records hold no assessment."""
    found = groupby(questions(catalogue), key=lambda item: item.section)
    made: list[Chapter] = []
    for section, items in found:
        asked = tuple(
            _question(tuple(several), said, errors)
            for _, several in groupby(items, key=lambda item: item.number)
        )
        made.append(Chapter(f"part-{len(made)}", *_title(section, catalogue, len(made)), asked))
    return tuple(made)


def problems(found: tuple[Chapter, ...]) -> Iterator[Part]:
    """The parts that are wrong, in their order."""
    for chapter in found:
        for question in chapter.questions:
            yield from (part for part in question.parts if part.error)


def _title(section: str, catalogue: Catalogue, number: int) -> tuple[str, str]:
    """The title of a chapter, and what it is about."""
    if section == PLAN:
        return PLAN_TITLES[number > 0], ""
    topic = getattr(assessment_of(catalogue).dimensions, section)
    return topic.name, topic.summary


def _question(items: tuple[Item, ...], said: Entered, errors: Mapping[str, str]) -> Question:
    first = items[0]
    parts = tuple(
        # The page names the question beside it, in its own words.
        Part(
            item,
            said.text(item.field),
            errors.get(item.field, "").removeprefix(item.field).lstrip(": "),
        )
        for item in items
    )
    return Question(first.number, first.text, first.why, parts)
