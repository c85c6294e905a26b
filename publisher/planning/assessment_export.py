"""The result of an assessment as plain data, and its reader as a file."""

import json
from typing import Any

from publisher.planning.assessment import Result
from publisher.planning.fit import Fit
from publisher.planning.neighbours import Neighbour
from publisher.planning.reader import Reader
from publisher.planning.recommendation import Recommendation

FORMAT = "career-guides assessment 1"


def result_json(result: Result) -> str:
    """`result_data` as JSON."""
    return json.dumps(result_data(result), indent=1, ensure_ascii=False) + "\n"


def result_data(result: Result) -> dict[str, Any]:
    """Everything that a result says. Scores are 0 to 100, hours are hours of study."""
    made = result.recommendation
    return {
        "format": FORMAT,
        "answered": result.answered,
        "asked": result.asked,
        "certainty": result.certainty,
        "goal_named": result.goal_named,
        "fit": _fit(result.fit),
        "others": [
            {"career": f.career, "track": f.track, "score": f.score, "low": f.low, "high": f.high}
            for f in result.others
        ],
        "recommendation": _recommendation(made) if made else None,
        "neighbours": [_neighbour(each) for each in result.neighbours],
        "remarks": list(result.remarks),
        "measures": list(result.assessment.measures),
        "does_not_measure": list(result.assessment.does_not_measure),
        "estimate": result.assessment.estimate,
    }


def reader_yaml(reader: Reader) -> str:
    """The reader as the YAML file that `--reader` takes."""
    data = json.loads(reader.model_dump_json(exclude_defaults=True))
    lines = ["# Made by publisher assess. Change what you like: publisher guide --reader reads it."]
    for field, value in data.items():
        if isinstance(value, dict):
            lines += [f"{field}:", *(f"  {name}: {level}" for name, level in value.items())]
        else:
            shown = f"{value:g}" if isinstance(value, float) else value
            lines.append(f"{field}: {shown}")
    return "\n".join(lines) + "\n"


def _fit(fit: Fit) -> dict[str, Any]:
    return {
        "career": fit.career,
        "track": fit.track,
        "score": fit.score,
        "low": fit.low,
        "high": fit.high,
        "band": fit.band.name if fit.band else None,
        "text": fit.band.text if fit.band else None,
        "lowest": [{"topic": topic, "level": level} for topic, level in fit.lowest],
        "dimensions": [
            {"dimension": d.dimension, "name": d.name, "share": d.share, "score": d.score,
             "low": d.low, "high": d.high, "answered": d.answered, "asked": d.asked,
             "reasons": list(d.reasons)}
            for d in fit.dimensions
        ],
    }  # fmt: skip


def _recommendation(made: Recommendation) -> dict[str, Any]:
    plan = made.plan
    modules = plan.here.catalogue.modules
    return {
        "reader": json.loads(made.reader.model_dump_json(exclude_defaults=True)),
        "career": plan.here.records.slug,
        "background": made.reader.background,
        "track": plan.here.track,
        "hours_per_week": plan.here.hours_per_week,
        "hours": plan.hours,
        "months": {
            "low": plan.months.low, "likely": plan.months.likely, "high": plan.months.high,
        },
        "finish": plan.finish.isoformat(),
        "first_modules": [
            {"module": m.slug, "title": modules[m.slug].title, "hours": m.hours}
            for m in made.first
        ],
        "shortcuts": [
            {"kind": s.kind, "text": s.text, "months": s.months, "hours": s.hours}
            for s in made.shortcuts
        ],
        "notes": list(made.notes),
    }  # fmt: skip


def _neighbour(each: Neighbour) -> dict[str, Any]:
    return {
        "title": each.title,
        "why": each.why,
        "career": each.career,
        "track": each.track,
        "score": each.score,
        "months": each.months.likely if each.months else None,
        "has_path": each.has_path,
    }
