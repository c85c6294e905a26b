"""A plan as an iCalendar file (RFC 5545)."""

from datetime import UTC, datetime, time, timedelta
from uuid import NAMESPACE_URL, uuid5

from icalendar import Calendar, Event

from publisher.planning.calendar import Week
from publisher.planning.plan import Plan
from publisher.rendering.filters import hours

PRODUCT = "-//Career Guides//Study plan//EN"


def calendar_text(plan: Plan) -> str:
    """The weeks of a plan as all-day events, one a week.

    Event ids depend on the path and the week only, so that importing a later plan moves the
    events of an earlier one.
    """
    here = plan.here
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("x-wr-calname", f"{here.records.career.title}: study plan")
    # The stamp is the edition's date: a calendar made twice is the same file.
    stamp = datetime.combine(here.catalogue.publication.date, time(), UTC)
    for week in plan.weeks:
        event = Event()
        name = f"{here.records.slug}/{here.reader.background}/week-{week.number}"
        event.add("uid", f"{uuid5(NAMESPACE_URL, name)}@career-guides")
        event.add("dtstamp", stamp)
        event.add("dtstart", week.starts)
        event.add("dtend", week.ends + timedelta(days=1))
        event.add("summary", _summary(plan, week))
        event.add("description", _description(plan, week))
        event.add("transp", "TRANSPARENT")
        calendar.add_component(event)
    return bytes(calendar.to_ical()).decode()


def _summary(plan: Plan, week: Week) -> str:
    modules = plan.here.catalogue.modules
    match week.kind:
        case "study":
            titles = ", ".join(modules[share.module].title for share in week.shares)
            return f"Week {week.number}: {titles}"
        case "review":
            return f"Week {week.number}: review"
        case "buffer":
            return f"Week {week.number}: buffer"
        case _:
            return f"Week {week.number}: free ({week.note})"


def _description(plan: Plan, week: Week) -> str:
    modules, numbers = plan.here.catalogue.modules, plan.here.records.numbers
    return "\n".join(
        f"Module {numbers[share.module]}, {modules[share.module].title}: {hours(share.hours)} h"
        for share in week.shares
    )
