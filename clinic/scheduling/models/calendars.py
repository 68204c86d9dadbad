"""Calendars beyond the clinic: feeds that people subscribe to, and those read for busy times."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from clinic.db.base import Base, Code, UTCDateTime, one_of
from clinic.scheduling.rules.intervals import Interval


class Detail(StrEnum):
    """How much the entries of a feed say."""

    NEUTRAL = "neutral"
    NAMES = "names"


class CalendarFeed(Base):
    """An address that shows one account's visits to a calendar program; only its token's hash is kept."""

    __tablename__ = "calendar_feed"
    __table_args__ = (one_of("detail", Detail), Index(None, "account_id"))

    id: Mapped[UUID] = mapped_column(primary_key=True)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    detail: Mapped[Detail] = mapped_column(Code(Detail))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    renewed_at: Mapped[datetime] = mapped_column(UTCDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class ExternalCalendar(Base):
    """A practitioner's calendar elsewhere; its address, which opens it, is sealed (owner: the row).

    `due_at` is when it is read next, `read_at` when it last could be; `failure` says why it cannot be now.
    """

    __tablename__ = "external_calendar"
    __table_args__ = (
        CheckConstraint("failures >= 0", name="failures"),
        CheckConstraint("(failure IS NULL) = (failures = 0)", name="failure"),
        Index(None, "practitioner_id"),
        Index(None, "due_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    practitioner_id: Mapped[UUID] = mapped_column(ForeignKey("schedule.practitioner_id"))
    address_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    due_at: Mapped[datetime] = mapped_column(UTCDateTime)
    read_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    failure: Mapped[str | None] = mapped_column(String(40))
    failures: Mapped[int]


class ExternalBusy(Base):
    """A stretch in which a practitioner is busy elsewhere; never longer than 24 hours, as visits are."""

    __tablename__ = "external_busy"
    __table_args__ = (
        CheckConstraint("starts_at < ends_at", name="order"),
        Index(None, "practitioner_id", "starts_at"),
    )

    calendar_id: Mapped[UUID] = mapped_column(ForeignKey("external_calendar.id"), primary_key=True)
    starts_at: Mapped[datetime] = mapped_column(UTCDateTime, primary_key=True)
    ends_at: Mapped[datetime] = mapped_column(UTCDateTime)
    practitioner_id: Mapped[UUID] = mapped_column(ForeignKey("schedule.practitioner_id"))

    @property
    def stretch(self) -> Interval:
        """Return the row as a value."""
        return Interval(self.starts_at, self.ends_at)
