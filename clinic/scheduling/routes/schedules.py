"""Schedules for staff: weekly hours as one document, and the calendar."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import request

from clinic.access.permissions import Permission
from clinic.errors import Invalid
from clinic.ids import PractitionerId
from clinic.scheduling.routes.parts import blueprint, reader
from clinic.scheduling.rules.availability import WeeklyRule
from clinic.scheduling.schemas import AvailabilityShape, CalendarOut, CalendarQuery
from clinic.scheduling.services import hours, reading
from clinic.web.described import IF_MATCH_REQUIRED, reads
from clinic.web.guards import requires
from clinic.web.paging import part
from clinic.web.runtime import audited_read, snapshot, transaction

Document = tuple[dict[str, list[WeeklyRule]], dict[str, str]]


@blueprint.route("/practitioners/<uuid:practitioner_id>/availability", methods=["GET"])
@requires(Permission.AVAILABILITY_READ)
@blueprint.response(200, AvailabilityShape)
def read_hours(practitioner_id: UUID) -> Document:
    """Return the weekly hours and their version (`ETag`)."""
    with snapshot() as session:
        return _document(hours.hours_of(session, PractitionerId(practitioner_id)))


@blueprint.route("/practitioners/<uuid:practitioner_id>/availability", methods=["PUT"])
@requires(Permission.AVAILABILITY_EDIT)
@reads(IF_MATCH_REQUIRED)
@blueprint.arguments(AvailabilityShape)
@blueprint.response(200, AvailabilityShape)
def write_hours(body: dict[str, Any], practitioner_id: UUID) -> Document:
    """Replace the weekly hours that `If-Match` names; 412 `hours_changed` when they are others by now."""
    who = reader()
    rules = [WeeklyRule(**{**rule, "modalities": frozenset(rule["modalities"])}) for rule in body["rules"]]
    with transaction() as session:
        return _document(
            hours.set_hours(
                session,
                actor=who.actor,
                clock=who.clock,
                practitioner=PractitionerId(practitioner_id),
                rules=rules,
                etag=if_match(),
            )
        )


@blueprint.route("/calendar", methods=["GET"])
@requires(Permission.CALENDAR_READ)
@blueprint.arguments(CalendarQuery, location="query")
@blueprint.response(200, CalendarOut)
def calendar(query: dict[str, Any]) -> dict[str, object]:
    """Return visits and opening hours of at most 62 days; `limit` and `cursor` part the visits."""
    practitioner = query["practitioner"]
    with audited_read() as session:
        visits, open_hours = reading.calendar(
            session,
            reader(),
            query["start"],
            query["end"],
            PractitionerId(practitioner) if practitioner else None,
        )
    found = part(visits, query, lambda visit: visit.id)
    return {"items": found.items, "hours": open_hours, "next": found.next}


def if_match() -> str:
    """Return the ETag in the request's If-Match; raises Invalid without one."""
    given = request.headers.get("If-Match", "").strip().removeprefix("W/")  # a compressing proxy adds it
    if len(given) < 3 or not given.startswith('"') or not given.endswith('"'):
        raise Invalid("invalid", errors={"If-Match": ["Send the ETag of the document that you edit."]})
    return given.strip('"')


def _document(rules: list[WeeklyRule]) -> Document:
    return {"rules": rules}, {"ETag": f'"{hours.etag_of(rules)}"'}
