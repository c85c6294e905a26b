"""A track seen from where somebody stands, whether or not a path to it has been written."""

from publisher.planning.answers import Answers
from publisher.planning.reader import Reader
from publisher.planning.self_rating import Standing
from publisher.planning.situation import Situation, monday_after
from publisher.records.catalogue import Catalogue

USUAL_HOURS = 10.0
"""Hours a week of somebody who names none, as in the headlines of the paths."""

ANYWHERE = "anywhere"
"""Stands for the background of somebody who names none; levels need none."""


def prospect(
    answers: Answers, standing: Standing, catalogue: Catalogue, career: str, track: str
) -> Situation:
    """The situation in which somebody would begin with a track."""
    start = answers.start or monday_after(catalogue.publication.date)
    return Situation(
        reader=Reader(background=standing.background or ANYWHERE, career=career, track=track),
        catalogue=catalogue,
        records=catalogue.careers[career],
        track=track,
        hours_per_week=answers.hours_per_week or USUAL_HOURS,
        start=start,
        levels=dict(standing.levels),
        stated=standing.rated,
        proven=frozenset(),
    )
