"""Visits that change: what would clash, cancel, move, another room."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from clinic.access.permissions import Permission
from clinic.ids import AppointmentId, PatientId, PractitionerId
from clinic.scheduling.models import Appointment
from clinic.scheduling.queries.appointments import Visit
from clinic.scheduling.routes.parts import blueprint, claim, reader, wanted
from clinic.scheduling.schemas.planning import PlaceIn, PlaceOut, PreviewIn, PreviewOut
from clinic.scheduling.schemas.visits import AppointmentOut, CancelIn, MoveIn
from clinic.scheduling.services import changes, moving, preview, reading, rooms
from clinic.web.described import IDEMPOTENCY_KEY, IF_MATCH, reads
from clinic.web.documents import Tagged, tagged, version_asked
from clinic.web.guards import requires
from clinic.web.paging import Page, part
from clinic.web.runtime import audited_read, transaction
from clinic.web.schema import ShortListQuery, page_of


@blueprint.route("/appointments/preview", methods=["POST"])
@requires(Permission.APPOINTMENT_BOOK)
@blueprint.arguments(PreviewIn)
@blueprint.response(200, PreviewOut)
def look_ahead(body: dict[str, Any]) -> preview.Preview:
    """Say what is in the way of a visit before it is booked or moved; nothing is kept or changed."""
    question = preview.Question(
        wanted=wanted(body),
        patient=PatientId(body["patient"]) if body["patient"] else None,
        moving=AppointmentId(body["appointment"]) if body["appointment"] else None,
    )
    with audited_read() as session:
        return preview.preview(session, reader(), question)


@blueprint.route("/appointments/<uuid:appointment_id>/cancel", methods=["POST"])
@requires(Permission.APPOINTMENT_CANCEL)
@reads(IDEMPOTENCY_KEY, IF_MATCH)
@blueprint.arguments(CancelIn)
@blueprint.response(200, AppointmentOut)
def cancel(body: dict[str, Any], appointment_id: UUID) -> Tagged[Visit]:
    """Call a visit off; 409 `too_late` when the notice has passed says until when it was possible."""
    who = reader()
    with transaction() as session:
        if claim(session, f"cancel:{appointment_id}", body).replayed:
            visit = reading.one(session, who, AppointmentId(appointment_id))
            return tagged(visit, visit.version)
        row = changes.cancel(
            session,
            actor=who.actor,
            clock=who.clock,
            fields=who.fields,
            appointment_id=AppointmentId(appointment_id),
            reason=body["reason"],
            version=version_asked(),
        )
        visit = reading.shown(session, who, [row])[0]
    return tagged(visit, visit.version)


@blueprint.route("/appointments/<uuid:appointment_id>/reschedule", methods=["POST"])
@requires(Permission.APPOINTMENT_MOVE)
@reads(IDEMPOTENCY_KEY, IF_MATCH)
@blueprint.arguments(MoveIn)
@blueprint.response(200, AppointmentOut)
def reschedule(body: dict[str, Any], appointment_id: UUID) -> Tagged[Visit]:
    """Move a visit to another offered time; 409 `slot_taken` gives alternatives, and the visit stays.

    With `override` the desk moves it over what is in the way; with `reserved` staff move it into a time that
    is kept for urgent and same-day requests, which is refused with 409 `time_reserved` without.
    """
    who = reader()
    with transaction() as session:
        if claim(session, f"reschedule:{appointment_id}", body).replayed:
            visit = reading.one(session, who, AppointmentId(appointment_id))
            return tagged(visit, visit.version)
        row = moving.reschedule(
            session,
            actor=who.actor,
            clock=who.clock,
            fields=who.fields,
            appointment_id=AppointmentId(appointment_id),
            move=_move(body),
            version=version_asked(),
        )
        visit = reading.shown(session, who, [row])[0]
    return tagged(visit, visit.version)


@blueprint.route("/appointments/<uuid:appointment_id>/locations", methods=["GET"])
@requires(Permission.APPOINTMENT_PLACE)
@blueprint.arguments(ShortListQuery, location="query")
@blueprint.response(200, page_of(PlaceOut))
def list_locations(query: dict[str, Any], appointment_id: UUID) -> Page[rooms.Choice]:
    """List the rooms that an in-person visit may be put in, and which are free then."""
    who = reader()
    with audited_read() as session:
        found = rooms.choices(
            session, actor=who.actor, clock=who.clock, appointment_id=AppointmentId(appointment_id)
        )
    return part(found, query, lambda choice: choice.id)


@blueprint.route("/appointments/<uuid:appointment_id>/location", methods=["PUT"])
@requires(Permission.APPOINTMENT_PLACE)
@reads(IF_MATCH)
@blueprint.arguments(PlaceIn)
@blueprint.response(200, AppointmentOut)
def put_in_location(body: dict[str, Any], appointment_id: UUID) -> Tagged[Visit]:
    """Put an in-person visit in another room; 409 `room_taken` when another visit has it then."""
    who = reader()
    with transaction() as session:
        row: Appointment = rooms.assign(
            session,
            actor=who.actor,
            clock=who.clock,
            appointment_id=AppointmentId(appointment_id),
            room=body["location"],
            version=version_asked(),
        )
        visit = reading.shown(session, who, [row])[0]
    return tagged(visit, visit.version)


def _move(body: dict[str, Any]) -> moving.Move:
    practitioner, override = body["practitioner"], body["override"]
    return moving.Move(
        starts_at=body["starts_at"],
        practitioner=PractitionerId(practitioner) if practitioner else None,
        override=override["reason"] if override else None,
        reserved=body["reserved"],
    )
