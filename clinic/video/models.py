"""The tables of calls. Where a patient is and their number are sealed, and erased at the end."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from clinic.db.base import Base, Code, UTCDateTime, one_of
from clinic.ids import AccountId
from clinic.video.rules import room as rules
from clinic.video.rules.room import RoomStatus, SeatRole, SeatState


class Room(Base):
    """The room of one appointment; its row is locked by whoever changes who is in it."""

    __tablename__ = "room"
    __table_args__ = (one_of("status", RoomStatus), CheckConstraint("epoch >= 1", name="epoch"))

    id: Mapped[UUID] = mapped_column(primary_key=True)
    appointment_id: Mapped[UUID] = mapped_column(ForeignKey("appointment.id"), unique=True)
    status: Mapped[RoomStatus] = mapped_column(Code(RoomStatus))
    epoch: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)

    seats: Mapped[list[RoomSeat]] = relationship(
        back_populates="room", lazy="selectin", order_by="RoomSeat.created_at, RoomSeat.id"
    )

    @property
    def value(self) -> rules.Room:
        """Return the room as the rules see it."""
        return rules.Room(self.status, self.epoch, tuple(seat.value for seat in self.seats))


class RoomSeat(Base):
    """One account's place in one room; `connection` is its socket, `lobby` its waiting-room page's.

    The web process that holds either socket renews `seen_at`; a seat that nobody renews has lost its line.
    """

    __tablename__ = "room_seat"
    __table_args__ = (
        one_of("role", SeatRole),
        one_of("state", SeatState),
        UniqueConstraint("room_id", "account_id"),
        Index(None, "session_id"),
        CheckConstraint("(place_sealed IS NULL) = (located_at IS NULL)", name="place"),
        CheckConstraint("(phone_sealed IS NULL) = (located_at IS NULL)", name="phone"),
        CheckConstraint("(lobby IS NULL) OR (arrived_at IS NOT NULL)", name="lobby"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    room_id: Mapped[UUID] = mapped_column(ForeignKey("room.id"))
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    session_id: Mapped[UUID | None]
    role: Mapped[SeatRole] = mapped_column(Code(SeatRole))
    state: Mapped[SeatState] = mapped_column(Code(SeatState))
    instance: Mapped[UUID | None]
    connection: Mapped[str | None] = mapped_column(String(64))
    seen_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    dropped_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    lobby: Mapped[str | None] = mapped_column(String(64))
    arrived_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    mic: Mapped[bool | None]
    camera: Mapped[bool | None]
    sound_only: Mapped[bool | None]
    place_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    phone_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    located_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)

    room: Mapped[Room] = relationship(back_populates="seats", lazy="joined", innerjoin=True)

    @property
    def value(self) -> rules.Seat:
        """Return the seat as the rules see it."""
        account = AccountId(self.account_id)
        return rules.Seat(self.id, account, self.role, self.state, self.instance, self.connection)


class RoomCall(Base):
    """Both sides were in the room from `began_at` to `ended_at` (None: still are)."""

    __tablename__ = "room_call"
    __table_args__ = (Index(None, "room_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    room_id: Mapped[UUID] = mapped_column(ForeignKey("room.id"))
    began_at: Mapped[datetime] = mapped_column(UTCDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class JoinTicket(Base):
    """A secret that lets one account into one room once, within a minute; kept as a hash."""

    __tablename__ = "join_ticket"
    __table_args__ = (Index(None, "expires_at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    appointment_id: Mapped[UUID] = mapped_column(ForeignKey("appointment.id"))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    expires_at: Mapped[datetime] = mapped_column(UTCDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
