"""The person or process that acts; every act and every audit entry has one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from clinic.ids import AccountId, AppointmentId, PatientId, PractitionerId, SessionId


class Role(StrEnum):
    """What an account is in the clinic; one account may be several."""

    PATIENT = "patient"
    GUARDIAN = "guardian"
    PRACTITIONER = "practitioner"
    SUPERVISOR = "supervisor"
    RECEPTION = "reception"
    CLINIC_ADMIN = "clinic_admin"
    PRIVACY_OFFICER = "privacy_officer"
    AUDITOR = "auditor"
    SYSTEM_ADMINISTRATOR = "system_administrator"


STAFF = frozenset(Role) - {Role.PATIENT, Role.GUARDIAN}


@dataclass(frozen=True, slots=True)
class Actor:
    """Who is acting, as the session row says at this request and never as the request says.

    `confined_to` is set when the session has been idle too long but sits in the room of that appointment
    (decision 10d): the room and that visit's note stay open, everything else has timed out.
    """

    account_id: AccountId
    roles: frozenset[Role]
    patient_id: PatientId | None = None
    practitioner_id: PractitionerId | None = None
    session_id: SessionId | None = None
    stepped_up_until: datetime | None = None
    language: str = "ar"
    tz: str = "UTC"
    confined_to: AppointmentId | None = None

    def has(self, *roles: Role) -> bool:
        """Tell whether the actor holds any of `roles`."""
        return not self.roles.isdisjoint(roles)

    @property
    def is_staff(self) -> bool:
        """Tell whether the actor works at the clinic."""
        return not self.roles.isdisjoint(STAFF)

    def stepped_up(self, now: datetime) -> bool:
        """Tell whether the actor has proved again, recently enough, who they are."""
        return self.stepped_up_until is not None and now < self.stepped_up_until

    def reaches(self, appointment_id: UUID | None) -> bool:
        """Tell whether the session's life lets the actor touch what belongs to `appointment_id`.

        Whoever serves a confined permission by another id than the appointment's (a note's) asks this.
        """
        return self.confined_to is None or self.confined_to == appointment_id


# The worker and the command line act for the clinic itself; the nil UUID is never a person's.
SYSTEM = Actor(account_id=AccountId(UUID(int=0)), roles=frozenset())


class ActorLoader(Protocol):
    """Turns a session token into the actor behind it; fulfilled by the identity slice."""

    def load(self, token: str, *, touch: bool) -> Actor | None:
        """Return the actor of a live session or None; `touch` counts the request as activity."""
        ...


class SeatKeeper(Protocol):
    """Knows which sessions sit in a room; fulfilled by the video slice (`runtime.seats`)."""

    def appointment_of(self, session_id: SessionId) -> AppointmentId | None:
        """Return the appointment in whose room this session has an admitted seat, or None."""
        ...


class NoSeats:
    """The keeper of a clinic without rooms."""

    def appointment_of(self, session_id: SessionId) -> AppointmentId | None:
        """Know of no seat."""
        return None
