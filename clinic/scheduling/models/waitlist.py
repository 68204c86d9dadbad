"""People who wait for a time or for an earlier one, and the times that they were offered."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, Uuid, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from clinic.db.base import Base, Code, UTCDateTime, one_of
from clinic.ids import AppointmentId, PatientId, PractitionerId, ServiceId
from clinic.scheduling.models.codes import CodeSet
from clinic.scheduling.rules.availability import Modality
from clinic.scheduling.rules.slots import DayPart
from clinic.scheduling.rules.waitlist import EntryState, OfferStatus, Triage, Waiting, Wishes

_WAITING = text(f"state = '{EntryState.WAITING.value}'")
_OPEN = text(f"status = '{OfferStatus.OPEN.value}'")


class WaitlistEntry(Base):
    """One patient waits for one service, once; a visit they have already (`appointment_id`) stands."""

    __tablename__ = "waitlist_entry"
    __table_args__ = (
        one_of("triage", Triage),
        one_of("state", EntryState),
        one_of("modality", Modality),
        Index(
            "uq_waitlist_entry_waiting",
            "patient_id",
            "service_id",
            unique=True,
            sqlite_where=_WAITING,
            postgresql_where=_WAITING,
        ),
        Index(None, "state", "service_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    patient_id: Mapped[PatientId] = mapped_column(ForeignKey("patient.id"))
    service_id: Mapped[ServiceId] = mapped_column(ForeignKey("service.id"))
    modality: Mapped[Modality] = mapped_column(Code(Modality))
    triage: Mapped[Triage] = mapped_column(Code(Triage))
    state: Mapped[EntryState] = mapped_column(Code(EntryState))
    practitioner_id: Mapped[PractitionerId | None] = mapped_column(ForeignKey("practitioner.id"))
    language: Mapped[str | None] = mapped_column(String(8))
    weekdays: Mapped[frozenset[str]] = mapped_column(CodeSet)
    parts: Mapped[frozenset[str]] = mapped_column(CodeSet)
    until: Mapped[date | None]
    appointment_id: Mapped[AppointmentId | None] = mapped_column(ForeignKey("appointment.id"))
    created_by: Mapped[UUID]
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    settled_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    offers: Mapped[list[WaitlistOffer]] = relationship(
        back_populates="entry", order_by="WaitlistOffer.made_at"
    )

    @property
    def waiting(self) -> Waiting:
        """Return the row as a value."""
        wishes = Wishes(
            practitioner=self.practitioner_id,
            weekdays=frozenset(int(code) for code in self.weekdays),
            parts=frozenset(DayPart(code) for code in self.parts),
            until=self.until,
        )
        return Waiting(self.triage, self.created_at, wishes)

    @property
    def open_offer(self) -> WaitlistOffer | None:
        """Return the offer that waits for an answer."""
        return next((one for one in self.offers if one.status is OfferStatus.OPEN), None)


class WaitlistOffer(Base):
    """A time kept for one who waits: one open offer, one hold.

    The hold is forgotten a day after it has lapsed, so that the offer keeps its own times, and its id is no
    foreign key.
    """

    __tablename__ = "waitlist_offer"
    __table_args__ = (
        one_of("status", OfferStatus),
        Index(
            "uq_waitlist_offer_open",
            "entry_id",
            unique=True,
            sqlite_where=_OPEN,
            postgresql_where=_OPEN,
        ),
        Index(None, "entry_id"),
        Index(None, "status", "expires_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    entry_id: Mapped[UUID] = mapped_column(ForeignKey("waitlist_entry.id"))
    hold_id: Mapped[AppointmentId] = mapped_column(Uuid)
    practitioner_id: Mapped[PractitionerId] = mapped_column(ForeignKey("practitioner.id"))
    starts_at: Mapped[datetime] = mapped_column(UTCDateTime)
    ends_at: Mapped[datetime] = mapped_column(UTCDateTime)
    wall_start: Mapped[str] = mapped_column(String(16))
    tz: Mapped[str] = mapped_column(String(64))
    status: Mapped[OfferStatus] = mapped_column(Code(OfferStatus))
    automatic: Mapped[bool]
    made_by: Mapped[UUID]
    made_at: Mapped[datetime] = mapped_column(UTCDateTime)
    expires_at: Mapped[datetime] = mapped_column(UTCDateTime)
    answered_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    entry: Mapped[WaitlistEntry] = relationship(back_populates="offers")

    def is_open(self, now: datetime) -> bool:
        """Tell whether it can be accepted at `now`."""
        return self.status is OfferStatus.OPEN and now < self.expires_at
