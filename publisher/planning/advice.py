"""Which rules of a career's advice speak to a plan."""

from publisher.planning.plan import Plan
from publisher.records.models.advice import Condition, Rule


def advice_for(plan: Plan) -> tuple[Rule, ...]:
    """The rules whose every bound holds, in the order of the file."""
    return tuple(rule for rule in plan.here.records.advice if _holds(rule.when, plan))


def _holds(when: Condition, plan: Plan) -> bool:
    missing = {row.skill: row.missing for row in plan.gap.rows}
    return (
        _between(plan.months.likely, when.months_over, when.months_under)
        and _between(plan.here.hours_per_week, when.hours_per_week_over, when.hours_per_week_under)
        and _between(100 * plan.gap.readiness, when.readiness_over, when.readiness_under)
        and when.track in (None, plan.here.track)
        and all(missing.get(skill, 0) >= levels for skill, levels in when.gap.items())
    )


def _between(value: float, over: float | None, under: float | None) -> bool:
    return (over is None or value > over) and (under is None or value < under)
