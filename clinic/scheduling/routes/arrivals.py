"""The day of the visit for the desk: who comes, who has come, who has not."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from clinic.access.permissions import Permission
from clinic.ids import AppointmentId
from clinic.scheduling.queries.appointments import Visit
from clinic.scheduling.routes.parts import blueprint, reader
from clinic.scheduling.schemas.arrivals import ArrivalOut, NoShowIn
from clinic.scheduling.schemas.visits import AppointmentOut
from clinic.scheduling.services import arrivals, changes, reading
from clinic.web.guards import requires
from clinic.web.paging import Page, part
from clinic.web.runtime import audited_read, profile, transaction
from clinic.web.schema import ShortListQuery, WireSchema, page_of


@blueprint.route("/arrivals", methods=["GET"])
@requires(Permission.ARRIVALS_READ)
@blueprint.arguments(ShortListQuery, location="query")
@blueprint.response(200, page_of(ArrivalOut))
def list_arrivals(query: dict[str, Any]) -> Page[arrivals.Arrival]:
    """List today's visits as the desk sees them, and of the last week those unsettled or missed."""
    with audited_read() as session:
        found = arrivals.arrivals_of_the_day(session, reader(), tz=profile().tz)
    return part(found, query, lambda arrival: arrival.visit.id)


@blueprint.route("/appointments/<uuid:appointment_id>/no-show", methods=["POST"])
@requires(Permission.APPOINTMENT_ATTEND)
@blueprint.arguments(NoShowIn)
@blueprint.response(200, AppointmentOut)
def no_show(body: dict[str, Any], appointment_id: UUID) -> Visit:
    """Say that the patient did not come, and why; staff only, after the visit has begun."""
    who = reader()
    with transaction() as session:
        row = changes.no_show(
            session,
            actor=who.actor,
            clock=who.clock,
            appointment_id=AppointmentId(appointment_id),
            reason=body["reason"],
        )
        return reading.shown(session, who, [row])[0]


@blueprint.route("/appointments/<uuid:appointment_id>/fulfil", methods=["POST"])
@requires(Permission.APPOINTMENT_ATTEND)
@blueprint.arguments(WireSchema)
@blueprint.response(200, AppointmentOut)
def fulfil(_body: object, appointment_id: UUID) -> Visit:
    """Say that a visit took place, as with a call, which no machine sees; staff only, once it has begun."""
    who, number = reader(), AppointmentId(appointment_id)
    with transaction() as session:
        row = changes.fulfil(session, actor=who.actor, clock=who.clock, appointment_id=number)
        return reading.shown(session, who, [row])[0]
