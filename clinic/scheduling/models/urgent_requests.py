"""Urgent requests for patients, and the steps of their way; codes and ids, no words."""

from __future__ import annotations

from datetime import datetime
from itertools import takewhile
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from clinic.db.base import Base, Code, UTCDateTime, one_of
from clinic.ids import AppointmentId, PatientId, PractitionerId
from clinic.scheduling.rules.urgent_requests import DESK, Happening, Outcome, RequestState, Standing

_STANDING = text(f"state <> '{RequestState.CLOSED.value}'")


class UrgentRequest(Base):
    """Somebody is to be spoken with soon: one standing request for a patient.

    While it is open, the next step is asked at `due_at`, or the desk told again where no step is left. The
    number to call is sealed (owner: the patient).
    """

    __tablename__ = "urgent_request"
    __table_args__ = (
        one_of("state", RequestState),
        one_of("outcome", Outcome),
        CheckConstraint(f"step BETWEEN 0 AND {DESK}", name="step"),
        CheckConstraint("state <> 'claimed' OR claimed_by IS NOT NULL", name="claimed"),
        CheckConstraint("(state = 'closed') = (outcome IS NOT NULL)", name="closed"),
        CheckConstraint("(state = 'open') = (due_at IS NOT NULL)", name="due"),
        Index(
            "uq_urgent_request_standing",
            "patient_id",
            unique=True,
            sqlite_where=_STANDING,
            postgresql_where=_STANDING,
        ),
        Index(None, "state", "due_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    service_id: Mapped[UUID] = mapped_column(ForeignKey("service.id"))
    patient_id: Mapped[PatientId] = mapped_column(ForeignKey("patient.id"))
    state: Mapped[RequestState] = mapped_column(Code(RequestState))
    step: Mapped[int]
    due_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    phone_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    raised_by: Mapped[UUID]
    raised_at: Mapped[datetime] = mapped_column(UTCDateTime)
    claimed_by: Mapped[UUID | None]
    claimed_practitioner_id: Mapped[PractitionerId | None] = mapped_column(ForeignKey("practitioner.id"))
    claimed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    outcome: Mapped[Outcome | None] = mapped_column(Code(Outcome))
    closed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    appointment_id: Mapped[AppointmentId | None] = mapped_column(ForeignKey("appointment.id"))

    events: Mapped[list[UrgentRequestEvent]] = relationship(
        back_populates="request", order_by="UrgentRequestEvent.number"
    )

    @property
    def asked(self) -> frozenset[UUID]:
        """Return the practitioners who were asked."""
        return frozenset(
            one.practitioner_id
            for one in self.events
            if one.kind is Happening.ASKED and one.practitioner_id is not None
        )

    def waits_for(self, practitioner: UUID) -> bool:
        """Tell whether an answer of `practitioner` is still waited for: asked last, and not handed on."""
        theirs = [one.kind for one in self.events if one.practitioner_id == practitioner]
        return self.state is RequestState.OPEN and theirs[-1:] == [Happening.ASKED]

    @property
    def told_desk(self) -> int:
        """Return how often the desk was told since the request last came to it; 0 while it is elsewhere."""
        kinds = (one.kind for one in reversed(self.events))
        return sum(1 for _ in takewhile(lambda kind: kind is Happening.DESK, kinds))

    @property
    def standing(self) -> Standing:
        """Return the row as the rules look at it."""
        return Standing(self.state, self.claimed_by, self.asked)


class UrgentRequestEvent(Base):
    """One step of a request's way; its number is taken once, so that no step is taken twice."""

    __tablename__ = "urgent_request_event"
    __table_args__ = (one_of("kind", Happening),)

    request_id: Mapped[UUID] = mapped_column(ForeignKey("urgent_request.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    kind: Mapped[Happening] = mapped_column(Code(Happening))
    step: Mapped[int]
    practitioner_id: Mapped[PractitionerId | None] = mapped_column(ForeignKey("practitioner.id"))
    account_id: Mapped[UUID]
    at: Mapped[datetime] = mapped_column(UTCDateTime)

    request: Mapped[UrgentRequest] = relationship(back_populates="events")
