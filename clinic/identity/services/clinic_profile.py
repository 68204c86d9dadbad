"""What the clinic says of itself as one document: what the settings give until it saves its own."""

from __future__ import annotations

from dataclasses import dataclass, replace

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from clinic import audit
from clinic.access.actor import Actor
from clinic.clock import Clock
from clinic.db.edited import Change
from clinic.errors import Invalid, PreconditionFailed
from clinic.identity.models import Clinic
from clinic.identity.rules.contacts import checked_phone
from clinic.identity.services.preferences import checked_zone
from clinic.web.profile import ClinicProfile

_ONLY = 1


@dataclass(frozen=True, slots=True)
class Document:
    """The profile and its version; version 0 has never been saved."""

    profile: ClinicProfile
    version: int
    change: Change


def read_profile(session: Session, *, otherwise: ClinicProfile) -> Document:
    """Return the profile, or `otherwise` where none was saved."""
    row = session.get(Clinic, _ONLY)
    if row is None:
        return Document(otherwise, 0, Change(None, None))
    return Document(_profile(row), row.version, row.change)


def change_profile(
    session: Session, *, actor: Actor, clock: Clock, wanted: ClinicProfile, version: int
) -> Document:
    """Replace the profile; raises Invalid naming the field, PreconditionFailed where somebody was first."""
    checked = _checked(wanted)
    row = session.get(Clinic, _ONLY, with_for_update=True)
    if row is None:
        if version:
            raise PreconditionFailed("document_changed")
        row = Clinic(id=_ONLY)
        row.made(by=actor.account_id, at=clock.now())
        session.add(row)
    else:
        row.expect(version)
        row.changed(by=actor.account_id, at=clock.now())
    _set(row, checked)
    try:
        session.flush()
    except IntegrityError as error:  # two who save the first one at once
        raise PreconditionFailed("document_changed") from error
    audit.record(session, actor=actor, clock=clock, action="clinic.edit", object_type="clinic")
    return Document(checked, row.version, row.change)


def _checked(wanted: ClinicProfile) -> ClinicProfile:
    checked_zone(wanted.tz)
    names = {language: name.strip() for language, name in wanted.names.items() if name.strip()}
    if wanted.languages[0] not in names:
        raise Invalid("invalid", errors={f"names.{wanted.languages[0]}": ["The default language needs it."]})
    phone = checked_phone(wanted.phone, tz=wanted.tz) if wanted.phone.strip() else ""
    return replace(wanted, names=names, phone=phone)


def _profile(row: Clinic) -> ClinicProfile:
    return ClinicProfile(
        tz=row.tz,
        languages=tuple(row.languages),
        names=row.names,
        digits=row.digits,
        week_start=row.week_start,
        phone=row.phone,
        closed_directory=row.closed_directory,
    )


def _set(row: Clinic, profile: ClinicProfile) -> None:
    row.tz, row.languages, row.names = profile.tz, list(profile.languages), dict(profile.names)
    row.digits, row.week_start, row.phone = profile.digits, profile.week_start, profile.phone
    row.closed_directory = profile.closed_directory
