"""HTTP of consents: the patient's list, granting, revoking, and the words that people agree to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from clinic import audit
from clinic.access.permissions import Permission
from clinic.consent import queries, services
from clinic.consent.models import Consent
from clinic.consent.queries import ConsentView
from clinic.consent.rules.grants import Grant
from clinic.consent.rules.wording import FORMS, Form, current
from clinic.consent.schemas import ConsentIn, ConsentOut, ConsentPage, FormPage
from clinic.ids import ConsentId, PatientId, PractitionerId
from clinic.web.blueprint import Blueprint
from clinic.web.described import IDEMPOTENCY_KEY, reads
from clinic.web.guards import public, requires
from clinic.web.idempotency import claim
from clinic.web.language import language
from clinic.web.paging import Page, decode_moment, moment_keys, page, part
from clinic.web.runtime import actor, audited_read, profile, runtime, transaction
from clinic.web.schema import PageQuery, ShortListQuery

blueprint = Blueprint("consent", __name__, description="Who may see a file, by the patient's own word")


@blueprint.route("/consent-forms", methods=["GET"])
@public
@blueprint.arguments(ShortListQuery, location="query")
@blueprint.response(200, FormPage)
def list_forms(query: Mapping[str, Any]) -> Page[Form]:
    """Return the current wordings in the page's language."""
    return part(current(FORMS.values(), language()), query, lambda form: form.id)


@blueprint.route("/patients/<uuid:patient_id>/consents", methods=["GET"])
@requires(Permission.CONSENT_READ)
@blueprint.arguments(PageQuery, location="query")
@blueprint.response(200, ConsentPage)
def list_consents(query: Mapping[str, Any], patient_id: UUID) -> Page[ConsentView]:
    """Return a patient's consents, newest first, with those taken back; an officer's look is on record."""
    parts, who, limit = runtime(), actor(), query["limit"]
    with audited_read() as session:
        if who.patient_id != patient_id:
            audit.record(session, actor=who, clock=parts.clock, action="consent.read", patient_id=patient_id)
        rows = queries.consents_of(
            session, patient_id=PatientId(patient_id), limit=limit + 1, before=decode_moment(query["cursor"])
        )
        found = page(rows, limit, lambda row: moment_keys(row.granted_at, row.id))
        return Page(_views(session, found.items), found.next)


@blueprint.route("/patients/<uuid:patient_id>/consents", methods=["POST"])
@requires(Permission.CONSENT_GRANT)
@reads(IDEMPOTENCY_KEY)
@blueprint.arguments(ConsentIn)
@blueprint.response(201, ConsentOut)
def grant_consent(body: Mapping[str, Any], patient_id: UUID) -> ConsentView:
    """Keep what the patient says to a practitioner; the same Idempotency-Key gives the same consent."""
    parts, who, tz = runtime(), actor(), profile().tz
    with transaction() as session:
        claimed = claim(
            session,
            actor=who,
            clock=parts.clock,
            secret=parts.settings.secret_key,
            route="consents",
            payload={"patient": patient_id, **body},
        )
        row = queries.consent(session, consent_id=ConsentId(claimed.id)) if claimed.replayed else None
        row = row or services.grant(
            session,
            actor=who,
            clock=parts.clock,
            vault=parts.vault,
            consent_id=ConsentId(claimed.id),
            patient_id=PatientId(patient_id),
            grant=_grant(body),
            form=services.choose_form(body["form"], effect=body["effect"], language=language()),
            ends_at=services.end_of(body["ends_at"], body["ends_on"], now=parts.clock.now(), tz=tz),
        )
        return _views(session, [row])[0]


@blueprint.route("/consents/<uuid:consent_id>/revoke", methods=["POST"])
@requires(Permission.CONSENT_REVOKE)
@blueprint.response(200, ConsentOut)
def revoke_consent(consent_id: UUID) -> ConsentView:
    """Take a consent back, at once and for good."""
    parts = runtime()
    with transaction() as session:
        row = services.revoke(
            session,
            actor=actor(),
            clock=parts.clock,
            vault=parts.vault,
            consent_id=ConsentId(consent_id),
        )
        return _views(session, [row])[0]


def _views(session: Session, rows: Sequence[Consent]) -> Sequence[ConsentView]:
    parts = runtime()
    now, tz = parts.clock.now(), profile().tz
    return queries.views(session, vault=parts.vault, rows=rows, now=now, tz=tz)


def _grant(body: Mapping[str, Any]) -> Grant:
    return Grant(
        effect=body["effect"],
        practitioner_id=PractitionerId(body["practitioner"]),
        purposes=frozenset(body["purposes"]),
        compartments=frozenset(body["compartments"]),
    )
