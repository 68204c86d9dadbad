"""The parts of a running application, and the request's way to them.

`clinic.app` builds one `Runtime`; routes and socket events reach it here, services get what they need
as arguments.
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import cast

from flask import current_app, g, request
from sqlalchemy.orm import Session

from clinic.access.actor import Actor, ActorLoader, NoSeats, SeatKeeper
from clinic.access.permits import Permits
from clinic.bus import EventBus
from clinic.clock import Clock
from clinic.config import Settings
from clinic.db import transaction as db_transaction
from clinic.db.engine import Database
from clinic.errors import Unauthenticated
from clinic.vault import Vault
from clinic.web.cookies import session_cookie_name
from clinic.web.profile import ClinicProfile, ProfileKeeper, Unsaved

_KEY = "clinic"
# Pages put this on what they fetch without anybody having done something.
BACKGROUND = "X-Background"


@dataclass(slots=True)
class Runtime:
    """What every slice may use; identity sets `actors` and `profiles`, video `seats` when they register."""

    settings: Settings
    clock: Clock
    database: Database
    bus: EventBus
    vault: Vault
    permits: Permits
    actors: ActorLoader
    seats: SeatKeeper = field(default_factory=NoSeats)
    profiles: ProfileKeeper = field(init=False)

    def __post_init__(self) -> None:
        """Begin with what the settings say of the clinic."""
        self.profiles = Unsaved(self.settings)


def install(extensions: dict[str, object], parts: Runtime) -> None:
    """Make `parts` the runtime of the application that owns `extensions`."""
    extensions[_KEY] = parts


def runtime() -> Runtime:
    """Return the parts of the current application."""
    return cast(Runtime, current_app.extensions[_KEY])


def profile() -> ClinicProfile:
    """Return what the clinic says of itself."""
    return runtime().profiles.current()


def transaction() -> AbstractContextManager[Session]:
    """Return a transaction on the application's database (see `clinic.db.transaction`)."""
    return db_transaction.transaction(runtime().database)


def audited_read() -> AbstractContextManager[Session]:
    """Return a reading session that may write audit entries and nothing else."""
    return db_transaction.audited_read(runtime().database)


def snapshot() -> AbstractContextManager[Session]:
    """Return a reading session for public data, of which no trace is kept."""
    return db_transaction.snapshot(runtime().database)


def maybe_actor() -> Actor | None:
    """Return who is signed in, or None; asked once a request."""
    if "actor" not in g:
        token = request.cookies.get(session_cookie_name(runtime().settings))
        # What a page sends by itself is no sign of a person: it never puts off the idle limit.
        person = not hasattr(request, "namespace") and BACKGROUND not in request.headers
        g.actor = runtime().actors.load(token, touch=person) if token else None
    return cast(Actor | None, g.actor)


def actor() -> Actor:
    """Return who is signed in; raises Unauthenticated when nobody is."""
    found = maybe_actor()
    if found is None:
        raise Unauthenticated("signed_out")
    return found


def forget_actor() -> None:
    """Ask again who is signed in: the request has just signed someone in or out."""
    g.pop("actor", None)
