"""A figure: a drawing that a text shows, with its words for those who do not see it."""

from pydantic import Field

from publisher.records.types import Record, Text


class Figure(Record):
    """The file guides/figures/<figure>.svg; it is drawn in the classes of a theme."""

    title: Text = Field(description="The <title>: what it is, in a few words")
    description: Text = Field(description="The <desc>: all that is to be seen")
    drawing: str = Field(description="The whole SVG")
