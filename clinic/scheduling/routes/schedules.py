"""The staff calendar: visits and sessions, and the hours they lie in."""

from __future__ import annotations

from typing import Any

from clinic.access.permissions import Permission
from clinic.ids import PractitionerId
from clinic.scheduling.routes.parts import blueprint, reader
from clinic.scheduling.schemas.diary import CalendarOut, CalendarQuery
from clinic.scheduling.services import reading
from clinic.web.guards import requires
from clinic.web.paging import part
from clinic.web.runtime import audited_read


@blueprint.route("/calendar", methods=["GET"])
@requires(Permission.CALENDAR_READ)
@blueprint.arguments(CalendarQuery, location="query")
@blueprint.response(200, CalendarOut)
def calendar(query: dict[str, Any]) -> dict[str, object]:
    """Return visits, sessions, holds, hours, absences of up to 62 days; `limit`, `cursor` part the visits."""
    practitioner = query["practitioner"]
    with audited_read() as session:
        shown = reading.calendar(
            session,
            reader(),
            query["start"],
            query["end"],
            PractitionerId(practitioner) if practitioner else None,
        )
    found = part(shown.visits, query, lambda visit: visit.id)
    return {
        "items": found.items,
        "groups": shown.groups,
        "holds": shown.holds,
        "clock_changes": shown.clock_changes,
        "hours": shown.hours,
        "leave": shown.leave,
        "holidays": shown.holidays,
        "next": found.next,
    }
