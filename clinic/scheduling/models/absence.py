"""Why somebody did not come, as the desk noted it: codes that say nothing about health."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from clinic.db.base import Base, Code, UTCDateTime, one_of
from clinic.scheduling.rules.arrivals import AbsenceReason


class Absence(Base):
    """The reason for one no-show."""

    __tablename__ = "absence"
    __table_args__ = (one_of("reason", AbsenceReason),)

    appointment_id: Mapped[UUID] = mapped_column(ForeignKey("appointment.id"), primary_key=True)
    reason: Mapped[AbsenceReason] = mapped_column(Code(AbsenceReason))
    noted_at: Mapped[datetime] = mapped_column(UTCDateTime)
