"""Who comes too, and who was referred to what."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from clinic.access.permissions import Permission
from clinic.errors import NotFound
from clinic.ids import AppointmentId, PatientId, ServiceId
from clinic.scheduling.routes.parts import blueprint, claim, reader
from clinic.scheduling.rules.participants import Named
from clinic.scheduling.schemas.planning import ReferralIn, ReferralOut
from clinic.scheduling.schemas.visits import ParticipantIn, ParticipantOut
from clinic.scheduling.services import participants, referrals
from clinic.scheduling.services.referrals import Referred
from clinic.web.described import IDEMPOTENCY_KEY, reads
from clinic.web.guards import requires
from clinic.web.paging import Page, part
from clinic.web.runtime import audited_read, transaction
from clinic.web.schema import ShortListQuery, page_of


@blueprint.route("/appointments/<uuid:appointment_id>/participants", methods=["POST"])
@requires(Permission.PARTICIPANT_EDIT)
@reads(IDEMPOTENCY_KEY)
@blueprint.arguments(ParticipantIn)
@blueprint.response(201, ParticipantOut)
def add_participant(body: dict[str, Any], appointment_id: UUID) -> Named:
    """Add an interpreter or somebody close to a visit; at most five."""
    who = reader()
    with transaction() as session:
        claimed = claim(session, f"participants:{appointment_id}", body)
        if claimed.replayed:
            return participants.one(
                session,
                actor=who.actor,
                fields=who.fields,
                appointment_id=AppointmentId(appointment_id),
                participant_id=claimed.id,
            )
        return participants.add(
            session,
            actor=who.actor,
            clock=who.clock,
            fields=who.fields,
            appointment_id=AppointmentId(appointment_id),
            participant_id=claimed.id,
            newcomer=participants.Newcomer(**body),
        )


@blueprint.route("/appointments/<uuid:appointment_id>/participants/<uuid:participant_id>", methods=["DELETE"])
@requires(Permission.PARTICIPANT_EDIT)
@blueprint.response(204)
def remove_participant(appointment_id: UUID, participant_id: UUID) -> None:
    """Take somebody off a visit again."""
    who = reader()
    with transaction() as session:
        participants.remove(
            session,
            actor=who.actor,
            clock=who.clock,
            appointment_id=AppointmentId(appointment_id),
            participant_id=participant_id,
        )


@blueprint.route("/patients/<uuid:patient_id>/referrals", methods=["GET"])
@requires(Permission.REFERRAL_READ)
@blueprint.arguments(ShortListQuery, location="query")
@blueprint.response(200, page_of(ReferralOut))
def list_referrals(query: dict[str, Any], patient_id: UUID) -> Page[Referred]:
    """List the services that are open to a patient by referral."""
    who = reader()
    with audited_read() as session:
        found = referrals.referrals(
            session,
            actor=who.actor,
            clock=who.clock,
            fields=who.fields,
            language=who.language,
            patient_id=PatientId(patient_id),
        )
    return part(found, query, lambda referred: referred.id)


@blueprint.route("/patients/<uuid:patient_id>/referrals", methods=["POST"])
@requires(Permission.REFERRAL_ENTER)
@reads(IDEMPOTENCY_KEY)
@blueprint.arguments(ReferralIn)
@blueprint.response(201, ReferralOut)
def enter_referral(body: dict[str, Any], patient_id: UUID) -> Referred:
    """Open a service to a patient; 409 `already_referred` where it is open."""
    who, patient = reader(), PatientId(patient_id)
    with transaction() as session:
        claimed = claim(session, f"referrals:{patient_id}", body)
        if not claimed.replayed:
            referrals.enter(
                session,
                actor=who.actor,
                clock=who.clock,
                patient_id=patient,
                service_id=ServiceId(body["service"]),
                referral_id=claimed.id,
            )
        found = referrals.referrals(
            session,
            actor=who.actor,
            clock=who.clock,
            fields=who.fields,
            language=who.language,
            patient_id=patient,
        )
    entered = next((one for one in found if one.id == claimed.id), None)
    if entered is None:
        raise NotFound  # it was withdrawn before the request came again
    return entered


@blueprint.route("/patients/<uuid:patient_id>/referrals/<uuid:referral_id>", methods=["DELETE"])
@requires(Permission.REFERRAL_ENTER)
@blueprint.response(204)
def withdraw_referral(patient_id: UUID, referral_id: UUID) -> None:
    """Close a service to a patient again; visits that are booked stay."""
    who = reader()
    with transaction() as session:
        referrals.withdraw(
            session,
            actor=who.actor,
            clock=who.clock,
            patient_id=PatientId(patient_id),
            referral_id=referral_id,
        )
