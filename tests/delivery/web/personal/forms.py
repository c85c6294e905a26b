"""What a browser posts from our pages."""

from tests.delivery.web.serving import Web

PLAN = {
    "career": "cartographer", "background": "surveyor", "track": "paper", "name": "Ada Lovelace",
    "hours_per_week": "7.5", "start": "2027-02-01", "deadline": "", "paper": "a4",
}  # fmt: skip

ANSWERS = {
    "background": "surveyor", "hours_per_week": "6", "start": "2027-03-01", "goal": "maps",
    "scales.long-walks": "1", "scales.old-maps": "4", "scales.fine-lines": "3",
    "scales.one-more-time": "3", "tasks.map-scale": "right", "tasks.slope": "wrong",
    "groups.field": "2",
}  # fmt: skip


def sealed(web: Web, **fields: str) -> dict[str, str]:
    """The fields of a plan as its page has them, with its seal."""
    page = web.client.get("/plan", params={"career": "cartographer", "background": "surveyor"})
    seal = page.text.split('name="form" value="')[1].split('"')[0]
    return {**PLAN, "form": seal, **fields}
