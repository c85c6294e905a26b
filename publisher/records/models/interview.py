"""Interview questions with the points that a good answer makes."""

from pydantic import Field

from publisher.records.types import Record, Slug, Text


class Question(Record):
    """A question and the points of a good answer, in the order in which to make them."""

    question: Text
    skills: tuple[Slug, ...] = ()
    points: tuple[Text, ...] = Field(min_length=2)


class Area(Record):
    """Questions of one kind."""

    name: Text
    summary: Text
    questions: tuple[Question, ...] = Field(min_length=1)


class Interview(Record):
    """The file interview.yaml of a career."""

    areas: dict[Slug, Area]
