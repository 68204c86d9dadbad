"""Messages to people: queued in the act's own transaction, sent by the worker, neutral to whoever looks on.

Other slices register how a kind of message reads (`outbox(...).kinds.add`) and queue it with
`services.enqueue`; what is queued are ids, so that no name or token rests in the queue.
"""

from __future__ import annotations

from flask import Flask

from clinic.notifications import post
from clinic.notifications.channels import channel_for, texts_for
from clinic.notifications.gauges import figures
from clinic.web import health
from clinic.web.blueprint import Api
from clinic.web.gauges import Gauges
from clinic.web.runtime import Runtime


def register(app: Flask, api: Api, runtime: Runtime) -> None:
    """Let the worker of this application send what is queued, and tell how it is doing."""
    from clinic.notifications.routes import blueprint

    settings = runtime.settings
    office = post.Office(
        channel=channel_for(settings),
        clinic_name=settings.clinic_name,
        texts=texts_for(settings),
        names=lambda language: runtime.profiles.current().name(language),
    )
    post.install(app.extensions, office)
    health.registry_of(app).register(Gauges(runtime.database, runtime.clock, figures))
    api.register(blueprint)
