"""Practitioners' calendars elsewhere, which are read for busy times."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from clinic.access.permissions import Permission
from clinic.ids import PractitionerId
from clinic.scheduling.queries.external_calendars import KnownCalendar, calendars_of
from clinic.scheduling.routes.parts import blueprint, claim
from clinic.scheduling.schemas.calendars import ExternalCalendarIn, ExternalCalendarOut
from clinic.scheduling.services import external_calendars
from clinic.web.described import IDEMPOTENCY_KEY, reads
from clinic.web.guards import requires
from clinic.web.paging import Page, part
from clinic.web.runtime import actor, runtime, snapshot, transaction
from clinic.web.schema import ShortListQuery, WireSchema, page_of


@blueprint.route("/practitioners/<uuid:practitioner_id>/calendars", methods=["GET"])
@requires(Permission.EXTERNAL_CALENDAR_OWN)
@blueprint.arguments(ShortListQuery, location="query")
@blueprint.response(200, page_of(ExternalCalendarOut))
def list_calendars(query: dict[str, Any], practitioner_id: UUID) -> Page[KnownCalendar]:
    """List one's own calendars elsewhere, when each was last read and what went wrong."""
    with snapshot() as session:
        found = calendars_of(
            session, fields=runtime().vault.fields, practitioner=PractitionerId(practitioner_id)
        )
    return part(found, query, lambda one: one.id)


@blueprint.route("/practitioners/<uuid:practitioner_id>/calendars", methods=["POST"])
@requires(Permission.EXTERNAL_CALENDAR_OWN)
@reads(IDEMPOTENCY_KEY)
@blueprint.arguments(ExternalCalendarIn)
@blueprint.response(201, ExternalCalendarOut)
def add_calendar(body: dict[str, Any], practitioner_id: UUID) -> KnownCalendar:
    """Have the calendar at an address read, every quarter of an hour; at most three. Titles are not kept."""
    parts, owner = runtime(), PractitionerId(practitioner_id)
    with transaction() as session:
        claimed = claim(session, "external-calendars", body)
        if not claimed.replayed:
            external_calendars.add(
                session,
                actor=actor(),
                clock=parts.clock,
                fields=parts.vault.fields,
                calendar_id=claimed.id,
                practitioner=owner,
                address=body["address"],
                trusted=parts.settings.calendar_test_hosts,
            )
        known = calendars_of(session, fields=parts.vault.fields, practitioner=owner)
        return next(one for one in known if one.id == claimed.id)


@blueprint.route("/practitioners/<uuid:practitioner_id>/calendars/<uuid:calendar_id>", methods=["DELETE"])
@requires(Permission.EXTERNAL_CALENDAR_OWN)
@blueprint.response(204)
def remove_calendar(practitioner_id: UUID, calendar_id: UUID) -> None:
    """Forget a calendar with its busy times."""
    with transaction() as session:
        external_calendars.remove(
            session,
            actor=actor(),
            clock=runtime().clock,
            practitioner=PractitionerId(practitioner_id),
            calendar_id=calendar_id,
        )


@blueprint.route("/practitioners/<uuid:practitioner_id>/calendars/<uuid:calendar_id>/read", methods=["POST"])
@requires(Permission.EXTERNAL_CALENDAR_OWN)
@blueprint.arguments(WireSchema)
@blueprint.response(202)
def read_calendar(_body: object, practitioner_id: UUID, calendar_id: UUID) -> None:
    """Have a calendar read again soon."""
    with transaction() as session:
        external_calendars.read_soon(
            session,
            actor=actor(),
            clock=runtime().clock,
            practitioner=PractitionerId(practitioner_id),
            calendar_id=calendar_id,
        )
