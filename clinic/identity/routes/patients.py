"""Patients by name and contact, for the desk, their therapists and themselves."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response, after_this_request

from clinic.access.permissions import Permission
from clinic.identity.schemas.people import PatientChangesIn, PatientIn, PatientOut, PatientPage, SearchIn
from clinic.identity.schemas.registration import InvitationOut
from clinic.identity.services import patient_invitations, patients, registry
from clinic.identity.services.invitations import Invitation
from clinic.identity.services.patients import Person
from clinic.ids import PatientId
from clinic.web import idempotency
from clinic.web.blueprint import Blueprint
from clinic.web.described import IDEMPOTENCY_KEY, IF_MATCH, reads
from clinic.web.documents import tag_asked
from clinic.web.guards import requires
from clinic.web.limits import limits
from clinic.web.paging import Page, decode_moment, moment_keys, page
from clinic.web.runtime import actor, audited_read, profile, runtime, transaction
from clinic.web.schema import PageQuery

bp = Blueprint("patients", __name__, description="Patients by name and contact")


@bp.route("/patients", methods=["GET"])
@requires(Permission.PATIENT_LIST)
@bp.arguments(PageQuery, location="query")
@bp.response(200, PatientPage)
def list_patients(query: dict[str, Any]) -> Page[Person]:
    """List those whom the caller may look up, the last registered first."""
    limit, after = query["limit"], decode_moment(query["cursor"])
    parts = runtime()
    with audited_read() as session:
        rows = patients.list_patients(
            session,
            actor=actor(),
            clock=parts.clock,
            fields=parts.vault.fields,
            limit=limit + 1,
            after=after,
        )
    return page(rows, limit, lambda one: moment_keys(one.created_at, one.id))


@bp.route("/patients/search", methods=["POST"])
@requires(Permission.PATIENT_SEARCH)
@bp.arguments(SearchIn)
@bp.response(200, PatientPage)
def search_patients(body: dict[str, Any]) -> Page[Person]:
    """Find people by part of a name, number or address; the words travel in the body, not in the URL."""
    who, parts = actor(), runtime()
    limits().hit("patient.search", "120/minute", str(who.account_id))
    with audited_read() as session:
        found = patients.search_patients(
            session,
            actor=who,
            clock=parts.clock,
            fields=parts.vault.fields,
            query=body["q"],
            limit=body["limit"],
        )
    return Page(found, None)


@bp.route("/patients", methods=["POST"])
@requires(Permission.PATIENT_REGISTER)
@reads(IDEMPOTENCY_KEY)
@bp.arguments(PatientIn)
@bp.response(201, PatientOut)
def register_patient(body: dict[str, Any]) -> Person:
    """Put somebody on file who has come or called; 409 `patient_known` names who has their contacts."""
    who, parts = actor(), runtime()
    with transaction() as session:
        claim = idempotency.claim(
            session,
            actor=who,
            clock=parts.clock,
            secret=parts.settings.secret_key,
            route="patients",
            payload=body,
        )
        if claim.replayed:
            person = patients.read_patient(
                session,
                actor=who,
                clock=parts.clock,
                fields=parts.vault.fields,
                patient_id=PatientId(claim.id),
            )
        else:
            confirmed = body.pop("confirmed")
            person = registry.enter_patient(
                session,
                actor=who,
                clock=parts.clock,
                fields=parts.vault.fields,
                id=claim.id,
                contacts=registry.Contacts(**body, tz=profile().tz),
                confirmed=confirmed,
            )
    return _tagged(person)


@bp.route("/patients/<uuid:patient_id>/invitation", methods=["POST"])
@requires(Permission.PATIENT_INVITE)
@reads(IDEMPOTENCY_KEY)
@bp.response(201, InvitationOut)
def invite_patient(patient_id: UUID) -> Invitation:
    """Mail somebody on file an invitation to an account of their own; an earlier one is void."""
    who, parts = actor(), runtime()
    limits().hit("patient.invite", "60/hour", str(who.account_id))
    with transaction() as session:
        claim = idempotency.claim(
            session,
            actor=who,
            clock=parts.clock,
            secret=parts.settings.secret_key,
            route="patient_invitations",
            payload={"patient": patient_id},
        )
        if claim.replayed:
            return patient_invitations.read_invitation(session, id=claim.id)
        return patient_invitations.invite(
            session,
            actor=who,
            clock=parts.clock,
            secret=parts.settings.secret_key,
            id=claim.id,
            patient_id=PatientId(patient_id),
        )


@bp.route("/patients/<uuid:patient_id>", methods=["GET"])
@requires(Permission.PATIENT_READ)
@bp.response(200, PatientOut)
def read_patient(patient_id: UUID) -> Person:
    """Tell one person's name and contacts."""
    parts = runtime()
    with audited_read() as session:
        person = patients.read_patient(
            session,
            actor=actor(),
            clock=parts.clock,
            fields=parts.vault.fields,
            patient_id=PatientId(patient_id),
        )
    return _tagged(person)


@bp.route("/patients/<uuid:patient_id>", methods=["PATCH"])
@requires(Permission.PATIENT_UPDATE)
@reads(IF_MATCH)
@bp.arguments(PatientChangesIn)
@bp.response(200, PatientOut)
def change_patient(body: dict[str, Any], patient_id: UUID) -> Person:
    """Change names and contacts; with If-Match only if nobody else was first."""
    parts = runtime()
    with transaction() as session:
        person = registry.change_patient(
            session,
            actor=actor(),
            clock=parts.clock,
            fields=parts.vault.fields,
            patient_id=PatientId(patient_id),
            changes=body,
            tz=profile().tz,
            if_match=tag_asked(),
        )
    return _tagged(person)


def _tagged(person: Person) -> Person:
    @after_this_request
    def tag(response: Response) -> Response:
        response.set_etag(person.etag)
        return response

    return person
