"""The sockets of this process: whose they are, what they may still send, and the one way to push to them."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from clinic.access.actor import Actor
from clinic.access.permissions import Permission
from clinic.clock import Clock
from clinic.errors import TooMany
from clinic.ids import AccountId, AppointmentId, PractitionerId, RoomId
from clinic.video.rules import limits
from clinic.video.rules.limits import Bucket
from clinic.video.services.seats import Place

WhoIs = Callable[[str], Actor | None]
Allows = Callable[[Actor, Permission, Mapping[str, object]], bool]
Send = Callable[[str, str, Mapping[str, object]], None]
Cut = Callable[[str], None]


@dataclass(slots=True)
class Line:
    """One socket: its session's token, its place in a room, and what it watches or waits for."""

    sid: str
    token: str
    account_id: AccountId
    place: Place | None = None
    lobby: tuple[AppointmentId, RoomId] | None = None
    watches: PractitionerId | None = None
    buckets: dict[str, Bucket] = field(default_factory=dict)
    refusals: tuple[datetime, ...] = ()


class Lines:
    """All lines; every push asks anew whether its recipient may have it."""

    def __init__(self, *, clock: Clock, who_is: WhoIs, allows: Allows, send: Send, cut: Cut) -> None:
        """Ask `who_is` and `allows` before each `send`; `cut` ends a socket."""
        self._clock, self._who_is, self._allows, self._send, self._cut = clock, who_is, allows, send, cut
        self._lines: dict[str, Line] = {}
        self._lock = threading.Lock()

    def open(self, sid: str, token: str, account_id: AccountId) -> None:
        """Take a new socket; raises TooMany where its account has enough."""
        with self._lock:
            own = sum(line.account_id == account_id for line in self._lines.values())
            if own >= limits.SOCKETS_PER_ACCOUNT:
                raise TooMany("too_many_sockets")
            self._lines[sid] = Line(sid, token, account_id)

    def close(self, sid: str) -> Line | None:
        """Forget a socket and return what it was."""
        with self._lock:
            return self._lines.pop(sid, None)

    def get(self, sid: str) -> Line | None:
        """Return a socket of this process."""
        with self._lock:
            return self._lines.get(sid)

    def sids(self) -> list[str]:
        """Return the ids of all sockets of this process."""
        with self._lock:
            return list(self._lines)

    def watchers(self) -> list[Line]:
        """Return the sockets that watch for arrivals."""
        with self._lock:
            return [line for line in self._lines.values() if line.watches is not None]

    def spend(self, sid: str, event: str) -> None:
        """Count one message; raises TooMany `rate_limited` with `retry_after_ms` over the event's rate."""
        rate, now = limits.RATES[event], self._clock.now()
        with self._lock:
            line = self._lines.get(sid)
            if line is None:
                return
            bucket, wait = limits.take(line.buckets.get(event) or limits.full(rate, now), rate, now)
            line.buckets[event] = bucket
        if wait:
            raise TooMany("rate_limited", retry_after_ms=wait)

    def refused(self, sid: str) -> None:
        """Count one refusal; a socket that earns too many of them is cut."""
        with self._lock:
            line = self._lines.get(sid)
            if line is None:
                return
            line.refusals, close = limits.too_many_refusals(line.refusals, self._clock.now())
        if close:
            self._cut(sid)

    def push(
        self, sid: str | None, event: str, data: Mapping[str, object], *, may: Permission, **facts: object
    ) -> bool:
        """Send `data` unless the recipient's session or permission has gone; tell whether it was sent."""
        line = self.get(sid) if sid is not None else None
        if line is None:
            return False
        actor = self._who_is(line.token)
        if actor is None or actor.account_id != line.account_id:
            self._cut(line.sid)
            return False
        if not actor.reaches(_appointment(facts)) or not self._allows(actor, may, facts):
            return False
        self._send(line.sid, event, data)
        return True

    def tell(self, sids: Iterable[str], event: str, data: Mapping[str, object]) -> None:
        """Send what anybody who had a line may know: that it was taken over, or that the call is over."""
        for sid in sids:
            if self.get(sid) is not None:
                self._send(sid, event, data)


def _appointment(facts: Mapping[str, object]) -> UUID | None:
    found = facts.get("appointment_id")
    return found if isinstance(found, UUID) else None
