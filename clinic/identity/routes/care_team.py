"""Care teams: who treats a patient, brought in by a second person, confirmed by the patient."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from clinic.access.permissions import Permission
from clinic.identity.schemas.people import MemberIn, MemberOut, MemberPage
from clinic.identity.services import care_team
from clinic.identity.services.care_team import Member
from clinic.ids import PatientId, PractitionerId
from clinic.web.blueprint import Blueprint
from clinic.web.guards import requires
from clinic.web.paging import Page, part
from clinic.web.runtime import actor, audited_read, runtime, transaction
from clinic.web.schema import ShortListQuery

bp = Blueprint("care_team", __name__, description="Who treats a patient")


@bp.route("/patients/<uuid:patient_id>/care-team", methods=["GET"])
@requires(Permission.CARE_TEAM_READ)
@bp.arguments(ShortListQuery, location="query")
@bp.response(200, MemberPage)
def read_care_team(query: dict[str, Any], patient_id: UUID) -> Page[Member]:
    """List a patient's practitioners, oldest first."""
    with audited_read() as session:
        members = care_team.care_team(
            session, actor=actor(), clock=runtime().clock, patient_id=PatientId(patient_id)
        )
    return part(members, query, lambda member: member.id)


@bp.route("/patients/<uuid:patient_id>/care-team", methods=["POST"])
@requires(Permission.CARE_TEAM_ASSIGN)
@bp.arguments(MemberIn)
@bp.response(201, MemberOut)
def assign(body: dict[str, Any], patient_id: UUID) -> Member:
    """Bring a practitioner in; assigning twice comes to the same."""
    with transaction() as session:
        return care_team.assign(
            session,
            actor=actor(),
            clock=runtime().clock,
            patient_id=PatientId(patient_id),
            practitioner_id=PractitionerId(body["practitioner"]),
            kind=body["kind"],
        )


@bp.route("/care-relationships/<uuid:relationship_id>/confirm", methods=["POST"])
@requires(Permission.CARE_TEAM_CONFIRM)
@bp.response(200, MemberOut)
def confirm(relationship_id: UUID) -> Member:
    """Let a practitioner's own entry stand: the patient's word for it, or the desk's."""
    with transaction() as session:
        return care_team.confirm(
            session, actor=actor(), clock=runtime().clock, relationship_id=relationship_id
        )
