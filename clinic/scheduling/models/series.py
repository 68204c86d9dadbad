"""Series: what was agreed once, of which every date is an appointment of its own."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from clinic.db.base import Base, Code, UTCDateTime, one_of
from clinic.ids import PatientId, PractitionerId, SeriesId, ServiceId
from clinic.scheduling.rules.availability import Modality
from clinic.scheduling.rules.recurrence import Rhythm
from clinic.scheduling.rules.series import Fate


class Series(Base):
    """A rhythm that was agreed: for one patient, or for a group (no patient).

    `wall_start` is the first date on the clocks of `tz`. `version` counts the changes to the whole.
    """

    __tablename__ = "series"
    __table_args__ = (
        one_of("rhythm", Rhythm),
        one_of("modality", Modality),
        CheckConstraint("(times IS NULL) <> (until IS NULL)", name="end"),
        Index(None, "patient_id"),
        Index(None, "practitioner_id"),
    )

    id: Mapped[SeriesId] = mapped_column(Uuid, primary_key=True)
    patient_id: Mapped[PatientId | None] = mapped_column(Uuid, ForeignKey("patient.id"))
    practitioner_id: Mapped[PractitionerId] = mapped_column(Uuid, ForeignKey("schedule.practitioner_id"))
    service_id: Mapped[ServiceId] = mapped_column(Uuid, ForeignKey("service.id"))
    modality: Mapped[Modality] = mapped_column(Code(Modality))
    rhythm: Mapped[Rhythm] = mapped_column(Code(Rhythm))
    wall_start: Mapped[str] = mapped_column(String(16))
    tz: Mapped[str] = mapped_column(String(64))
    times: Mapped[int | None]
    until: Mapped[date | None]
    version: Mapped[int]
    created_by: Mapped[UUID]
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)


class SeriesGap(Base):
    """A date of a series that was left out, and why; `local` is the wall time it would have had."""

    __tablename__ = "series_gap"
    __table_args__ = (one_of("fate", Fate),)

    series_id: Mapped[SeriesId] = mapped_column(Uuid, ForeignKey("series.id"), primary_key=True)
    local: Mapped[str] = mapped_column(String(16), primary_key=True)
    fate: Mapped[Fate] = mapped_column(Code(Fate))
