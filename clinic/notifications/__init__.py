"""Messages to people: queued in the act's own transaction, sent by the worker, neutral to whoever looks on.

Other slices register how a kind of message reads (`outbox(...).kinds.add`) and queue it with
`services.enqueue`; what is queued are ids, so that no name or token rests in the queue.
"""

from __future__ import annotations

from flask import Flask

from clinic.notifications import post
from clinic.notifications.channels import channel_for
from clinic.web.blueprint import Api
from clinic.web.runtime import Runtime


def register(app: Flask, _api: Api, runtime: Runtime) -> None:
    """Let the worker of this application send what is queued."""
    office = post.Office(
        channel=channel_for(runtime.settings),
        clinic_name=runtime.settings.clinic_name,
        names=lambda language: runtime.profiles.current().name(language),
    )
    post.install(app.extensions, office)
