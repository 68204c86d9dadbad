"""A clock that stands until it is told to go on."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

START = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


class FakeClock:
    """Fulfils `clinic.clock.Clock`."""

    def __init__(self, start: datetime = START) -> None:
        """Stand at `start`."""
        self._now = start

    def now(self) -> datetime:
        """Return where the clock stands."""
        return self._now

    def advance(self, delta: timedelta) -> None:
        """Go forward by `delta`."""
        self._now += delta

    def set(self, instant: datetime) -> None:
        """Stand at `instant`."""
        self._now = instant
