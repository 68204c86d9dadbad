"""A process that answers urgent requests, or asks the next step, line by line; it may die on the way.

It says `ready`, hears `INSTANT ACT ...` as lists of words, and says what came of each. Acts:
`claim REQUEST ACCOUNT PRACTITIONER`, `ask`, `ask-and-die` (before the commit).
"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from multiprocessing.connection import Connection
from uuid import UUID

from sqlalchemy.orm import Session

from clinic.access.actor import Actor, Role
from clinic.audit import AuditKeys
from clinic.bus import EventBus
from clinic.db.engine import Database
from clinic.db.transaction import transaction
from clinic.errors import ClinicError
from clinic.ids import AccountId, PractitionerId
from clinic.scheduling import tasks
from clinic.scheduling.events import UrgentRequestAsked
from clinic.scheduling.services.urgent import requests
from clinic.scheduling.services.urgent.telling import tell_of_request
from tests.fakes.clock import FakeClock

KEYS = AuditKeys(entry=bytes(32), pseudonym=bytes(range(32)))


def tell_by(bus: EventBus, clock: FakeClock, *, fatal: Callable[[], bool] = lambda: False) -> None:
    """Let `bus` queue messages, as the application does; where it is `fatal`, die before the commit."""

    def tell(session: Session, event: UrgentRequestAsked) -> None:
        tell_of_request(session, clock, event)
        if fatal():
            session.flush()
            os.kill(os.getpid(), signal.SIGKILL)

    bus.before_commit(UrgentRequestAsked, tell)


def claim(database: Database, clock: FakeClock, request: str, account: str, practitioner: str) -> str:
    """Claim; return `done` or the code of the refusal."""
    who = Actor(
        AccountId(UUID(account)),
        frozenset({Role.PRACTITIONER}),
        practitioner_id=PractitionerId(UUID(practitioner)),
    )
    try:
        with transaction(database) as session:
            requests.claim(session, actor=who, clock=clock, request_id=UUID(request))
    except ClinicError as error:
        return error.code
    return "done"


class Answerer:
    """Does what a line says."""

    def __init__(self, database_url: str) -> None:
        """Connect, before anything is to be done at once."""
        self._clock, bus = FakeClock(), EventBus()
        tell_by(bus, self._clock, fatal=lambda: self._fatal)
        self._fatal = False
        self._database = Database(database_url, bus=bus, info={"audit_keys": KEYS}, pool_size=2)
        with transaction(self._database):
            pass

    def answer(self, instant: str, act: str, *arguments: str) -> str:
        """Act at `instant`; return what came of it."""
        self._clock.set(datetime.fromisoformat(instant))
        self._fatal = act == "ask-and-die"
        if act == "claim":
            return claim(self._database, self._clock, *arguments)
        return str(tasks.ask_the_next(self._database, self._clock))


def serve(line: Connection, database_url: str) -> None:
    """Act as is told until the other side hangs up."""
    one = Answerer(database_url)
    line.send("ready")
    with suppress(EOFError):
        while True:
            line.send(one.answer(*line.recv()))
