"""A plan as JSON: for other programs, and for planning again from a guide made earlier."""

import json
from typing import Any

from publisher.planning.plan import RULE, Plan
from publisher.planning.reader import Reader

FORMAT = "career-guides plan 1"


def plan_json(plan: Plan) -> str:
    """The plan and the reader that it was made for. Hours are hours of study."""
    return json.dumps(plan_data(plan), indent=1, ensure_ascii=False) + "\n"


def plan_data(plan: Plan) -> dict[str, Any]:
    """The content of `plan_json`."""
    here = plan.here
    modules = here.catalogue.modules
    return {
        "format": FORMAT,
        "rule": RULE,
        "edition": here.catalogue.publication.edition,
        "edition_date": here.catalogue.publication.date.isoformat(),
        "reader": json.loads(here.reader.model_dump_json(exclude_defaults=True)),
        "career": here.records.slug,
        "background": here.reader.background,
        "track": here.track,
        "hours_per_week": here.hours_per_week,
        "start": here.start.isoformat(),
        "finish": plan.finish.isoformat(),
        "hours": plan.hours,
        "months": {
            "low": plan.months.low, "likely": plan.months.likely, "high": plan.months.high,
        },
        "readiness": round(plan.gap.readiness, 4),
        "unreachable": list(plan.unreachable),
        "deadline": _deadline(plan),
        "gap": [
            {"skill": r.skill, "have": r.have, "need": r.need, "importance": r.importance,
             "known": r.known}
            for r in plan.gap.rows
        ],
        "modules": [
            {"module": m.slug, "number": m.number, "title": modules[m.slug].title,
             "phase": phase.phase.name, "hours": m.hours, "first_week": m.first_week,
             "last_week": m.last_week}
            for phase in plan.phases
            for m in phase.modules
        ],
        "weeks": [
            {"week": w.number, "starts": w.starts.isoformat(), "kind": w.kind, "note": w.note,
             "modules": [{"module": s.module, "hours": s.hours} for s in w.shares]}
            for w in plan.weeks
        ],
    }  # fmt: skip


def _deadline(plan: Plan) -> dict[str, Any] | None:
    answer = plan.deadline
    if answer is None:
        return None
    return {
        "day": answer.day.isoformat(),
        "fits": answer.fits,
        "finish": answer.finish.isoformat(),
        "hours_per_week_that_fit": answer.hours_per_week,
        "track_that_fits": answer.track,
        "skills_to_leave_out": list(answer.leave_out),
    }


def reader_from_json(text: str) -> Reader:
    """The reader that a `plan_json` was made for. Raises `ValueError` for other JSON."""
    data = json.loads(text)
    if not isinstance(data, dict) or data.get("format") != FORMAT:
        raise ValueError("this is no plan of this program")
    return Reader.model_validate_json(json.dumps(data["reader"]))
