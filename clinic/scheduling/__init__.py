"""Scheduling: services and sites, availability, slots, booking; double booking is refused by the database."""

from __future__ import annotations

from flask import Flask

from clinic.notifications import post
from clinic.scheduling import (
    letters,
    letters_of_clocks,
    letters_of_groups,
    letters_of_series,
    letters_of_urgent,
)
from clinic.scheduling.gauges import figures
from clinic.scheduling.policies import POLICIES
from clinic.scheduling.routes import blueprint, subscribed
from clinic.scheduling.services.calendar_files import Writer
from clinic.scheduling.sockets import serve_calendars
from clinic.scheduling.subscribers import subscribe
from clinic.scheduling.tasks import telling_of
from clinic.web import health
from clinic.web.blueprint import Api
from clinic.web.gauges import Gauges
from clinic.web.runtime import Runtime


def register(app: Flask, api: Api, runtime: Runtime) -> None:
    """Serve the slice's routes, say who may use them, and write to patients about their visits."""
    runtime.permits.add(POLICIES)
    telling = telling_of(runtime)
    subscribe(runtime.bus, telling)
    writer = Writer(runtime.settings.base_url, runtime.clock)
    kinds = post.office(app.extensions).kinds
    for messages in (letters, letters_of_series, letters_of_groups, letters_of_clocks):
        messages.register(kinds, writer, telling)
    letters_of_urgent.register(kinds, runtime.settings.base_url)
    serve_calendars(app, runtime)
    health.registry_of(app).register(Gauges(runtime.database, runtime.clock, figures))
    api.register(blueprint)
    api.register(subscribed)
