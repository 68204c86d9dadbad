"""Who is on call for an urgent service: the rota with its weekly rules, and colleagues who step in.

As with opening hours all is kept in wall times and a zone; instants are worked out when they are asked for.
"""

from __future__ import annotations

from datetime import date, datetime, time
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from clinic.db.base import Base, UTCDateTime
from clinic.db.edited import Edited
from clinic.ids import PractitionerId
from clinic.scheduling.models.schedule import WALL, stretch_of
from clinic.scheduling.rules import on_call
from clinic.scheduling.rules.availability import Modality, WeeklyRule

_STEPS = f"step BETWEEN {on_call.FIRST} AND {on_call.MOST_STEPS}"


class OnCallRota(Edited, Base):
    """The rota of one service; its row is locked by whoever edits the rules.

    Who has been asked has `answer_minutes` before the next step is asked.
    """

    __tablename__ = "on_call_rota"
    __table_args__ = (CheckConstraint("answer_minutes BETWEEN 1 AND 120", name="answer"),)

    service_id: Mapped[UUID] = mapped_column(ForeignKey("service.id"), primary_key=True)
    around_the_clock: Mapped[bool]
    answer_minutes: Mapped[int]


class OnCallRule(Base):
    """Somebody is on call on a weekday from a wall time to a wall time; Monday is 0, both dates included."""

    __tablename__ = "on_call_rule"
    __table_args__ = (
        CheckConstraint("weekday BETWEEN 0 AND 6", name="weekday"),
        CheckConstraint("(starts < ends) <> overnight", name="order"),
        CheckConstraint("valid_to IS NULL OR valid_from <= valid_to", name="validity"),
        CheckConstraint(_STEPS, name="step"),
        Index(None, "service_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    service_id: Mapped[UUID] = mapped_column(ForeignKey("on_call_rota.service_id"))
    practitioner_id: Mapped[UUID] = mapped_column(ForeignKey("practitioner.id"))
    step: Mapped[int]
    weekday: Mapped[int]
    starts: Mapped[time]
    ends: Mapped[time]
    overnight: Mapped[bool]
    tz: Mapped[str] = mapped_column(String(64))
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]

    @property
    def rule(self) -> on_call.DutyRule:
        """Return the row as a value."""
        week = WeeklyRule(
            weekday=self.weekday,
            start=self.starts,
            end=self.ends,
            tz=self.tz,
            valid_from=self.valid_from,
            valid_to=self.valid_to,
            modalities=frozenset(Modality),
            overnight=self.overnight,
        )
        return on_call.DutyRule(PractitionerId(self.practitioner_id), self.step, week)


class OnCallCover(Base):
    """Somebody steps in for a stretch: for a colleague (`instead_of_id`), or beside the rules."""

    __tablename__ = "on_call_cover"
    __table_args__ = (
        CheckConstraint("wall_start < wall_end", name="order"),
        CheckConstraint("instead_of_id <> practitioner_id", name="colleague"),
        CheckConstraint(_STEPS, name="step"),
        Index(None, "service_id", "wall_end"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    service_id: Mapped[UUID] = mapped_column(ForeignKey("on_call_rota.service_id"))
    practitioner_id: Mapped[UUID] = mapped_column(ForeignKey("practitioner.id"))
    instead_of_id: Mapped[UUID | None] = mapped_column(ForeignKey("practitioner.id"))
    step: Mapped[int]
    wall_start: Mapped[str] = mapped_column(String(WALL))
    wall_end: Mapped[str] = mapped_column(String(WALL))
    tz: Mapped[str] = mapped_column(String(64))
    created_by: Mapped[UUID]
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)

    @property
    def cover(self) -> on_call.Cover:
        """Return the row as a value."""
        whose = self.instead_of_id
        return on_call.Cover(
            self.id,
            PractitionerId(self.practitioner_id),
            self.step,
            stretch_of(self.wall_start, self.wall_end, self.tz),
            None if whose is None else PractitionerId(whose),
        )
