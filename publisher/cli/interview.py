"""Asks the questions of the assessment in a terminal, on standard error."""

import textwrap
from dataclasses import dataclass, field

import click

from publisher.planning.answers import Answers
from publisher.planning.questions import AnswerError, Item, answers_from, questions
from publisher.records.catalogue import Catalogue

WIDTH = 78

LONGEST = 40
"""So many characters of what was typed are repeated."""

BACK, SKIP, DONE = "b", "s", "d"

SECTIONS = {
    "plan": "Your plan", "interest": "Interest", "style": "Way of working",
    "aptitude": "First tasks", "skills": "Skills",
}  # fmt: skip


def ask_all(catalogue: Catalogue) -> Answers:
    """The answers of whoever sits at the terminal. Raises `click.Abort` for Ctrl-C and Ctrl-D."""
    return Interview(catalogue, questions(catalogue)).answers()


@dataclass
class Interview:
    """A walk through the questions, back and forth."""

    catalogue: Catalogue
    items: tuple[Item, ...]
    given: dict[str, str] = field(default_factory=dict)

    def answers(self) -> Answers:
        """Ask until the last question, or until enough is said."""
        self._greet()
        at = 0
        while at < len(self.items):
            item = self.items[at]
            self._show(item)
            entered = self._entered(item)
            if entered == DONE:
                break
            at = max(0, at - 1) if entered == BACK else at + 1
        return answers_from(self.given, self.catalogue)

    def _greet(self) -> None:
        assessment = self.catalogue.assessment
        if assessment:
            _say(assessment.introduction)
        _say(
            "Enter or s leaves a question open, b goes back, d ends with the result so far, "
            "Ctrl-C without one. Nothing is kept unless you ask for it."
        )

    def _show(self, item: Item) -> None:
        last = self.items[-1].number
        click.echo(err=True)
        heading = f"{item.number} of {last} · {item.part or SECTIONS[item.section]}"
        click.secho(heading, bold=True, err=True)
        _say(item.text)
        for key, text in zip(_keys(item), (o.text for o in item.options), strict=True):
            if item.kind == "choice":
                _say(text, f"{key:>4}  ")
        if item.why and self._first_of(item):
            _say(item.why)

    def _first_of(self, item: Item) -> bool:
        """True for the first part of a question: what it is for is said once."""
        return next(each for each in self.items if each.number == item.number) is item

    def _entered(self, item: Item) -> str:
        """What was typed, once it is an answer or a wish; asked again until it is."""
        while True:
            entered = self._prompt(item)
            if entered in (BACK, DONE) or self._take(item, entered):
                return entered

    def _prompt(self, item: Item) -> str:
        earlier = self.given.get(item.field, "")
        words = _wanted(item) + (f"; Enter keeps {_shown(item, earlier)}" if earlier else "")
        answer = click.prompt(words, default="", show_default=False, err=True)
        entered = str(answer).strip().lower()
        return entered or (earlier and _shown(item, earlier)) or SKIP

    def _take(self, item: Item, entered: str) -> bool:
        """Note an answer; False, with a word, if it is none."""
        if entered == SKIP:
            self.given.pop(item.field, None)
            return True
        tried = {**self.given, item.field: _value(item, entered)}
        try:
            answers_from(tried, self.catalogue)
        except AnswerError as error:
            words = "; ".join(error.errors.values())
            words = f"type {_wanted(item)}" if item.kind == "choice" else words
            click.secho(f"{entered[:LONGEST]!r} is no answer here: {words}.", fg="red", err=True)
            return False
        self.given = tried
        return True


def _keys(item: Item) -> list[str]:
    """What to type for each option: its own value if that is a digit, else its number."""
    values = [option.value for option in item.options]
    if all(value.isdigit() for value in values):
        return values
    return [str(number) for number in range(1, len(values) + 1)]


def _value(item: Item, entered: str) -> str:
    if item.kind != "choice":
        return entered
    by_key = dict(zip(_keys(item), (option.value for option in item.options), strict=True))
    return by_key.get(entered, entered)


def _shown(item: Item, value: str) -> str:
    if item.kind != "choice":
        return value
    keys = dict(zip((option.value for option in item.options), _keys(item), strict=True))
    return keys[value]


def _wanted(item: Item) -> str:
    match item.kind:
        case "choice":
            keys = _keys(item)
            return f"{keys[0]} to {keys[-1]}"
        case "hours":
            return f"Hours a week, such as {', '.join(option.value for option in item.options)}"
        case _:
            return f"{item.part}, such as 2027-01-04"


def _say(text: str, lead: str = "") -> None:
    """Text in lines that a terminal shows whole, under what leads it."""
    rest = " " * len(lead)
    click.echo(textwrap.fill(text, WIDTH, initial_indent=lead, subsequent_indent=rest), err=True)
