"""Urgent requests: staff raise them; whoever is on call claims one, hands it on, closes it, books a visit."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from clinic.access.permissions import Permission
from clinic.ids import AppointmentId, PatientId, PractitionerId
from clinic.scheduling.models import Appointment
from clinic.scheduling.queries.appointments import Visit
from clinic.scheduling.queries.urgent_requests import SeenRequest
from clinic.scheduling.queries.urgent_times import SoonTime
from clinic.scheduling.routes.parts import blueprint, claim, reader
from clinic.scheduling.schemas.urgent import (
    CloseIn,
    HandOnIn,
    SoonTimeOut,
    SoonVisitIn,
    TimesQuery,
    UrgentRequestIn,
    UrgentRequestOut,
)
from clinic.scheduling.schemas.visits import AppointmentOut
from clinic.scheduling.services import reading as diary
from clinic.scheduling.services.urgent import reading, requests, visits
from clinic.scheduling.services.urgent.visits import SoonVisit
from clinic.web.described import IDEMPOTENCY_KEY, reads
from clinic.web.guards import requires
from clinic.web.paging import Page, part
from clinic.web.runtime import audited_read, profile, snapshot, transaction
from clinic.web.schema import ShortListQuery, WireSchema, page_of

_ONE = "/urgent-requests/<uuid:request_id>"


@blueprint.route("/urgent-requests", methods=["POST"])
@requires(Permission.URGENT_REQUEST_RAISE)
@reads(IDEMPOTENCY_KEY)
@blueprint.arguments(UrgentRequestIn)
@blueprint.response(201, UrgentRequestOut)
def raise_request(body: dict[str, Any]) -> SeenRequest:
    """Ask whoever is on call to see to a patient; 409 `requested_already`. This is no emergency service."""
    who = reader()
    new = requests.NewRequest(body["service"], PatientId(body["patient"]), body["phone"])
    with transaction() as session:
        claimed = claim(session, "urgent_requests", body)
        if not claimed.replayed:
            requests.raise_request(
                session,
                actor=who.actor,
                clock=who.clock,
                fields=who.fields,
                request_id=claimed.id,
                new=new,
            )
        return reading.one(session, who, claimed.id, profile().tz)


@blueprint.route("/urgent-requests", methods=["GET"])
@requires(Permission.URGENT_REQUEST_READ)
@blueprint.arguments(ShortListQuery, location="query")
@blueprint.response(200, page_of(UrgentRequestOut))
def list_requests(query: dict[str, Any]) -> Page[SeenRequest]:
    """List what waits for the caller, all of it for the desk, and what was closed within a day."""
    with audited_read() as session:
        found = reading.listed(session, reader(), profile().tz)
    return part(found, query, lambda one: one.id)


@blueprint.route(f"{_ONE}/claim", methods=["POST"])
@requires(Permission.URGENT_REQUEST_ANSWER)
@blueprint.arguments(WireSchema)
@blueprint.response(200, UrgentRequestOut)
def claim_request(_body: object, request_id: UUID) -> SeenRequest:
    """Take it on; the first one has it, the second gets 409 `claimed_already`."""
    who = reader()
    with transaction() as session:
        requests.claim(session, actor=who.actor, clock=who.clock, request_id=request_id)
        return reading.one(session, who, request_id, profile().tz)


@blueprint.route(f"{_ONE}/hand-on", methods=["POST"])
@requires(Permission.URGENT_REQUEST_ANSWER)
@blueprint.arguments(HandOnIn)
@blueprint.response(200, UrgentRequestOut)
def hand_on(body: dict[str, Any], request_id: UUID) -> SeenRequest:
    """Pass it to a colleague, or to whoever is asked next; 409 `nobody_next` where nobody is left."""
    who, to = reader(), PractitionerId(body["to"]) if body["to"] else None
    with transaction() as session:
        requests.hand_on(session, actor=who.actor, clock=who.clock, request_id=request_id, to=to)
        return reading.one(session, who, request_id, profile().tz)


@blueprint.route(f"{_ONE}/close", methods=["POST"])
@requires(Permission.URGENT_REQUEST_ANSWER)
@blueprint.arguments(CloseIn)
@blueprint.response(200, UrgentRequestOut)
def close(body: dict[str, Any], request_id: UUID) -> SeenRequest:
    """Say what came of it; 409 `not_claimed`, `claimed_already`, `request_closed`."""
    who = reader()
    with transaction() as session:
        requests.close(
            session, actor=who.actor, clock=who.clock, request_id=request_id, outcome=body["outcome"]
        )
        return reading.one(session, who, request_id, profile().tz)


@blueprint.route(f"{_ONE}/times", methods=["GET"])
@requires(Permission.URGENT_REQUEST_ANSWER)
@blueprint.arguments(TimesQuery, location="query")
@blueprint.response(200, page_of(SoonTimeOut))
def times(query: dict[str, Any], request_id: UUID) -> Page[SoonTime]:
    """Return when the patient could be seen within two days: while on call, and in opening hours."""
    who = reader()
    practitioner = PractitionerId(query["practitioner"]) if query["practitioner"] else None
    with snapshot() as session:
        found = visits.times(
            session,
            actor=who.actor,
            clock=who.clock,
            request_id=request_id,
            modality=query["modality"],
            practitioner=practitioner,
        )
    return part(found, query, lambda one: (one.starts_at, one.practitioner))


@blueprint.route(f"{_ONE}/visit", methods=["POST"])
@requires(Permission.URGENT_REQUEST_ANSWER)
@reads(IDEMPOTENCY_KEY)
@blueprint.arguments(SoonVisitIn)
@blueprint.response(201, AppointmentOut)
def place_visit(body: dict[str, Any], request_id: UUID) -> Visit:
    """Book the visit and close the request; 409 `slot_taken` with `alternatives`, `visit_overlap`."""
    who = reader()
    wanted = PractitionerId(body["practitioner"]) if body["practitioner"] else None
    with transaction() as session:
        claimed = claim(session, f"urgent_visit.{request_id}", body)
        if not claimed.replayed:
            visits.place(
                session,
                actor=who.actor,
                clock=who.clock,
                appointment_id=AppointmentId(claimed.id),
                request_id=request_id,
                visit=SoonVisit(body["starts_at"], body["modality"], wanted),
            )
        return diary.shown(session, who, [session.get_one(Appointment, claimed.id)])[0]
