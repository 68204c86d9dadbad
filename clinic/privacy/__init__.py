"""The patient's privacy centre: who has seen the file, and who has tried to."""

from __future__ import annotations

from flask import Flask

from clinic.web.blueprint import Api
from clinic.web.runtime import Runtime


def register(_app: Flask, api: Api, runtime: Runtime) -> None:
    """Serve the slice's routes and give its permissions their policies."""
    from clinic.privacy.policies import POLICIES
    from clinic.privacy.routes import blueprint

    runtime.permits.add(POLICIES)
    api.register(blueprint)
