"""From a session token to the actor behind it: asked at every request and every socket event."""

from __future__ import annotations

from collections.abc import Callable

from clinic.access.actor import Actor, SeatKeeper
from clinic.clock import Clock
from clinic.db.engine import Database
from clinic.db.transaction import snapshot, transaction
from clinic.identity import queries
from clinic.identity.queries import SignedIn
from clinic.identity.rules.sessions import Life, life, touch_due
from clinic.identity.services.sessions import hash_token, touch
from clinic.ids import AppointmentId


class SessionActors:
    """Fulfils `access.ActorLoader` from the session table; nothing is cached, so an ended session is gone."""

    def __init__(self, database: Database, clock: Clock, seats: Callable[[], SeatKeeper]) -> None:
        """Read sessions from `database`; `seats` gives whoever knows which of them sit in a room."""
        self._database = database
        self._clock = clock
        self._seats = seats

    def load(self, token: str, *, touch: bool) -> Actor | None:
        """Return the actor of a live session, confined where only its seat in a room keeps it, or None."""
        now = self._clock.now()
        with snapshot(self._database) as session:
            found = queries.signed_in(session, token_hash=hash_token(token))
        if found is None:
            return None
        state = life(found.times, now)
        if state is Life.LIVE:
            if touch and touch_due(found.times, now):
                self._touch(found)
            return _actor(found)
        room = self._seats().appointment_of(found.session_id) if state is Life.IDLE else None
        return None if room is None else _actor(found, confined_to=room)

    def _touch(self, found: SignedIn) -> None:
        with transaction(self._database) as session:
            touch(session, session_id=found.session_id, clock=self._clock)


def _actor(found: SignedIn, *, confined_to: AppointmentId | None = None) -> Actor:
    return Actor(
        account_id=found.account_id,
        roles=found.roles,
        patient_id=found.patient_id,
        practitioner_id=found.practitioner_id,
        session_id=found.session_id,
        stepped_up_until=found.stepped_up_until,
        language=found.language,
        tz=found.tz,
        confined_to=confined_to,
    )
