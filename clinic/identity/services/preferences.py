"""What people choose for themselves: language, time zone and how they are written to."""

from __future__ import annotations

from dataclasses import dataclass
from zoneinfo import ZoneInfo, available_timezones

from sqlalchemy import select
from sqlalchemy.orm import Session

from clinic import audit
from clinic.access.actor import Actor
from clinic.clock import Clock
from clinic.errors import Denied, Invalid
from clinic.identity.models import Account, Patient
from clinic.identity.rules.contacts import checked_phone
from clinic.vault.fields import Fields

PHONE = "account.phone"


@dataclass(frozen=True, slots=True)
class Channels:
    """Which ways of writing somebody wants, and whether they want to be reminded of visits."""

    email: bool
    sms: bool
    reminders: bool


@dataclass(frozen=True, slots=True)
class Preferences:
    """How one account is spoken and written to."""

    language: str
    tz: str
    channels: Channels
    phone: str | None


def preferences_of(session: Session, *, actor: Actor, fields: Fields) -> Preferences:
    """Return the actor's preferences; `phone` is that of people who work here."""
    account = session.get_one(Account, actor.account_id)
    channels = Channels(account.mail_wanted, account.sms_wanted, account.reminders_wanted)
    sealed = account.phone_sealed
    phone = None if sealed is None else fields.open(account.id, PHONE, sealed)
    return Preferences(account.language, account.tz, channels, phone)


def change_preferences(
    session: Session,
    *,
    actor: Actor,
    clock: Clock,
    fields: Fields,
    language: str | None = None,
    tz: str | None = None,
    mail_wanted: bool | None = None,
    sms_wanted: bool | None = None,
    reminders_wanted: bool | None = None,
    phone: str | None = None,
) -> Preferences:
    """Change what is given and return all; raises Invalid for a zone that is not one, or a telephone.

    An empty `phone` is taken off; raises Denied("at_the_desk") for a patient, whose number is on their file.
    """
    account = session.get_one(Account, actor.account_id)
    account.language = language or account.language
    account.tz = checked_zone(tz) if tz is not None else account.tz
    account.mail_wanted = account.mail_wanted if mail_wanted is None else mail_wanted
    account.sms_wanted = account.sms_wanted if sms_wanted is None else sms_wanted
    if reminders_wanted is not None:
        _set_reminders(session, account, reminders_wanted)
    if phone is not None:
        _set_phone(account, actor, fields, phone.strip())
    audit.record(
        session,
        actor=actor,
        clock=clock,
        action="preferences.change",
        object_type="account",
        object_id=account.id,
    )
    return preferences_of(session, actor=actor, fields=fields)


def _set_phone(account: Account, actor: Actor, fields: Fields, phone: str) -> None:
    if not actor.is_staff:
        raise Denied("at_the_desk")
    number = checked_phone(phone, tz=account.tz) if phone else None
    account.phone_sealed = None if number is None else fields.seal(account.id, PHONE, number)


def _set_reminders(session: Session, account: Account, wanted: bool) -> None:
    """Keep what the desk sees in step with what the person chose."""
    account.reminders_wanted = wanted
    for patient in session.scalars(select(Patient).where(Patient.account_id == account.id)):
        patient.reminders_wanted = wanted


def checked_zone(tz: str) -> str:
    """Return `tz`; raises Invalid unless it is an IANA zone of the pinned release."""
    if tz not in available_timezones():
        raise Invalid("invalid", errors={"tz": ["This is not a time zone."]})
    return ZoneInfo(tz).key
