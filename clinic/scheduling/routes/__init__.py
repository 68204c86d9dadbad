"""The HTTP of scheduling: the public catalogue and slots, visits, schedules, the waitlist."""

from clinic.scheduling.routes import (
    arrivals,
    availability,
    catalogue,
    changes,
    clock_changes,
    exceptions,
    external_calendars,
    family,
    feeds,
    groups,
    holidays,
    messages,
    people,
    places,
    schedules,
    series,
    set_up,
    visits,
    waitlist,
)
from clinic.scheduling.routes.feeds import subscribed
from clinic.scheduling.routes.parts import blueprint

__all__ = [
    "arrivals",
    "availability",
    "blueprint",
    "catalogue",
    "changes",
    "clock_changes",
    "exceptions",
    "external_calendars",
    "family",
    "feeds",
    "groups",
    "holidays",
    "messages",
    "people",
    "places",
    "schedules",
    "series",
    "set_up",
    "subscribed",
    "visits",
    "waitlist",
]
