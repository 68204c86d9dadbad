"""Which web sessions sit in a room: they stay alive for it and for that visit's note (decision 10d)."""

from __future__ import annotations

from clinic.clock import Clock
from clinic.db.engine import Database
from clinic.db.transaction import snapshot
from clinic.ids import AppointmentId, SessionId
from clinic.video.queries.rooms import seated_appointment


class SeatSessions:
    """Fulfils `access.SeatKeeper` from the seats' rows."""

    def __init__(self, database: Database, clock: Clock) -> None:
        """Read seats from `database`."""
        self._database = database
        self._clock = clock

    def appointment_of(self, session_id: SessionId) -> AppointmentId | None:
        """Return the appointment in whose room this session has an admitted seat, or None."""
        with snapshot(self._database) as session:
            return seated_appointment(session, session_id=session_id, now=self._clock.now())
