"""Guardians: written down and ended at the desk, seen and limited by the minor."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Any, cast
from uuid import UUID
from zoneinfo import ZoneInfo

from clinic.access.permissions import Permission
from clinic.identity.schemas.guardians import GuardianIn, GuardianOut, GuardianPage, TopicsIn
from clinic.identity.services import guardianships
from clinic.identity.services.guardianships import Guardian, Period
from clinic.ids import PatientId
from clinic.web import idempotency
from clinic.web.blueprint import Blueprint
from clinic.web.described import IDEMPOTENCY_KEY, reads
from clinic.web.guards import requires
from clinic.web.paging import Page, part
from clinic.web.runtime import actor, audited_read, runtime, transaction
from clinic.web.schema import ShortListQuery

bp = Blueprint("guardians", __name__, description="Who stands in for a minor")


@bp.route("/patients/<uuid:patient_id>/guardians", methods=["GET"])
@requires(Permission.GUARDIAN_LIST)
@bp.arguments(ShortListQuery, location="query")
@bp.response(200, GuardianPage)
def list_guardians(query: dict[str, Any], patient_id: UUID) -> Page[Guardian]:
    """List a patient's guardians, those whose time is over included."""
    parts = runtime()
    with audited_read() as session:
        found = guardianships.listed(
            session,
            actor=actor(),
            clock=parts.clock,
            fields=parts.vault.fields,
            patient_id=PatientId(patient_id),
        )
    return part(found, query, lambda one: one.id)


@bp.route("/patients/<uuid:patient_id>/guardians", methods=["POST"])
@requires(Permission.GUARDIAN_VERIFY)
@reads(IDEMPOTENCY_KEY)
@bp.arguments(GuardianIn)
@bp.response(201, GuardianOut)
def verify_guardian(body: dict[str, Any], patient_id: UUID) -> Guardian:
    """Write down a guardian whose papers were shown; 409 `already_guardian`."""
    who, parts = actor(), runtime()
    fields = parts.vault.fields
    with transaction() as session:
        claim = idempotency.claim(
            session,
            actor=who,
            clock=parts.clock,
            secret=parts.settings.secret_key,
            route="guardians",
            payload={"patient": patient_id, **body},
        )
        found = (
            guardianships.guardian(session, fields=fields, guardianship_id=claim.id)
            if claim.replayed
            else None
        )
        return found or guardianships.verify(
            session,
            actor=who,
            clock=parts.clock,
            fields=fields,
            id=claim.id,
            patient_id=PatientId(patient_id),
            email=body["email"],
            period=Period(body["starts_at"] or parts.clock.now(), _end(body)),
            private=body["private"],
        )


@bp.route("/guardianships/<uuid:guardianship_id>/end", methods=["POST"])
@requires(Permission.GUARDIAN_VERIFY)
@bp.response(200, GuardianOut)
def end_guardianship(guardianship_id: UUID) -> Guardian:
    """End a guardianship at once."""
    parts = runtime()
    with transaction() as session:
        return guardianships.end(
            session,
            actor=actor(),
            clock=parts.clock,
            fields=parts.vault.fields,
            guardianship_id=guardianship_id,
        )


@bp.route("/guardianships/<uuid:guardianship_id>/private", methods=["PUT"])
@requires(Permission.GUARDIAN_LIMIT)
@bp.arguments(TopicsIn)
@bp.response(200, GuardianOut)
def limit_guardian(body: dict[str, Any], guardianship_id: UUID) -> Guardian:
    """Say which kinds of visit this guardian is not told about; the minor alone does."""
    parts = runtime()
    with transaction() as session:
        return guardianships.limit(
            session,
            actor=actor(),
            clock=parts.clock,
            fields=parts.vault.fields,
            guardianship_id=guardianship_id,
            private=body["private"],
        )


def _end(body: dict[str, Any]) -> datetime:
    """Return the instant at which the time is over: the given one, or the end of the given day."""
    if body["ends_at"] is not None:
        return cast(datetime, body["ends_at"])
    zone = ZoneInfo(runtime().profiles.current().tz)
    return datetime.combine(body["ends_on"] + timedelta(days=1), time.min, zone).astimezone(UTC)
