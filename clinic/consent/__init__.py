"""Who may see a patient's content: consents, the one decision, and its clearances."""

from __future__ import annotations

from flask import Flask

from clinic.web.blueprint import Api
from clinic.web.runtime import Runtime


def register(_app: Flask, api: Api, runtime: Runtime) -> None:
    """Serve the slice's routes and give its permissions their policies."""
    from clinic.consent.policies import POLICIES
    from clinic.consent.routes import blueprint

    runtime.permits.add(POLICIES)
    api.register(blueprint)
