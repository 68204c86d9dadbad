"""When practitioners are open for visits: weekly hours, other hours for a while, single exceptions.

All of it in wall times and a zone, which is what people mean; instants are worked out when they are asked
for, so that new zone rules need no rewriting here.
"""

from __future__ import annotations

from datetime import date, datetime, time
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from clinic.db.base import Base, Code, UTCDateTime, one_of
from clinic.db.edited import Edited
from clinic.ids import SiteId
from clinic.scheduling.models.catalogue import Site
from clinic.scheduling.models.codes import CodeSet
from clinic.scheduling.rules.availability import Days, Modality, SetKind, WallStretch, WeeklyRule
from clinic.scheduling.rules.exceptions import ExceptionKind

WALL = 16  # as in "2026-11-22T16:00", which sorts as time does


class Schedule(Edited, Base):
    """One practitioner's schedule (FHIR Schedule); its row is locked by whoever books in it."""

    __tablename__ = "schedule"

    practitioner_id: Mapped[UUID] = mapped_column(ForeignKey("practitioner.id"), primary_key=True)
    site_id: Mapped[UUID] = mapped_column(ForeignKey("site.id"))

    site: Mapped[Site] = relationship(lazy="joined", innerjoin=True)


class AvailabilitySet(Base):
    """Other hours for a while: from `first_day` to `last_day` the rules of the set hold, the usual do not."""

    __tablename__ = "availability_set"
    __table_args__ = (
        one_of("kind", SetKind),
        CheckConstraint("first_day <= last_day", name="order"),
        Index(None, "practitioner_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    practitioner_id: Mapped[UUID] = mapped_column(ForeignKey("schedule.practitioner_id"))
    kind: Mapped[SetKind] = mapped_column(Code(SetKind))
    first_day: Mapped[date]
    last_day: Mapped[date]

    @property
    def days(self) -> Days:
        """Return the days of the set."""
        return Days(self.first_day, self.last_day)


class AvailabilityRule(Base):
    """Open on a weekday from a wall time to a wall time; Monday is 0, both dates are included."""

    __tablename__ = "availability_rule"
    __table_args__ = (
        CheckConstraint("weekday BETWEEN 0 AND 6", name="weekday"),
        CheckConstraint("(starts < ends) <> overnight", name="order"),
        CheckConstraint("valid_to IS NULL OR valid_from <= valid_to", name="validity"),
        Index(None, "practitioner_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    practitioner_id: Mapped[UUID] = mapped_column(ForeignKey("schedule.practitioner_id"))
    set_id: Mapped[UUID | None] = mapped_column(ForeignKey("availability_set.id"))
    site_id: Mapped[UUID | None] = mapped_column(ForeignKey("site.id"))
    weekday: Mapped[int]
    starts: Mapped[time]
    ends: Mapped[time]
    overnight: Mapped[bool] = mapped_column(default=False)
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
            overnight=self.overnight,
            site=SiteId(self.site_id) if self.site_id else None,
        )


class ScheduleException(Base):
    """One stretch that differs: open, closed, or leave. Why somebody is away is sealed (owner: the row)."""

    __tablename__ = "schedule_exception"
    __table_args__ = (
        one_of("kind", ExceptionKind),
        CheckConstraint("wall_start < wall_end", name="order"),
        CheckConstraint("kind = 'leave' OR (reason_sealed IS NULL AND cover_id IS NULL)", name="leave"),
        CheckConstraint("cover_id <> practitioner_id", name="cover"),
        Index(None, "practitioner_id", "wall_end"),
        Index(None, "wall_end"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    practitioner_id: Mapped[UUID] = mapped_column(ForeignKey("schedule.practitioner_id"))
    kind: Mapped[ExceptionKind] = mapped_column(Code(ExceptionKind))
    wall_start: Mapped[str] = mapped_column(String(WALL))
    wall_end: Mapped[str] = mapped_column(String(WALL))
    tz: Mapped[str] = mapped_column(String(64))
    site_id: Mapped[UUID | None] = mapped_column(ForeignKey("site.id"))
    modalities: Mapped[frozenset[str]] = mapped_column(CodeSet)
    reason_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    cover_id: Mapped[UUID | None] = mapped_column(ForeignKey("practitioner.id"))
    created_by: Mapped[UUID]
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)

    @property
    def stretch(self) -> WallStretch:
        """Return when."""
        return stretch_of(self.wall_start, self.wall_end, self.tz)


class Holiday(Base):
    """A day, or a part of one, on which a site is closed; with `closes` off it is open as usual."""

    __tablename__ = "holiday"
    __table_args__ = (
        CheckConstraint("wall_start < wall_end", name="order"),
        Index(None, "site_id", "wall_end"),
        Index(None, "wall_end"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    site_id: Mapped[UUID] = mapped_column(ForeignKey("site.id"))
    wall_start: Mapped[str] = mapped_column(String(WALL))
    wall_end: Mapped[str] = mapped_column(String(WALL))
    names: Mapped[dict[str, str]] = mapped_column(JSON)
    closes: Mapped[bool]
    version: Mapped[int]

    def name(self, language: str) -> str:
        """Return what the day is called in `language`, or in its first one."""
        return self.names.get(language) or next(iter(self.names.values()))


def stretch_of(wall_start: str, wall_end: str, tz: str) -> WallStretch:
    """Return stored wall times as a stretch."""
    return WallStretch(datetime.fromisoformat(wall_start), datetime.fromisoformat(wall_end), tz)
