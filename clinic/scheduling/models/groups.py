"""Groups: how many seats a session has, and who sits where; nobody is in two places (see `seat_guard`)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from clinic.db.base import Base, Code, UTCDateTime, one_of
from clinic.ids import AppointmentId, PatientId
from clinic.scheduling.models import seat_guard
from clinic.scheduling.models.appointment import Appointment
from clinic.scheduling.rules.groups import MOST_SEATS, Room, SeatStatus


class GroupSession(Base):
    """The seats of one session; its time and practitioner are those of its appointment."""

    __tablename__ = "group_session"
    __table_args__ = (
        CheckConstraint(f"capacity BETWEEN 1 AND {MOST_SEATS}", name="capacity"),
        CheckConstraint("taken BETWEEN 0 AND capacity", name="taken"),
    )

    appointment_id: Mapped[AppointmentId] = mapped_column(
        Uuid, ForeignKey("appointment.id"), primary_key=True
    )
    capacity: Mapped[int]
    taken: Mapped[int]

    @property
    def room(self) -> Room:
        """Return how full the session is."""
        return Room(self.capacity, self.taken)


class GroupSeat(Base):
    """One person's seat in one session; it carries the session's times, which follow when it moves.

    `version` counts how often it was given and given up, beside the version of the session.
    """

    __tablename__ = "group_seat"
    __table_args__ = (
        one_of("status", SeatStatus),
        ForeignKeyConstraint(["appointment_id"], ["group_session.appointment_id"]),
        ForeignKeyConstraint(
            ["appointment_id", "starts_at", "ends_at"],
            [Appointment.id, Appointment.starts_at, Appointment.ends_at],
            name="fk_group_seat_times",
            onupdate="CASCADE",
        ),
        Index(None, "patient_id", "starts_at"),
    )

    appointment_id: Mapped[AppointmentId] = mapped_column(Uuid, primary_key=True)
    patient_id: Mapped[PatientId] = mapped_column(Uuid, ForeignKey("patient.id"), primary_key=True)
    status: Mapped[SeatStatus] = mapped_column(Code(SeatStatus))
    starts_at: Mapped[datetime] = mapped_column(UTCDateTime)
    ends_at: Mapped[datetime] = mapped_column(UTCDateTime)
    asked_at: Mapped[datetime] = mapped_column(UTCDateTime)
    created_by: Mapped[UUID]
    version: Mapped[int] = mapped_column(default=0, server_default="0")


seat_guard.attach(GroupSeat.__table__)
