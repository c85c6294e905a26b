"""The small records with an assessment of their own, so that copies are made in moments."""

import shutil
from pathlib import Path
from typing import Any

import yaml

from tests.runs import SMALL

LEVELS = [
    "Never.",
    "Once, with help.",
    "Now and then.",
    "Often, alone.",
    "Others learn it from you.",
]
SCALES = {
    "long-walks": ("interest", "walking far for one point", "It rains, and a point is missing."),
    "old-maps": ("interest", "reading old maps", "A map of 1820 lies open. What do you do?"),
    "fine-lines": ("style", "drawing fine lines", "A contour is a hair too wide. And now?"),
    "one-more-time": ("style", "measuring twice", "Two measurements differ. What is next?"),
}
TASKS = {
    "map-scale": ("the scale of a map", "At 1:1000, how long is 10 cm?", "100 m", "geometry"),
    "slope": ("slopes", "Where contours are close, the land is", "steep", "surveying"),
    "ink": ("ink", "What dries first?", "the thin line", "printing"),
}


def records_at(folder: Path) -> Path:
    """The records, in a new folder in `folder`."""
    guides = folder / "guides"
    shutil.copytree(SMALL, guides)
    text = yaml.safe_dump(_assessment(), sort_keys=False)
    (guides / "assessment.yaml").write_text(text, "utf-8")
    return guides


def _assessment() -> dict[str, Any]:
    weights = dict.fromkeys((*SCALES, *TASKS), 1)
    target = {
        "basis": "editorial", "questions": weights, "try_first": "village-map",
        "dimensions": {"interest": 40, "style": 25, "aptitude": 20, "skills": 15},
    }  # fmt: skip
    topics = {name: {"name": name.title(), "summary": "What counts."} for name in
              ("interest", "style", "aptitude", "skills")}  # fmt: skip
    asked = {"question": "Which?", "why": "It counts for the plan."}
    return {
        "introduction": "Twelve questions. Every question may stay open.",
        "measures": ["How near you are to maps."],
        "does_not_measure": ["Character."],
        "estimate": "All of it is an estimate.",
        "dimensions": topics,
        "background": asked,
        "scales": {
            slug: {"dimension": dimension, "topic": topic, "question": question, "levels": LEVELS}
            for slug, (dimension, topic, question) in SCALES.items()
        },
        "tasks": {
            slug: {"topic": topic, "question": question, "skill": skill, "right": "right",
                   "options": {"right": right, "wrong": "the other"}, "explanation": "So it is."}
            for slug, (topic, question, right, skill) in TASKS.items()
        },
        "skills": {**asked, "groups": {"field": LEVELS, "studio": LEVELS}},
        "hours": {**asked, "choices": [4, 8]},
        "dates": asked,
        "goal": {**asked, "options": {"maps": {"text": "Maps.", "career": "cartographer",
                                               "track": "paper"}}},
        "targets": {"cartographer": {"paper": target}},
        "thresholds": {
            "basis": "editorial", "low": 1, "high": 3, "unsure": 1, "claim": 3,
            "typical_spread": 1, "least_share": 50, "better_by": 5, "firm_within": 12,
            "fair_within": 30, "more_hours": 5,
            "bands": [
                {"least": 50, "name": "Good fit", "text": "Near to you."},
                {"least": 0, "name": "Try it first", "text": "See for yourself.",
                 "name_lowest": True, "try_first": True},
            ],
        },
        "neighbours": [{
            "basis": "editorial", "career": "cartographer", "title": "Printer",
            "when": {"low": ["long-walks"]}, "because": "You stay indoors.",
        }],
    }  # fmt: skip
