"""From ratings of groups of skills to levels of skills, and to the background they look like."""

from collections.abc import Mapping
from dataclasses import dataclass

from publisher.planning.answers import Answers
from publisher.records.catalogue import CareerRecords, Catalogue

HIGHEST = 4

Levels = Mapping[str, int]
"""Skill to level, 0 to 4; a skill left out is 0."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What somebody can do: skill to level, and between which levels the truth may lie.

    `rated` are the skills that they rated; the others have the typical level of their
    `background`, or 0 without one.
    """

    background: str | None
    rated: frozenset[str]
    levels: Levels
    lowest: Levels
    highest: Levels

    @property
    def known(self) -> bool:
        """False if nothing is known of the skills."""
        return self.background is not None or bool(self.rated)


def standing(answers: Answers, catalogue: Catalogue, spread: int) -> Standing:
    """Where the answers place somebody.

    A level that is only typical of the background may be wrong by `spread` levels either way; one
    of which nothing is known may be any.
    """
    background = answers.background
    typical = catalogue.backgrounds[background].levels if background else {}
    levels, rated = rated_levels(answers, typical, catalogue)
    down, up = (spread, spread) if background else (HIGHEST, HIGHEST)
    return Standing(
        background=background,
        rated=rated,
        levels=levels,
        lowest={s: have if s in rated else max(0, have - down) for s, have in levels.items()},
        highest={s: have if s in rated else min(HIGHEST, have + up) for s, have in levels.items()},
    )


def rated_levels(
    answers: Answers, typical: Levels, catalogue: Catalogue
) -> tuple[dict[str, int], frozenset[str]]:
    """The level of every skill, and the skills that the answers rate.

    A group's rating moves its skills from their typical levels by as much as it differs from what
    is usual for the group, so that the strong and the weak skills of a background keep their
    places; no skill moves past the rating. A higher rating never gives a lower level. Single
    skills win over their group.
    """
    levels = {skill: typical.get(skill, 0) for skill in catalogue.skills}
    rated = set(answers.skills)
    for group, rating in answers.groups.items():
        usual = usual_level(group, typical, catalogue)
        for skill in skills_of(group, catalogue):
            levels[skill] = _moved(levels[skill], rating, usual)
            rated.add(skill)
    return {**levels, **answers.skills}, frozenset(rated)


def usual_level(group: str, typical: Levels, catalogue: Catalogue) -> int:
    """The mean of the typical levels in a group, rounded half up; 0 for a group without skills."""
    skills = skills_of(group, catalogue)
    total = sum(typical.get(skill, 0) for skill in skills)
    return (2 * total + len(skills)) // (2 * len(skills)) if skills else 0


def skills_of(group: str, catalogue: Catalogue) -> list[str]:
    """The skills of a group, by name."""
    return [slug for slug, skill in catalogue.skills.items() if skill.group == group]


def _moved(typical: int, rating: int, usual: int) -> int:
    if rating == usual:
        return typical
    if rating in (0, HIGHEST):  # the ends of the scale are taken at their word
        return rating
    moved = typical + rating - usual
    if rating > usual:
        return max(typical, min(rating, moved))
    return min(typical, max(rating, moved))


def nearest_background(
    standing: Standing, catalogue: Catalogue, records: CareerRecords
) -> str | None:
    """The background with a path to the career whose typical levels are nearest to the ratings.

    Without ratings, the nearest to all levels; None if nothing is known. Of equally near ones the
    first by name is taken.
    """
    if not standing.known:
        return None
    backgrounds = sorted(records.paths)
    return min(backgrounds, key=lambda b: distance(b, standing, catalogue, records), default=None)


def distance(
    background: str, standing: Standing, catalogue: Catalogue, records: CareerRecords
) -> int:
    """Levels by which a background differs from the rated skills, weighted by importance."""
    typical = catalogue.backgrounds[background].levels
    return sum(
        need.importance * abs(standing.levels[skill] - typical.get(skill, 0))
        for skill, need in records.career.needs.items()
        if skill in standing.rated or not standing.rated
    )
