"""Visits: hold, book, read, check in."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from clinic.access.permissions import Permission
from clinic.ids import AppointmentId, PatientId, PractitionerId
from clinic.scheduling.queries.appointments import Period, Visit
from clinic.scheduling.queries.holds import Held, kept
from clinic.scheduling.routes.parts import blueprint, claim, reader, wanted
from clinic.scheduling.schemas.visits import (
    AppointmentOut,
    AppointmentsQuery,
    BookingIn,
    HoldIn,
    HoldOut,
    WholeAppointmentOut,
)
from clinic.scheduling.services import booking, changes, holds, reading
from clinic.web.described import IDEMPOTENCY_KEY, reads
from clinic.web.documents import Tagged, tagged
from clinic.web.guards import requires
from clinic.web.limits import caller
from clinic.web.paging import Page, decode_moment, page
from clinic.web.runtime import audited_read, runtime, transaction
from clinic.web.schema import WireSchema, page_of


@blueprint.route("/holds", methods=["POST"])
@requires(Permission.APPOINTMENT_BOOK)
@reads(IDEMPOTENCY_KEY)
@blueprint.arguments(HoldIn)
@blueprint.response(201, HoldOut)
def hold(body: dict[str, Any]) -> Held:
    """Keep a free time for ten minutes; at most two at once. 409 `slot_taken` gives alternatives."""
    who = reader()
    with transaction() as session:
        claimed = claim(session, "holds", body)
        if not claimed.replayed:
            address = runtime().vault.fields.index("hold.address", caller())
            holds.hold(
                session,
                actor=who.actor,
                clock=who.clock,
                hold_id=claimed.id,
                wanted=wanted(body),
                address=address,
            )
        return kept(session, actor=who.actor, hold_id=AppointmentId(claimed.id), language=who.language)


@blueprint.route("/holds/<uuid:hold_id>", methods=["DELETE"])
@requires(Permission.APPOINTMENT_BOOK)
@blueprint.response(204)
def release(hold_id: UUID) -> None:
    """Give a kept time up."""
    who = reader()
    with transaction() as session:
        holds.release(session, actor=who.actor, clock=who.clock, hold_id=AppointmentId(hold_id))


@blueprint.route("/appointments", methods=["POST"])
@requires(Permission.APPOINTMENT_BOOK)
@reads(IDEMPOTENCY_KEY)
@blueprint.arguments(BookingIn)
@blueprint.response(201, AppointmentOut)
def book(body: dict[str, Any]) -> Visit:
    """Book an offered time, once for each Idempotency-Key; 409 `slot_taken` gives alternatives.

    The desk books any time with `override`; only the patient's own other visit still stands against it. Staff
    book times that are kept for urgent and same-day requests with `reserved`, else 409 `time_reserved`.
    """
    who = reader()
    with transaction() as session:
        claimed = claim(session, "appointments", body)
        appointment = AppointmentId(claimed.id)
        if not claimed.replayed:
            booking.book(
                session,
                actor=who.actor,
                clock=who.clock,
                fields=who.fields,
                appointment_id=appointment,
                booking=booking.Booking(
                    wanted=wanted(body),
                    patient=PatientId(body["patient"]) if body["patient"] else None,
                    hold=AppointmentId(body["hold"]) if body["hold"] else None,
                    reason=body["reason"],
                    override=body["override"]["reason"] if body["override"] else None,
                ),
            )
        return reading.one(session, who, appointment)


@blueprint.route("/appointments", methods=["GET"])
@requires(Permission.APPOINTMENT_LIST)
@blueprint.arguments(AppointmentsQuery, location="query")
@blueprint.response(200, page_of(AppointmentOut))
def list_visits(query: dict[str, Any]) -> Page[Visit]:
    """List visits by time: one's own, or all for the desk."""
    practitioner, patient = query["practitioner"], query["patient"]
    period = Period(
        start=query["start"],
        end=query["end"],
        practitioner=PractitionerId(practitioner) if practitioner else None,
        patient=PatientId(patient) if patient else None,
        after=decode_moment(query["cursor"]),
        limit=query["limit"] + 1,
    )
    with audited_read() as session:
        found = reading.listed(session, reader(), period)
    return page(found, query["limit"], lambda visit: (visit.starts_at.isoformat(), str(visit.id)))


@blueprint.route("/appointments/<uuid:appointment_id>", methods=["GET"])
@requires(Permission.APPOINTMENT_READ)
@blueprint.response(200, WholeAppointmentOut)
def read(appointment_id: UUID) -> Tagged[Visit]:
    """Return one visit; its reason to the patient and, where consent opens it, to the practitioner."""
    with audited_read() as session:
        found = reading.whole(session, reader(), AppointmentId(appointment_id))
    return tagged(found, found.version)


@blueprint.route("/appointments/<uuid:appointment_id>/check-in", methods=["POST"])
@requires(Permission.APPOINTMENT_ATTEND)
@blueprint.arguments(WireSchema)
@blueprint.response(200, AppointmentOut)
def check_in(_body: object, appointment_id: UUID) -> Visit:
    """Say that the patient has arrived, from 75 minutes before until the end."""
    who = reader()
    with transaction() as session:
        row = changes.check_in(
            session, actor=who.actor, clock=who.clock, appointment_id=AppointmentId(appointment_id)
        )
        return reading.shown(session, who, [row])[0]
