"""Giving consent and taking it back; each moves the patient's epoch and voids what was cleared before."""

from __future__ import annotations

import json
from datetime import date, datetime

from sqlalchemy.orm import Session

from clinic import audit
from clinic.access.actor import Actor
from clinic.bus import publish
from clinic.clock import Clock
from clinic.consent import queries
from clinic.consent.events import ConsentGranted, ConsentRevoked
from clinic.consent.models import Consent
from clinic.consent.rules.directives import Status
from clinic.consent.rules.fhir import provision_to_fhir
from clinic.consent.rules.grants import Grant, end_of_day, provision_of
from clinic.consent.rules.provisions import Effect
from clinic.consent.rules.wording import FORMS, Form, current, find
from clinic.errors import Conflict, Invalid, NotFound
from clinic.identity.services import names
from clinic.identity.services.relationships import let_in
from clinic.ids import ConsentId, PatientId, PractitionerId
from clinic.vault import Vault


def grant(
    session: Session,
    *,
    actor: Actor,
    clock: Clock,
    vault: Vault,
    consent_id: ConsentId,
    patient_id: PatientId,
    grant: Grant,
    form: Form,
    ends_at: datetime | None = None,
) -> Consent:
    """Keep what the patient says to a practitioner, in the words of `form`; raises Invalid.

    A permit is also the patient's word that this practitioner cares for them: where no relationship stands,
    one is made, and one that waits for confirmation is confirmed.
    """
    _check(session, clock, grant, form, ends_at)
    row = _row(actor, clock, vault, consent_id, patient_id, grant, form, ends_at)
    session.add(row)
    if grant.effect is Effect.PERMIT:
        let_in(
            session,
            actor=actor,
            clock=clock,
            patient_id=patient_id,
            practitioner_id=grant.practitioner_id,
        )
    vault.bump_epoch(session, patient_id)
    _record(session, actor, clock, row, "consent.grant")
    publish(session, ConsentGranted(consent_id, patient_id, grant.practitioner_id))
    return row


def revoke(session: Session, *, actor: Actor, clock: Clock, vault: Vault, consent_id: ConsentId) -> Consent:
    """Take a consent back: from this commit on, nothing opens by it.

    Raises NotFound unless it is the actor's own, Conflict `consent_inactive` when it was taken back before.
    """
    row = queries.consent(session, consent_id=consent_id)
    if row is None or row.patient_id != actor.patient_id:
        raise NotFound()
    if row.status is not Status.ACTIVE:
        raise Conflict("consent_inactive")
    row.status, row.revoked_by, row.revoked_at = Status.INACTIVE, actor.account_id, clock.now()
    patient_id = PatientId(row.patient_id)
    vault.bump_epoch(session, patient_id)
    _record(session, actor, clock, row, "consent.revoke")
    publish(session, ConsentRevoked(consent_id, patient_id, PractitionerId(row.practitioner_id)))
    return row


def end_of(ends_at: datetime | None, ends_on: date | None, *, now: datetime, tz: str) -> datetime | None:
    """Return when a consent ends that is given until an instant, or to the end of a day in `tz`.

    Raises Invalid for a day that is over.
    """
    if ends_on is None:
        return ends_at
    end = end_of_day(ends_on, tz)
    if end <= now:
        raise Invalid("invalid", errors={"ends_on": ["This lies in the past."]})
    return end


def choose_form(form_id: str | None, *, effect: Effect, language: str) -> Form:
    """Return the form that was shown: by its id, or the current one for `effect`; raises Invalid."""
    if form_id is None:
        return next(form for form in current(FORMS.values(), language) if form.effect is effect)
    form = find(form_id)
    if form is None or form.effect is not effect:
        raise Invalid("invalid", errors={"form": ["There is no such form for this."]})
    return form


def _check(session: Session, clock: Clock, grant: Grant, form: Form, ends_at: datetime | None) -> None:
    errors = grant.objections()
    if not names.practitioner_names(session, practitioner_ids=[grant.practitioner_id]):
        errors["practitioner"] = ["There is no such practitioner."]
    if form.effect is not grant.effect:
        errors["form"] = ["This form says something else."]
    if ends_at is not None and ends_at <= clock.now():
        errors["ends_at"] = ["This lies in the past."]
    if errors:
        raise Invalid("invalid", errors=errors)


def _row(
    actor: Actor,
    clock: Clock,
    vault: Vault,
    consent_id: ConsentId,
    patient_id: PatientId,
    grant: Grant,
    form: Form,
    ends_at: datetime | None,
) -> Consent:
    return Consent(
        id=consent_id,
        patient_id=patient_id,
        practitioner_id=grant.practitioner_id,
        status=Status.ACTIVE,
        provision_sealed=_seal(vault, patient_id, grant),
        form_id=form.id,
        form_sha256=form.sha256,
        starts_at=clock.now(),
        ends_at=ends_at,
        granted_by=actor.account_id,
        granted_at=clock.now(),
    )


def _seal(vault: Vault, patient_id: PatientId, grant: Grant) -> bytes:
    text = json.dumps(provision_to_fhir(provision_of(grant)), separators=(",", ":"))
    return vault.fields.seal(patient_id, queries.PROVISION_FIELD, text)


def _record(session: Session, actor: Actor, clock: Clock, row: Consent, action: str) -> None:
    audit.record(
        session,
        actor=actor,
        clock=clock,
        action=action,
        patient_id=row.patient_id,
        object_type="consent",
        object_id=row.id,
    )
