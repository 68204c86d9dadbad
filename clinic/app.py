"""The only composition root: builds the adapters, then lets each slice register itself."""

from __future__ import annotations

from types import ModuleType

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from clinic import audit, consent, identity, notifications, privacy, records, safety, scheduling, video
from clinic.access.permits import Permits
from clinic.bus import EventBus
from clinic.clock import Clock, SystemClock
from clinic.config import Settings
from clinic.db import revision
from clinic.db.engine import Database
from clinic.db.transaction import snapshot
from clinic.errors import ConfigurationError
from clinic.identity import parts as identity_parts
from clinic.identity.passwords import Passwords
from clinic.identity.queries import account_by_email
from clinic.identity.rules.contacts import email_key
from clinic.scheduling.rules.zones import assert_tzdata, use_packaged_zones
from clinic.vault import build_vault
from clinic.web import csrf, headers, health, language, limits, logs, problems, reference, shell
from clinic.web.blueprint import Api
from clinic.web.cookies import session_cookie_name
from clinic.web.runtime import Runtime, install
from clinic.web.socket_gate import Caps, SocketGate
from clinic.web.sockets import Sockets

_LARGEST_BODY = 2 * 1024 * 1024
SLICES: tuple[ModuleType, ...] = (
    notifications,
    identity,
    consent,
    scheduling,
    records,
    video,
    safety,
    privacy,
)


def create_app(
    settings: Settings, *, clock: Clock | None = None, passwords: Passwords | None = None
) -> Flask:
    """Return the application for `settings`; raises ConfigurationError when it must not start."""
    app = Flask("clinic", static_folder=None)
    app.config.update(MAX_CONTENT_LENGTH=_LARGEST_BODY, JSON_AS_ASCII=False, PROPAGATE_EXCEPTIONS=False)
    parts = build_parts(settings, clock or SystemClock())
    if settings.production:
        _refuse_demo_people(parts)
    install(app.extensions, parts)
    limits.install(app.extensions, settings)
    identity_parts.install(app.extensions, passwords or Passwords())
    api = Api(app, cookie=session_cookie_name(settings))
    Sockets(app, settings)
    _stand_at_the_door(app, parts)
    _guard_every_request(app)
    for piece in SLICES:
        piece.register(app, api, parts)
    reference.register(app, api)
    shell.register(app)
    return app


def build_parts(settings: Settings, clock: Clock) -> Runtime:
    """Return the adapters for `settings`, without an application around them: for commands and tasks."""
    use_packaged_zones()
    assert_tzdata()
    bus = EventBus()
    vault = build_vault(settings, clock)
    database = Database(settings.database_url, bus=bus, info={audit.SESSION_KEY: audit.AuditKeys.of(vault)})
    return Runtime(
        settings=settings,
        clock=clock,
        database=database,
        bus=bus,
        vault=vault,
        permits=Permits(),
        actors=identity.NOBODY,
    )


def _refuse_demo_people(parts: Runtime) -> None:
    """Refuse to serve patients beside accounts whose password is public; raises ConfigurationError."""
    if revision.current(parts.database.engine) is None:
        return
    with snapshot(parts.database) as session:
        index = parts.vault.fields.index("email", email_key("sysadmin@demo.invalid"))
        if account_by_email(session, index=index) is not None:
            raise ConfigurationError("the data store holds demo accounts: production needs one of its own")


def _stand_at_the_door(app: Flask, parts: Runtime) -> None:
    """Put the gate before routes and sockets, and before the gate whoever knows the caller's address."""
    settings = parts.settings
    gate = SocketGate(
        app.wsgi_app,
        Caps(settings.socket_cap, settings.sockets_per_address),
        cookie=session_cookie_name(settings),
        alive=lambda token: parts.actors.load(token, touch=False) is not None,
    )
    hops = settings.trusted_proxies
    app.wsgi_app = ProxyFix(gate, x_for=hops, x_proto=hops, x_host=hops) if hops else gate  # type: ignore[method-assign]


def _guard_every_request(app: Flask) -> None:
    logs.register(app)
    problems.register(app)
    health.register(app)
    headers.register(app)
    language.register(app)
    app.before_request(csrf.refuse_cross_site)
