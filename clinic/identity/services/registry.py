"""Putting people on file and keeping their contacts right."""

from __future__ import annotations

import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from clinic import audit
from clinic.access.actor import Actor, Role
from clinic.clock import Clock
from clinic.errors import Conflict, Denied, Invalid, PreconditionFailed, Refused
from clinic.identity.models import Account, Patient
from clinic.identity.rules.contacts import checked_email, checked_phone, email_key
from clinic.identity.services.patients import Person, known_to_the_desk, person, visible_patient
from clinic.ids import PatientId
from clinic.vault.fields import Fields

# What patients may change about themselves; the rest is checked against papers at the desk.
_MOST_NAMED = 5  # households share a telephone; more than these are found by the search
_OWN = frozenset({"preferred_name", "phone", "email", "language", "reminders"})
_SEALED = ("name", "preferred_name", "phone", "email", "birth_date")


@dataclass(frozen=True, slots=True)
class Contacts:
    """How a new patient is called and reached; a telephone without country code is one of `tz`."""

    name: str
    language: str
    tz: str
    phone: str | None = None
    email: str | None = None
    birth_date: date | None = None


def enter_patient(
    session: Session,
    *,
    actor: Actor,
    clock: Clock,
    fields: Fields,
    id: UUID,
    contacts: Contacts,
    confirmed: bool,
) -> Person:
    """Put on file whom the desk has met.

    Raises Refused `patient_known` where a contact is on file already, unless it is `confirmed` that this is
    somebody else, which is on record; Invalid as `register_patient` does.
    """
    known = _with_contacts(session, fields, contacts, clock)
    if known and not confirmed:
        raise _already_known(session, actor, clock, fields, known)
    reason = "duplicate_confirmed" if known else None
    return register_patient(
        session, actor=actor, clock=clock, fields=fields, id=id, contacts=contacts, reason=reason
    )


def register_patient(
    session: Session,
    *,
    actor: Actor,
    clock: Clock,
    fields: Fields,
    id: UUID,
    contacts: Contacts,
    account_id: UUID | None = None,
    reason: str | None = None,
) -> Person:
    """Put a patient on file, with or without an account; raises Invalid for a contact that is none."""
    row = Patient(
        id=id,
        account_id=account_id,
        language=contacts.language,
        reminders_wanted=True,
        created_by=actor.account_id,
        created_at=clock.now(),
    )
    given = {
        "name": contacts.name,
        "phone": contacts.phone,
        "email": contacts.email,
        "birth_date": contacts.birth_date,
    }
    _set(row, given, fields, tz=contacts.tz, clock=clock)
    session.add(row)
    _record(session, actor, clock, row, "patient.register", reason=reason)
    return person(row, fields)


def change_patient(
    session: Session,
    *,
    actor: Actor,
    clock: Clock,
    fields: Fields,
    patient_id: PatientId,
    changes: Mapping[str, object],
    tz: str,
    if_match: str | None,
) -> Person:
    """Change what is given; raises PreconditionFailed where somebody else was first, Denied, Invalid."""
    row = visible_patient(session, actor=actor, clock=clock, patient_id=patient_id, action="patient.update")
    session.refresh(
        row, with_for_update=True
    )  # of two who change at once, the second sees the first's change
    if if_match is not None and not hmac.compare_digest(if_match, person(row, fields).etag):
        raise PreconditionFailed("patient_changed")
    desk = actor.has(Role.RECEPTION, Role.CLINIC_ADMIN)
    foreign = {name: ["The front desk changes this."] for name in changes if name not in _OWN}
    if foreign and not desk:
        raise Denied("at_the_desk", errors=foreign)
    _set(row, changes, fields, tz=tz, clock=clock)
    if row.account_id is not None:
        _follow(session.get_one(Account, row.account_id), changes, fields)
    _record(session, actor, clock, row, "patient.update")
    return person(row, fields)


def _follow(account: Account, changes: Mapping[str, object], fields: Fields) -> None:
    """Keep a patient's account in step with what the desk writes down."""
    if "name" in changes:
        account.name_sealed = fields.seal(account.id, "account.name", str(changes["name"]).strip())
    if isinstance(reminders := changes.get("reminders"), bool):
        account.reminders_wanted = reminders


def _set(row: Patient, given: Mapping[str, object], fields: Fields, *, tz: str, clock: Clock) -> None:
    if isinstance(language := given.get("language"), str):
        row.language = language
    if isinstance(reminders := given.get("reminders"), bool):
        row.reminders_wanted = reminders
    for field in _SEALED:
        if field in given:
            text = _checked(field, given[field], tz=tz, today=clock.now().date())
            blob = None if text is None else fields.seal(row.id, f"patient.{field}", text)
            setattr(row, f"{field}_sealed", blob)
            if field in {"phone", "email"}:
                setattr(row, f"{field}_index", _index(field, text, fields))


def _index(field: str, text: str | None, fields: Fields) -> bytes | None:
    """Return what a contact in its checked form is found by."""
    return None if text is None else fields.index(field, text if field == "phone" else email_key(text))


def _with_contacts(session: Session, fields: Fields, contacts: Contacts, clock: Clock) -> Sequence[Patient]:
    """Return those whom the desk knows with the telephone or the e-mail of `contacts`, the newest first."""
    same: list[ColumnElement[bool]] = []
    given = (("phone", contacts.phone, Patient.phone_index), ("email", contacts.email, Patient.email_index))
    for field, value, column in given:
        text = _checked(field, value, tz=contacts.tz, today=clock.now().date())
        if (index := _index(field, text, fields)) is not None:
            same.append(column == index)
    if not same:
        return []
    chosen = select(Patient).where(known_to_the_desk(), or_(*same)).limit(_MOST_NAMED)
    return session.scalars(chosen.order_by(Patient.created_at.desc(), Patient.id)).all()


def _already_known(
    session: Session, actor: Actor, clock: Clock, fields: Fields, known: Sequence[Patient]
) -> Refused:
    entry = audit.entry(
        session,
        actor=actor,
        clock=clock,
        action="patient.register",
        outcome="refused",
        object_type="patient",
        object_id=known[0].id,
        reason="duplicate",
    )
    people = [{"id": str(row.id), "name": person(row, fields).name} for row in known]
    return Refused(Conflict("patient_known", known=people), entry)


def _checked(field: str, value: object, *, tz: str, today: date) -> str | None:
    """Return the text to seal; raises Invalid."""
    if isinstance(value, date):
        if not date(1900, 1, 1) <= value <= today:
            raise Invalid("invalid", errors={field: ["This is not a date of birth."]})
        return value.isoformat()
    text = str(value).strip() if value is not None else ""
    if not text:
        return None
    if field == "phone":
        return checked_phone(text, tz=tz)
    return checked_email(text) if field == "email" else text


def _record(
    session: Session, actor: Actor, clock: Clock, row: Patient, action: str, *, reason: str | None = None
) -> None:
    audit.record(
        session,
        actor=actor,
        clock=clock,
        action=action,
        patient_id=row.id,
        object_type="patient",
        object_id=row.id,
        reason=reason,
    )
