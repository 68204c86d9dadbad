"""What has happened in the diary; ids only.

A change of many visits of a series is told visit by visit, each with `within`, and once for the whole:
whoever writes to people listens to the whole and leaves out what happened `within` it.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from clinic.ids import AppointmentId, PatientId, PractitionerId, SeriesId


@dataclass(frozen=True, slots=True)
class AppointmentBooked:
    """A visit is agreed."""

    appointment_id: AppointmentId
    patient_id: PatientId
    practitioner_id: PractitionerId
    within: SeriesId | None = None


@dataclass(frozen=True, slots=True)
class AppointmentCancelled:
    """A visit will not take place; its time is free again."""

    appointment_id: AppointmentId
    patient_id: PatientId
    practitioner_id: PractitionerId
    within: SeriesId | None = None


@dataclass(frozen=True, slots=True)
class AppointmentMoved:
    """A visit has another time or practitioner; `version` counts its moves.

    With `clocks` its wall time has stayed: new zone rules made it another instant, and people are told once
    of all that are theirs.
    `moved_from` is the practitioner who had it, where it is another one.
    """

    appointment_id: AppointmentId
    patient_id: PatientId
    practitioner_id: PractitionerId
    version: int
    within: SeriesId | None = None
    clocks: bool = False
    moved_from: PractitionerId | None = None


@dataclass(frozen=True, slots=True)
class WallTimesKept:
    """New zone rules made visits or sessions other instants; `first` is the earliest that concerns somebody.

    That is the patient or member, or with None whoever holds them.
    """

    first: AppointmentId
    patient_id: PatientId | None


@dataclass(frozen=True, slots=True)
class PatientCheckedIn:
    """A patient has arrived for a visit, at the desk or in the waiting room."""

    appointment_id: AppointmentId
    patient_id: PatientId
    practitioner_id: PractitionerId


@dataclass(frozen=True, slots=True)
class PatientMissed:
    """Staff have noted that a patient did not come."""

    appointment_id: AppointmentId
    patient_id: PatientId
    practitioner_id: PractitionerId


@dataclass(frozen=True, slots=True)
class VisitFulfilled:
    """Staff have noted that a visit took place."""

    appointment_id: AppointmentId
    patient_id: PatientId
    practitioner_id: PractitionerId


@dataclass(frozen=True, slots=True)
class TimeHeld:
    """Somebody keeps a time while they confirm it, or it is kept for somebody who waits."""

    appointment_id: AppointmentId
    practitioner_id: PractitionerId


@dataclass(frozen=True, slots=True)
class TimeReleased:
    """A time that was kept is free again before its hold lapsed."""

    appointment_id: AppointmentId
    practitioner_id: PractitionerId


@dataclass(frozen=True, slots=True)
class TimeOffered:
    """A free time is kept for somebody who waits, until they answer or it lapses."""

    offer_id: UUID
    patient_id: PatientId


@dataclass(frozen=True, slots=True)
class WaitlistChanged:
    """Somebody waits, waits no more or more urgently, or an offer was made, answered or taken back."""

    entry_id: UUID


@dataclass(frozen=True, slots=True)
class SeriesBooked:
    """Several visits are agreed at once; `first` is the earliest of them."""

    series_id: SeriesId
    first: AppointmentId
    patient_id: PatientId
    practitioner_id: PractitionerId


@dataclass(frozen=True, slots=True)
class SeriesMoved:
    """Several visits of a series have other times; `first` is the earliest of them."""

    series_id: SeriesId
    first: AppointmentId
    patient_id: PatientId
    practitioner_id: PractitionerId


@dataclass(frozen=True, slots=True)
class SeriesCancelled:
    """Several visits of a series will not take place; `first` is the earliest of them."""

    series_id: SeriesId
    first: AppointmentId
    patient_id: PatientId
    practitioner_id: PractitionerId


@dataclass(frozen=True, slots=True)
class SessionChanged:
    """A group's session was planned, moved or called off; its time may be free again."""

    appointment_id: AppointmentId
    practitioner_id: PractitionerId


@dataclass(frozen=True, slots=True)
class SeatBooked:
    """Somebody has a seat in a group's session; `moved_up` when they had waited for it."""

    appointment_id: AppointmentId
    patient_id: PatientId
    moved_up: bool = False


@dataclass(frozen=True, slots=True)
class SeatCancelled:
    """Somebody's seat is given up, by them or with the whole session; with it, who only `waited` too."""

    appointment_id: AppointmentId
    patient_id: PatientId
    waited: bool = False


@dataclass(frozen=True, slots=True)
class SeatMoved:
    """The session in which somebody has a seat has another time; `clocks` as of a visit."""

    appointment_id: AppointmentId
    patient_id: PatientId
    clocks: bool = False


@dataclass(frozen=True, slots=True)
class UrgentRequestAsked:
    """People on call, or the desk, are asked to take an urgent request on; `number` counts its steps."""

    request_id: UUID
    number: int
    practitioners: tuple[PractitionerId, ...]
    desk: bool


@dataclass(frozen=True, slots=True)
class UrgentRequestAnswered:
    """An urgent request was claimed, handed on or closed; `practitioners` are those who were asked."""

    request_id: UUID
    practitioners: tuple[PractitionerId, ...]
