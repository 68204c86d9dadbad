"""The web process says again and again which sockets it holds, and notices those that nobody holds any more.

It beats while there are sockets; what is left behind when the last one goes, the worker notices.
"""

from __future__ import annotations

import threading

import structlog

from clinic.clock import Clock
from clinic.db.engine import Database
from clinic.db.transaction import transaction
from clinic.video.lines import Lines
from clinic.video.services import silence
from clinic.video.tasks import forget_silent_lines

_log = structlog.get_logger(__name__)


class Heartbeat:
    """One thread at most, started with the first socket."""

    def __init__(self, *, database: Database, clock: Clock, lines: Lines) -> None:
        """Speak for `lines`."""
        self._database, self._clock, self._lines = database, clock, lines
        self._lock = threading.Lock()
        self._beating = False

    def start(self) -> None:
        """Beat from now on, unless it does already."""
        with self._lock:
            if self._beating:
                return
            self._beating = True
        threading.Thread(target=self._run, name="rooms-heartbeat", daemon=True).start()

    def beat(self) -> None:
        """Renew the leases of this process's sockets, then forget the seats whose lease is over."""
        with transaction(self._database) as session:
            silence.renew(session, clock=self._clock, connections=self._lines.sids())
        forget_silent_lines(self._database, self._clock)

    def _run(self) -> None:
        pause = threading.Event()
        while self._go_on():
            pause.wait(silence.BEAT.total_seconds())
            try:
                self.beat()
            except Exception as error:  # a database that is away comes back; the lease lasts three beats
                _log.error("heartbeat_failed", error_type=type(error).__name__)

    def _go_on(self) -> bool:
        with self._lock:
            self._beating = bool(self._lines.sids())
            return self._beating
