"""Visits and holds: one row each, live ones kept apart by the database itself (see `guard`)."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, Uuid, false
from sqlalchemy.orm import Mapped, mapped_column

from clinic.db.base import Base, Code, UTCDateTime, one_of
from clinic.ids import AppointmentId, PatientId, PractitionerId, SeriesId, ServiceId, SiteId
from clinic.scheduling.models import guard
from clinic.scheduling.rules.availability import Modality
from clinic.scheduling.rules.booking import Status
from clinic.scheduling.rules.intervals import Interval


class Seat(StrEnum):
    """Whose presence in the room is recorded."""

    PATIENT = "patient"
    PRACTITIONER = "practitioner"


class Appointment(Base):
    """A visit, the hold that may become one, or a group's session (its members are `GroupSeat`s).

    It is held at its site, or from there. People see `starts_at` to `ends_at`; the practitioner is busy from
    `busy_from` to `busy_to`, buffers included. `wall_start` in `tz` is what was promised; `tzdb` says by
    which zone rules it became an instant. Reasons are sealed, owned by the patient. `overbook_of` names the
    visit that the desk has booked this one over; it is no foreign key, since a hold changes its id when it
    is confirmed.
    """

    __tablename__ = "appointment"
    __table_args__ = (
        one_of("status", Status),
        one_of("modality", Modality),
        CheckConstraint(
            "busy_from <= starts_at AND starts_at < ends_at AND ends_at <= busy_to", name="order"
        ),
        CheckConstraint("(status IN ('held', 'expired')) = (hold_expires_at IS NOT NULL)", name="hold"),
        # one person's visit has a patient, unless it is only held; a group's members have seats instead
        CheckConstraint(
            "CASE WHEN is_group THEN patient_id IS NULL AND hold_expires_at IS NULL "
            "ELSE patient_id IS NOT NULL OR hold_expires_at IS NOT NULL END",
            name="patient",
        ),
        *guard.length_checks(),
        # the search reads this index alone, as round robin does, and the guard begins with it
        Index(
            "ix_appointment_busy",
            "practitioner_id",
            "busy_from",
            "busy_to",
            "status",
            "hold_expires_at",
            "service_id",
        ),
        Index(None, "room_id", "busy_from"),
        Index(None, "patient_id", "starts_at"),
        Index(None, "starts_at"),
        Index(None, "created_by"),
        Index(None, "series_id"),
        # seats refer to their session's times as well as to its id, so that they move with it
        Index("ix_appointment_id_times", "id", "starts_at", "ends_at", unique=True),
    )

    id: Mapped[AppointmentId] = mapped_column(Uuid, primary_key=True)
    practitioner_id: Mapped[PractitionerId] = mapped_column(Uuid, ForeignKey("schedule.practitioner_id"))
    site_id: Mapped[SiteId | None] = mapped_column(Uuid, ForeignKey("site.id"))
    patient_id: Mapped[PatientId | None] = mapped_column(Uuid, ForeignKey("patient.id"))
    is_group: Mapped[bool] = mapped_column(default=False, server_default=false())
    service_id: Mapped[ServiceId] = mapped_column(Uuid, ForeignKey("service.id"))
    series_id: Mapped[SeriesId | None] = mapped_column(Uuid, ForeignKey("series.id"))
    modality: Mapped[Modality] = mapped_column(Code(Modality))
    status: Mapped[Status] = mapped_column(Code(Status))
    starts_at: Mapped[datetime] = mapped_column(UTCDateTime)
    ends_at: Mapped[datetime] = mapped_column(UTCDateTime)
    busy_from: Mapped[datetime] = mapped_column(UTCDateTime)
    busy_to: Mapped[datetime] = mapped_column(UTCDateTime)
    wall_start: Mapped[str] = mapped_column(String(16))
    tz: Mapped[str] = mapped_column(String(64))
    tzdb: Mapped[str] = mapped_column(String(8))
    overbook_of: Mapped[AppointmentId | None] = mapped_column(Uuid)
    override_reason_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    room_id: Mapped[UUID | None] = mapped_column(ForeignKey("location.id"))
    hold_expires_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    hold_address: Mapped[bytes | None] = mapped_column(LargeBinary(32))
    reason_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    cancel_reason_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    checked_in_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    version: Mapped[int]
    created_by: Mapped[UUID]
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)

    @property
    def visit(self) -> Interval:
        """Return the time that people see."""
        return Interval(self.starts_at, self.ends_at)


guard.attach(Appointment.__table__)


class Attendance(Base):
    """Somebody was in the room of a video visit from `joined_at` to `left_at` (None: still there)."""

    __tablename__ = "attendance"
    __table_args__ = (one_of("seat", Seat), Index(None, "appointment_id"))

    id: Mapped[UUID] = mapped_column(primary_key=True)
    appointment_id: Mapped[UUID] = mapped_column(ForeignKey("appointment.id"))
    seat: Mapped[Seat] = mapped_column(Code(Seat))
    joined_at: Mapped[datetime] = mapped_column(UTCDateTime)
    left_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
