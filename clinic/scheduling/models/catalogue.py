"""What can be booked and where: sites, services, and who offers which."""

from __future__ import annotations

from datetime import time, timedelta
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, LargeBinary, String, false, true
from sqlalchemy.orm import Mapped, mapped_column

from clinic.db.base import Base, Code, one_of
from clinic.db.edited import Edited
from clinic.scheduling.models.codes import CodeSet
from clinic.scheduling.rules.availability import Modality
from clinic.scheduling.rules.booking import BookingPolicy, BookingRule
from clinic.scheduling.rules.groups import MOST_SEATS
from clinic.scheduling.rules.reminders import Steps
from clinic.scheduling.rules.reserve import Reserve
from clinic.scheduling.rules.slots import Demand
from clinic.scheduling.rules.terms import Terms


class Site(Edited, Base):
    """A place of the clinic; its zone is the wall clock that visits are told in. Monday is day 0."""

    __tablename__ = "site"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    names: Mapped[dict[str, str]] = mapped_column(JSON)
    tz: Mapped[str] = mapped_column(String(64))
    weekend: Mapped[list[int]] = mapped_column(JSON)
    active: Mapped[bool] = mapped_column(default=True, server_default=true())

    def name(self, language: str) -> str:
        """Return what the place is called in `language`, or in its first one."""
        return self.names.get(language) or next(iter(self.names.values()))


class Service(Edited, Base):
    """A kind of visit with its lengths and rules; times are minutes.

    The texts are sealed (owner: the service's id), since "addiction intake" beside a patient is a
    diagnosis; `code` is a neutral word for programs. `reminder_minutes` say how long before a visit people
    are reminded; None is as the clinic does.
    """

    __tablename__ = "service"
    __table_args__ = (
        CheckConstraint("minutes > 0 AND before_minutes >= 0 AND after_minutes >= 0", name="lengths"),
        CheckConstraint("grid_minutes IN (5, 10, 15, 20, 30, 60)", name="grid"),
        CheckConstraint("lead_minutes >= 0 AND horizon_days > 0 AND notice_minutes >= 0", name="policy"),
        one_of("booking_rule", BookingRule),
        CheckConstraint(f"seats BETWEEN 1 AND {MOST_SEATS}", name="seats"),
        CheckConstraint("reserved_percent BETWEEN 0 AND 100", name="reserve"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    kind: Mapped[str] = mapped_column(String(40))
    texts_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    modalities: Mapped[frozenset[str]] = mapped_column(CodeSet)
    minutes: Mapped[int]
    before_minutes: Mapped[int]
    after_minutes: Mapped[int]
    grid_minutes: Mapped[int]
    lead_minutes: Mapped[int]
    horizon_days: Mapped[int]
    notice_minutes: Mapped[int]
    booking_rule: Mapped[BookingRule] = mapped_column(Code(BookingRule), server_default=BookingRule.SELF)
    active: Mapped[bool] = mapped_column(default=True, server_default=true())
    reminder_minutes: Mapped[list[int] | None] = mapped_column(JSON(none_as_null=True))
    reserved_percent: Mapped[int] = mapped_column(default=0)
    release_at: Mapped[time] = mapped_column(default=time(7))
    # a service of more than one seat is held for a group; `joinable`: patients take a seat themselves
    seats: Mapped[int] = mapped_column(default=1, server_default="1")
    joinable: Mapped[bool] = mapped_column(default=False, server_default=false())

    @property
    def is_for_groups(self) -> bool:
        """Tell whether several people come at once."""
        return self.seats > 1

    @property
    def demand(self) -> Demand:
        """Return the time that one visit takes."""
        return Demand(
            length=timedelta(minutes=self.minutes),
            before=timedelta(minutes=self.before_minutes),
            after=timedelta(minutes=self.after_minutes),
            grid=timedelta(minutes=self.grid_minutes),
        )

    @property
    def policy(self) -> BookingPolicy:
        """Return how early and how late it is booked and called off."""
        return BookingPolicy(
            lead=timedelta(minutes=self.lead_minutes),
            horizon=timedelta(days=self.horizon_days),
            cancellation_notice=timedelta(minutes=self.notice_minutes),
        )

    def reminders(self, usual: Steps) -> Steps:
        """Return how long before a visit people are reminded, where the clinic does so at `usual`."""
        if self.reminder_minutes is None:
            return usual
        return tuple(timedelta(minutes=minutes) for minutes in self.reminder_minutes)

    @property
    def terms(self) -> Terms:
        """Return what the service asks of a diary."""
        ways = frozenset(Modality(code) for code in self.modalities)
        return Terms(
            demand=self.demand,
            policy=self.policy,
            reserve=self.reserve,
            modalities=ways,
            active=self.active and not self.is_for_groups,
            staff_only=self.booking_rule is BookingRule.STAFF,
        )

    @property
    def reserve(self) -> Reserve:
        """Return the share of times that is kept for urgent and same-day requests."""
        return Reserve(self.reserved_percent, self.release_at)


class PractitionerService(Base):
    """A practitioner offers a service."""

    __tablename__ = "practitioner_service"
    __table_args__ = (Index(None, "service_id"),)

    practitioner_id: Mapped[UUID] = mapped_column(ForeignKey("practitioner.id"), primary_key=True)
    service_id: Mapped[UUID] = mapped_column(ForeignKey("service.id"), primary_key=True)
