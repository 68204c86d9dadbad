"""When practitioners are open for visits: weekly hours on the clocks of a zone."""

from __future__ import annotations

from datetime import date, time
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from clinic.db.base import Base
from clinic.db.edited import Edited
from clinic.scheduling.models.catalogue import Site
from clinic.scheduling.models.codes import CodeSet
from clinic.scheduling.rules.availability import Modality, WeeklyRule


class Schedule(Edited, Base):
    """One practitioner's schedule (FHIR Schedule); its row is locked by whoever books in it."""

    __tablename__ = "schedule"

    practitioner_id: Mapped[UUID] = mapped_column(ForeignKey("practitioner.id"), primary_key=True)
    site_id: Mapped[UUID] = mapped_column(ForeignKey("site.id"))

    site: Mapped[Site] = relationship(lazy="joined", innerjoin=True)


class AvailabilityRule(Base):
    """Open on a weekday from a wall time to a wall time; Monday is 0, both dates are included."""

    __tablename__ = "availability_rule"
    __table_args__ = (
        CheckConstraint("weekday BETWEEN 0 AND 6", name="weekday"),
        CheckConstraint("starts < ends", name="order"),
        CheckConstraint("valid_to IS NULL OR valid_from <= valid_to", name="validity"),
        Index(None, "practitioner_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    practitioner_id: Mapped[UUID] = mapped_column(ForeignKey("schedule.practitioner_id"))
    weekday: Mapped[int]
    starts: Mapped[time]
    ends: Mapped[time]
    tz: Mapped[str] = mapped_column(String(64))
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    modalities: Mapped[frozenset[str]] = mapped_column(CodeSet)

    @property
    def rule(self) -> WeeklyRule:
        """Return the row as a value."""
        return WeeklyRule(
            weekday=self.weekday,
            start=self.starts,
            end=self.ends,
            tz=self.tz,
            valid_from=self.valid_from,
            valid_to=self.valid_to,
            modalities=frozenset(Modality(code) for code in self.modalities),
        )
