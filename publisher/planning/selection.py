"""Which modules a reader needs, and how much of each.

Every step of a skill is taught by exactly one module (check R303), so the set of modules that
closes a gap is the only one, and therefore the cheapest.
"""

from dataclasses import dataclass
from fractions import Fraction

from publisher.planning.situation import Situation
from publisher.records.models.module import Module

LEAST_SHARE = Fraction(1, 4)
"""Nobody takes less than a quarter of a module: finding one's place in it costs time, too."""


@dataclass(frozen=True, slots=True)
class Gain:
    """The part of a skill's climb that a module gives this reader."""

    skill: str
    start: int
    to: int


@dataclass(frozen=True, slots=True)
class Need:
    """A module that the reader needs, with the hours of the part that they need."""

    module: str
    hours: float
    gains: tuple[Gain, ...]


def select(here: Situation) -> tuple[Need, ...]:
    """The modules of the plan in the order of study, the track's milestones included.

    The curriculum is an order of study in which every module follows what it requires (check
    R310), so a plan is the part of the curriculum that is not known yet.
    """
    modules, career = here.catalogue.modules, here.records.career
    targets = _targets_with_requirements(here)
    milestones = career.tracks[here.track].milestones
    chosen = []
    for slug in career.curriculum:
        module = modules[slug]
        if slug in here.reader.done:
            continue
        if module.is_milestone:
            if slug in milestones:
                chosen.append(Need(slug, module.hours, ()))
            continue
        gains = gains_of(module, here.levels, targets)
        if gains:
            chosen.append(Need(slug, charged_hours(module, gains), gains))
    return tuple(chosen)


def gains_of(module: Module, levels: dict[str, int], targets: dict[str, int]) -> tuple[Gain, ...]:
    """The parts of a module's steps that lie above the reader's level and within the target."""
    parts = [
        Gain(skill, max(step.start, levels.get(skill, 0)), min(step.to, targets.get(skill, 0)))
        for skill, step in module.teaches.items()
    ]
    return tuple(part for part in parts if part.to > part.start)


def charged_hours(module: Module, gains: tuple[Gain, ...]) -> float:
    """The module's hours times the needed share of its levels, in half hours.

    Rule of the fact sheet (2.3): at least a quarter of the hours if anything is needed.
    """
    needed = sum(gain.to - gain.start for gain in gains)
    full = sum(step.to - step.start for step in module.teaches.values())
    share = max(LEAST_SHARE, Fraction(needed, full))
    return max(0.5, float(Fraction(round(2 * Fraction(module.hours) * share), 2)))


def _targets_with_requirements(here: Situation) -> dict[str, int]:
    """The track's targets, raised where a needed module requires a skill at a higher level."""
    modules = [here.catalogue.modules[slug] for slug in here.records.career.curriculum]
    targets = here.targets
    while True:
        raised = {
            skill: level
            for module in modules
            if gains_of(module, here.levels, targets)
            for skill, level in module.requires_skills.items()
            if level > targets.get(skill, 0)
        }
        if not raised:
            return targets
        for skill, level in raised.items():
            targets[skill] = max(level, targets.get(skill, 0))
