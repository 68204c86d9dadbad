"""Who else comes to a visit, and who was referred to what."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, LargeBinary, String, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from clinic.db.base import Base, Code, UTCDateTime, one_of
from clinic.ids import AppointmentId, PatientId, ServiceId
from clinic.scheduling.rules.participants import ParticipantKind


class Participant(Base):
    """An interpreter or somebody close who comes too; the name is sealed, owned by the patient."""

    __tablename__ = "appointment_participant"
    __table_args__ = (one_of("kind", ParticipantKind), Index(None, "appointment_id"))

    id: Mapped[UUID] = mapped_column(primary_key=True)
    appointment_id: Mapped[AppointmentId] = mapped_column(Uuid, ForeignKey("appointment.id"))
    kind: Mapped[ParticipantKind] = mapped_column(Code(ParticipantKind))
    name_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    language: Mapped[str | None] = mapped_column(String(8))
    added_by: Mapped[UUID]
    added_at: Mapped[datetime] = mapped_column(UTCDateTime)


class Referral(Base):
    """Staff have opened a service to a patient who could not ask for it alone."""

    __tablename__ = "referral"
    __table_args__ = (UniqueConstraint("patient_id", "service_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    patient_id: Mapped[PatientId] = mapped_column(Uuid, ForeignKey("patient.id"))
    service_id: Mapped[ServiceId] = mapped_column(Uuid, ForeignKey("service.id"))
    entered_by: Mapped[UUID]
    entered_at: Mapped[datetime] = mapped_column(UTCDateTime)
