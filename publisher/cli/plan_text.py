"""A plan as lines for a terminal."""

from collections.abc import Iterator

from publisher.planning.plan import Plan, PlannedPhase


def plan_text(plan: Plan) -> str:
    """What to learn and when, in as many lines as there are modules, and a few."""
    lines = [*_summary(plan), *_deadline(plan)]
    for phase in plan.phases:
        lines += ["", *_phase(plan, phase)]
    if not plan.weeks:
        lines += ["", "Nothing is left to plan: every module of this track is done."]
    return "\n".join(lines)


def _summary(plan: Plan) -> Iterator[str]:
    here, months = plan.here, plan.months
    background = here.catalogue.backgrounds[here.reader.background].name
    career = here.records.career
    yield f"From {background} to {career.title}, {career.tracks[here.track].name}"
    effort = f"{plan.hours:g} hours of study at {here.hours_per_week:g} a week"
    yield f"{effort}: {months.likely} months ({months.low} to {months.high})"
    yield f"{len(plan.weeks)} weeks, from {here.start} to {plan.finish}"
    yield f"Ready today: {plan.gap.readiness:.0%}; {len(plan.gap.open)} skills to raise"
    for skill in plan.unreachable:
        yield f"No module raises {here.catalogue.skills[skill].name} far enough"


def _phase(plan: Plan, phase: PlannedPhase) -> Iterator[str]:
    weeks = f"weeks {phase.first_week}-{phase.last_week}"
    yield f"{phase.phase.name} ({phase.hours:g} h, {weeks})"
    for module in phase.modules:
        title = plan.here.catalogue.modules[module.slug].title
        span = f"weeks {module.first_week}-{module.last_week}"
        yield f"  {module.number:>3} {title} ({module.hours:g} h, {span}) [{module.slug}]"


def _deadline(plan: Plan) -> Iterator[str]:
    answer = plan.deadline
    if answer is None:
        return
    verdict = "fits" if answer.fits else "does not fit"
    yield f"Deadline {answer.day}: {verdict}, the plan ends on {answer.finish}"
    if answer.fits:
        return
    if answer.hours_per_week:
        yield f"  it would fit at {answer.hours_per_week:g} hours a week"
    else:
        yield "  no pace up to 40 hours a week makes it fit"
    if answer.track:
        yield f"  the track {answer.track} would fit"
    if answer.leave_out:
        yield f"  it would fit without: {', '.join(answer.leave_out)}"
